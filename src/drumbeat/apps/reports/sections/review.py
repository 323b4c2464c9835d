"""What a quarterly review looks at beside the report's own: the quarter in figures, commitments of the last quarter and
of the next, and what each side asks. What the product has no rows of yet brings no section."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from drumbeat.apps.ledger.models import Ask, Commitment
from drumbeat.apps.ledger.reasons import reason_words
from drumbeat.apps.reports.asking import in_period, year_before
from drumbeat.apps.reports.book import months_until
from drumbeat.apps.reports.scope import Scope
from drumbeat.apps.reports.wording import count
from drumbeat.apps.sales.queries import month_before
from drumbeat.core.tally import OnTimeRecord

from .metric import metric_rows
from .record import MEANING, leading, names
from .sales import sales_rows
from .shapes import MOMENT, PERCENT, TEXT, Section, figures, row, table

SHOWN = 10
STATES = {"kept": "kept", "late": "kept late", "missed": "missed", "waived": "waived"}
COLUMNS = [("what", TEXT), ("who", TEXT), ("side", TEXT), ("due", MOMENT), ("state", TEXT)]


def quarter_done(scope: Scope) -> Section:
    """Against the time before. A plan is not beside it: the product holds no targets of partners, and quotas are our own sellers'."""
    rows = [
        *sales_rows(scope)[:1],
        *metric_rows(scope, in_period(scope.period), ("won_amount", "deals_won"), year_before),
        *_record_rows(scope),
    ]
    return figures(rows, key="quarter", title=f"{scope.period.name} in figures")


def _record_rows(scope: Scope) -> list[dict[str, Any]]:
    """Of the quarter alone; twelve months stand in the record."""
    months, called = months_until(scope.period.last, scope.period.months), names(scope)
    found = {side: _sum(records.get(month) for month in months) for side, records in scope.records.items()}
    return [_record_row(f"{called[side]}, on time in the quarter", record) for side, record in found.items()]


def _sum(records: Iterable[OnTimeRecord | None]) -> OnTimeRecord:
    return sum((record for record in records if record), OnTimeRecord())


def _record_row(label: str, record: OnTimeRecord) -> dict[str, Any]:
    shown = leading(record)
    words = f"{shown.kept} of {count(shown.judged, 'promise')}" if shown.judged else "nothing judged"
    return row(label, shown.percent, PERCENT, compared=words, meaning=MEANING)


def commitments_of_quarter(scope: Scope) -> Section:
    """What either side undertook to do in the quarter, and what became of it."""
    found = _due(scope, scope.period.from_on, scope.period.until_on)
    title, empty = f"Commitments of {scope.period.name}", "Nothing was undertaken for the quarter."
    return _commitments(scope, found, key="commitments", title=title, empty=empty)


def commitments_to_come(scope: Scope) -> Section:
    """Open ones that are due after the quarter; written down in the review, they become dated promises."""
    found = _due(scope, scope.period.until_on, month_before(scope.period.until_on, -6))
    still = found.exclude(state=Commitment.State.DECLINED).filter(
        Q(promise=None) | Q(promise__standing__outcome=None)
    )
    empty = "Nothing is undertaken yet: agree on it in the review, each with an owner and a day."
    return _commitments(
        scope, still, key="next-commitments", title="Commitments for the next quarter", empty=empty
    )


def _due(scope: Scope, from_on: date, until_on: date) -> QuerySet[Commitment]:
    told = Commitment.objects.filter(partner__in=scope.partners, due_at__gte=scope.midnight(from_on))
    related = ("person", "contact", "promise__standing")
    return told.filter(due_at__lt=scope.midnight(until_on)).select_related(*related).order_by("due_at", "pk")


def _commitments(scope: Scope, found: QuerySet[Commitment], *, key: str, title: str, empty: str) -> Section:
    shown = list(found[: SHOWN + 1])
    rows = [_commitment(scope, one) for one in shown[:SHOWN]]
    refs = [f"promise:{one.promise_id}" if one.promise_id else None for one in shown[:SHOWN]]
    return table(
        COLUMNS, rows, key=key, title=title, refs=refs, empty=empty, of=-1 if len(shown) > SHOWN else None
    )


def _commitment(scope: Scope, one: Commitment) -> list[Any]:
    side = names(scope)["partner" if one.contact_id else "vendor"]
    return [one.text, one.owner.name, side, one.due_at.isoformat(), _state(scope, one)]


def _state(scope: Scope, one: Commitment) -> str:
    if one.promise is None:
        return {"proposed": "not acknowledged yet"}.get(one.state, one.state)
    outcome = one.promise.standing.outcome
    if outcome:
        return STATES[outcome]
    return "overdue" if one.promise.standing.deadline_at <= scope.at else "open"


def asks(scope: Scope) -> Section:
    """What waits for an answer of the other side."""
    unanswered = Commitment.objects.unanswered().filter(partner__in=scope.partners)
    pleas = Ask.objects.filter(promise__partner__in=scope.partners, decided_at=None)
    rows = _questions(unanswered.select_related("person", "contact").order_by("due_at")[:SHOWN])
    rows += _pleas(scope, pleas.select_related("promise", "asked_by").order_by("asked_at")[:SHOWN])
    empty = "Nothing waits for an answer. Write below what each side needs of the other."
    columns = [("ask", TEXT), ("of", TEXT), ("why", TEXT)]
    return table(columns, rows, key="asks", title="Asks of both sides", empty=empty)


def _questions(commitments: Iterable[Commitment]) -> list[Sequence[str]]:
    said = {"proposed": "not acknowledged yet", "questioned": "questioned"}
    return [[one.text, one.owner.name, one.note or said[one.state]] for one in commitments]


def _pleas(scope: Scope, pleas: Iterable[Ask]) -> list[Sequence[str]]:
    titles = scope.titles
    return [
        [f"{plea.get_kind_display()}: {plea.promise.text or titles.get(plea.promise.routine, '')}", plea.asked_by.name, plea.note or reason_words(plea.reason)]
        for plea in pleas
    ]  # fmt: skip
