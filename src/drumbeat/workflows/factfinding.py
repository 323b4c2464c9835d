"""The fact run: what the apps know about partners is written down as facts, for rules to read.

Each fact is one question over any number of partners. Facts that no app knows yet come from outside and stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from drumbeat.apps.deals.queries import deal_facts
from drumbeat.apps.ledger.models import Standing
from drumbeat.apps.ledger.queries import on_time_records
from drumbeat.apps.partners.actions import forget_facts, record_facts
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.routines.models import Step, StepState
from drumbeat.apps.sales.queries import sales_facts

from .worries import worries

SOURCE = "fact run"
FEWEST_JUDGED = 5
YEAR = timedelta(days=365)

Facts = Mapping[str, Mapping[int, object]]


@transaction.atomic
def find_facts(partners: QuerySet[Partner], *, at: datetime) -> int:
    """Writes all facts of these partners as of `at`, what is no longer known is forgotten; how many were written."""
    rows = [row for find in SOURCES for row in _rows(find(partners, at))]
    record_facts(rows, as_of=at, source=SOURCE)
    forget_facts(partners, source=SOURCE, before=at)
    following = _rows(worries(partners, at))
    record_facts(following, as_of=at, source=SOURCE)
    return len(rows) + len(following)


def _rows(facts: Facts) -> list[tuple[int, str, object]]:
    return [(partner, name, value) for name, values in facts.items() for partner, value in values.items()]


def _record_facts(partners: QuerySet[Partner], at: datetime) -> Facts:
    """Rates of both sides over twelve months, unknown below five judged; open promises past their deadline."""
    facts: dict[str, Mapping[int, object]] = {}
    since, until = (at - YEAR).date(), (at + timedelta(days=1)).date()
    for side in ("vendor", "partner"):
        records = on_time_records(
            "partner_id", side=side, at=at, from_on=since, until_on=until, partner=partners
        )
        counts = {key: record.people + record.machine for key, record in records.items()}
        facts[f"partner.on_time_{side}_12m"] = {
            key: count.rate for key, count in counts.items() if count.judged >= FEWEST_JUDGED
        }
        facts[f"partner.overdue_{side}"] = _overdue(partners, side, at)
    return facts


def _overdue(partners: QuerySet[Partner], side: str, at: datetime) -> dict[int, object]:
    open_ones = Standing.objects.overdue(at).filter(partner__in=partners, promise__owing__in=(side, "both"))
    return dict(open_ones.values_list("partner_id").annotate(Count("pk")))


def _contact_facts(partners: QuerySet[Partner], at: datetime) -> Facts:
    """Days since both sides last met, from the meetings noted as held."""
    done = Step.objects.filter(
        Q(occurrence__subscription__partner__in=partners),
        state=StepState.DONE,
        is_machine=False,
        done_at__gt=at - YEAR,
    )
    meetings = done.filter(kind="meeting").order_by("occurrence__subscription__partner", "-done_at")
    last = meetings.distinct("occurrence__subscription__partner").values_list(
        "occurrence__subscription__partner", "done_at"
    )
    return {"partner.days_since_meeting": {key: (at - done_at).days for key, done_at in last if done_at}}


SOURCES: Iterable[Callable[[QuerySet[Partner], datetime], Facts]] = (
    sales_facts,
    deal_facts,
    _record_facts,
    _contact_facts,
)
