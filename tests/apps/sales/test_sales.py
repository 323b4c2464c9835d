"""Sell-through: recorded, replaced, refused, and what the facts make of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from drumbeat.apps.events.models import Event
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.sales.actions import record_sell_through
from drumbeat.apps.sales.models import SellThrough
from drumbeat.apps.sales.queries import (
    month_before,
    sales_facts,
)
from drumbeat.core.refusal import Refused
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 20, 8, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return build_world()


def sold(partner: Partner, months: dict[date, int]) -> None:
    for month, amount in months.items():
        record_sell_through(partner, month, Decimal(amount), "EUR", received_at=AT)


def year_until(last: date, amount: int, months: int = 12) -> dict[date, int]:
    return {month_before(last, n): amount for n in range(months)}


def test_a_second_figure_replaces_the_first_and_the_event_keeps_the_old_one(world: World) -> None:
    sold(world.kestrel, {date(2026, 1, 15): 100})
    sold(world.kestrel, {date(2026, 1, 31): 130})
    assert list(world.kestrel.sell_through.values_list("month", "amount")) == [(date(2026, 1, 1), 130)]
    kinds = Event.objects.filter(kind__startswith="sell_through").order_by("id")
    assert [event.kind for event in kinds] == ["sell_through.received", "sell_through.replaced"]
    assert kinds[1].payload["replaced"] == "100.00"


@pytest.mark.parametrize(
    ("month", "amount", "currency", "field"),
    [
        (date(2026, 2, 1), "NaN", "EUR", "amount"),
        (date(2026, 2, 1), "1e15", "EUR", "amount"),
        (date(2026, 4, 1), "1", "EUR", "month"),
        (date(2026, 2, 1), "1", "USD", "currency"),
    ],
)
def test_figures_that_say_nothing_true_are_refused(
    world: World, month: date, amount: str, currency: str, field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        record_sell_through(world.kestrel, month, Decimal(amount), currency, received_at=AT)
    assert refusal.value.field == field
    assert not SellThrough.objects.exists()


def test_who_does_not_see_the_partner_does_not_record_for_it(world: World) -> None:
    with pytest.raises(Refused):
        record_sell_through(
            world.kestrel, date(2026, 2, 1), Decimal(1), "EUR", received_at=AT, by=world.alice
        )


def facts_of(partner: Partner, at: datetime = AT) -> dict[str, object]:
    return {
        name.removeprefix("partner."): values[partner.pk]
        for name, values in sales_facts(Partner.objects.all(), at).items()
        if partner.pk in values
    }


def test_facts_of_two_full_years(world: World) -> None:
    last = date(2026, 2, 1)
    sold(world.kestrel, year_until(last, 110) | year_until(date(2025, 2, 1), 100))
    assert facts_of(world.kestrel) == {
        "pos_due": False,
        "pos_received": True,
        "revenue_12m": 1320.0,
        "revenue_quarter": 220.0,
        "revenue_ytd": 220.0,
        "growth_12m": 0.1,
        "days_since_sale": 20,  # 28 February to 20 March
    }


def test_without_files_owed_nothing_sold_is_a_true_zero(world: World) -> None:
    facts = facts_of(world.fjord)
    assert facts["revenue_12m"] == 0.0
    assert "growth_12m" not in facts
    assert "days_since_sale" not in facts


def test_growth_needs_a_base_above_zero(world: World) -> None:
    sold(world.kestrel, year_until(date(2026, 2, 1), 10) | {date(2025, 1, 1): 5, date(2024, 12, 1): -5})
    assert "growth_12m" not in facts_of(world.kestrel)


def test_a_missing_file_makes_sums_unknown(world: World) -> None:
    months = year_until(date(2026, 2, 1), 10, months=14)
    del months[date(2025, 6, 1)]
    sold(world.bergmann, months)  # owes files since January 2025
    facts = facts_of(world.bergmann)
    assert "revenue_12m" not in facts
    assert facts["revenue_quarter"] == 20.0
    assert facts["pos_received"] is True


def test_last_months_file_may_come_until_it_is_due(world: World) -> None:
    sold(world.bergmann, year_until(date(2026, 1, 1), 10, months=13))
    early = facts_of(world.bergmann, datetime(2026, 3, 3, 8, tzinfo=UTC))
    assert early["pos_received"] is False
    assert early["revenue_12m"] == 120.0  # as of January
    late = facts_of(world.bergmann)
    assert "revenue_12m" not in late
    assert late["days_since_sale"] == 48


def test_files_are_owed_from_the_month_of_joining(world: World) -> None:
    world.bergmann.joined_on = date(2025, 12, 10)
    world.bergmann.save()
    sold(world.bergmann, {date(2025, 12, 1): 1, date(2026, 1, 1): 2, date(2026, 2, 1): 4})
    assert facts_of(world.bergmann)["revenue_12m"] == 7.0


def test_the_month_is_that_of_the_vendor(world: World) -> None:
    sold(world.kestrel, {date(2026, 3, 1): 5})
    late_on_the_31st_in_utc = datetime(2026, 3, 31, 23, 0, tzinfo=UTC)  # 1 April in Berlin
    assert facts_of(world.kestrel, late_on_the_31st_in_utc)["pos_received"] is True
    assert facts_of(world.kestrel)["pos_received"] is False
    assert facts_of(world.kestrel)["days_since_sale"] == 0


def test_facts_take_one_query_beside_the_vendors(world: World, django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        sales_facts(Partner.objects.all(), AT)
