"""What one statement says of a whole channel, a walk through its partners says too."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drumbeat.apps.deals.queries import deals_summaries
from drumbeat.apps.figures.queries import rows_behind
from drumbeat.apps.ledger.models import Standing
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.reports.book import book_of_partners, months_until
from drumbeat.apps.reports.statements import FALL, SILENCE, silent_for, standing_out
from drumbeat.apps.sales.models import SellThrough
from drumbeat.apps.sales.queries import month_before, sales_facts
from drumbeat.core.metrics import Asked, Question
from tests.world import World

ON = date(2026, 11, 6)
BERLIN = ZoneInfo("Europe/Berlin")
FIGURE = st.tuples(st.integers(0, 3), st.integers(0, 30), st.integers(-500, 2000))
JOINED = st.one_of(st.none(), st.dates(date(2024, 1, 1), date(2026, 10, 31)))
SETTING = st.lists(st.tuples(st.booleans(), JOINED), min_size=4, max_size=4)


def noon(on: date) -> datetime:
    return datetime.combine(on, time(12), BERLIN)


def sell(figures: list[tuple[int, int, int]], told: list[tuple[bool, date | None]]) -> list[Partner]:
    partners = list(Partner.objects.order_by("pk")[:4])
    for partner, (gives_pos, joined_on) in zip(partners, told, strict=True):
        partner.gives_pos, partner.joined_on = gives_pos, joined_on
        partner.save()
    SellThrough.objects.all().delete()
    SellThrough.objects.bulk_create(
        SellThrough(
            partner=partners[n], month=month_before(date(2026, 11, 1), back), amount=amount, currency="EUR", received_at=noon(ON)
        )
        for (n, back), amount in {(n, back): amount for n, back, amount in figures}.items()
    )  # fmt: skip
    return partners


def walked(partners: list[Partner], at: datetime) -> list[tuple[int, float | None, float | None, int]]:
    """(id, twelve months, growth, reasons) of who stands out."""
    everyone = Partner.objects.filter(pk__in=[one.pk for one in partners])
    facts, owed = sales_facts(everyone, at), Counter[tuple[int, bool]]()
    for standing in Standing.objects.overdue(at).select_related("promise"):
        owed[standing.promise.partner_id, standing.promise.owing == "partner"] += 1
    deals = deals_summaries(everyone, since=at, until=at, at=at)
    found = []
    for pk in sorted(one.pk for one in partners):
        known = {name.removeprefix("partner."): values.get(pk) for name, values in facts.items()}
        growth, silent = known.get("growth_12m"), known.get("days_since_sale")
        reasons = [
            growth is not None and growth <= FALL, silent is not None and silent >= SILENCE, owed[pk, False] > 0, owed[pk, True] > 1,
            pk in deals and deals[pk].stalled > 1, known["pos_due"] and not known["pos_received"],
        ]  # fmt: skip
        if any(reasons):
            found.append((pk, known.get("revenue_12m"), growth, sum(map(bool, reasons))))
    return sorted(found, key=lambda one: (-one[3], -(one[1] or 0), one[0]))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FIGURE, max_size=60), SETTING, st.sampled_from([date(2026, 11, 3), ON, date(2026, 11, 20)]))
def test_who_stands_out_is_found_as_by_a_walk(channel: World, figures, told, on) -> None:
    with transaction.atomic():
        partners = sell(figures, told)
        ids = [one.pk for one in partners]
        found = standing_out(ids, on=on, at=noon(on), limit=10)
        shown = [
            (pk, revenue and float(revenue), growth and float(growth)) for pk, _, revenue, growth, *_ in found
        ]
        slow = walked(partners, noon(on))
        assert [one[:2] for one in shown] == [one[:2] for one in slow]
        assert [one[2] for one in shown] == [pytest.approx(one[2], abs=1e-4) for one in slow]
        assert {one[-1] for one in found} <= {len(slow)}
        transaction.set_rollback(True)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FIGURE, max_size=60), SETTING)
def test_the_book_of_a_channel_is_the_sum_of_its_months(channel: World, figures, told) -> None:
    with transaction.atomic():
        partners = sell(figures, told)
        last = date(2026, 10, 1)
        book = book_of_partners([one.pk for one in partners], last, 25)
        amounts: dict[date, Decimal] = {}
        files: Counter[date] = Counter()
        for figure in SellThrough.objects.filter(month__in=months_until(last, 25)).select_related("partner"):
            amounts[figure.month] = amounts.get(figure.month, Decimal(0)) + figure.amount
            since = figure.partner.joined_on
            files[figure.month] += bool(
                figure.partner.gives_pos and since and figure.month >= since.replace(day=1)
            )
        assert book.amounts == amounts
        assert {month: n for month, n in book.received.items() if n} == {
            month: n for month, n in files.items() if n
        }
        transaction.set_rollback(True)


def test_silent_partners_are_those_whose_rows_say_so(channel: World) -> None:
    question = Question((Asked("partners", "partners"),), as_of=ON + timedelta(days=1), known_at=noon(ON))
    found = silent_for(90, question, on=ON, limit=50)
    active = {one.external_id or one.key: one.pk for one in Partner.objects.filter(status="active")}
    silent = {
        (active[key], last, days)
        for key, _, last, days in rows_behind(question, today=ON).rows
        if key in active and (days is None or days >= 90)
    }
    assert {(pk, last, days) for pk, _, _, last, days, *_ in found} == silent
    assert silent
