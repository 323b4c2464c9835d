"""Deals: submitted, moved, closed, refused, and what the facts make of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from drumbeat.apps.deals.actions import close_deal, move_deal, submit_deal
from drumbeat.apps.deals.models import Deal
from drumbeat.apps.deals.queries import deal_facts, deals_moved, deals_summary
from drumbeat.apps.events.models import Event
from drumbeat.apps.partners.models import Partner
from drumbeat.core.refusal import Refused
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 20, 8, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return build_world()


def deal_of(partner: Partner, days_ago: float, amount: int = 1000) -> Deal:
    return submit_deal(
        partner, "Nordlicht AG", Decimal(amount), "EUR", by=None, at=AT - timedelta(days=days_ago)
    )


def test_a_deal_from_submission_to_the_win(world: World) -> None:
    deal = submit_deal(
        world.bergmann, " Nordlicht AG ", Decimal(9000), "EUR", by=world.alice, at=AT - timedelta(days=9)
    )
    assert (deal.customer, deal.stage) == ("Nordlicht AG", "open")
    move_deal(deal, by=world.alice, at=AT - timedelta(days=2), amount=Decimal(9500))
    won = close_deal(deal, True, by=world.alice, at=AT)
    assert (won.stage, won.amount, won.closed_at, won.moved_at) == ("won", 9500, AT, AT)
    events = Event.objects.filter(subject_kind="deal").order_by("id")
    assert [event.kind for event in events] == ["deal.submitted", "deal.moved", "deal.won"]


def test_what_is_closed_stays_closed(world: World) -> None:
    lost = close_deal(deal_of(world.bergmann, 5), False, by=None, at=AT)
    for again in (lambda: close_deal(lost, True, by=None, at=AT), lambda: move_deal(lost, by=None, at=AT)):
        with pytest.raises(Refused, match="lost already"):
            again()


@pytest.mark.parametrize(
    ("customer", "amount", "currency", "field"),
    [
        (" ", "1", "EUR", "customer"),
        ("x" * 161, "1", "EUR", "customer"),
        ("Nordlicht", "0", "EUR", "amount"),
        ("Nordlicht", "Infinity", "EUR", "amount"),
        ("Nordlicht", "1", "JPY", "currency"),
    ],
)
def test_deals_that_can_not_be_are_refused(
    world: World, customer: str, amount: str, currency: str, field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        submit_deal(world.bergmann, customer, Decimal(amount), currency, by=None, at=AT)
    assert refusal.value.field == field


def test_another_managers_deals_are_not_ones_own(world: World) -> None:
    with pytest.raises(Refused):
        submit_deal(world.bergmann, "Nordlicht", Decimal(1), "EUR", by=world.bob, at=AT)
    with pytest.raises(Refused):
        close_deal(deal_of(world.bergmann, 1), True, by=world.adam, at=AT)


def test_facts_of_open_won_and_lost_deals(world: World) -> None:
    deal_of(world.bergmann, 40, 700)  # stalled
    deal_of(world.bergmann, 29, 300)
    for days, won in ((100, True), (90, True), (80, False), (70, False)):
        close_deal(deal_of(world.bergmann, days), won, by=None, at=AT - timedelta(days=days - 1))
    close_deal(deal_of(world.bergmann, 400), True, by=None, at=AT - timedelta(days=366))  # before the window
    facts = {
        name: values[world.bergmann.pk] for name, values in deal_facts(Partner.objects.all(), AT).items()
    }
    assert facts == {
        "partner.deals_open": 2,
        "partner.deals_stalled": 1,
        "partner.pipeline_open": 1000.0,
        "partner.deals_registered_12m": 6,
        "partner.deals_won_12m": 2,
    }
    close_deal(deal_of(world.bergmann, 9), True, by=None, at=AT - timedelta(days=2))
    rate = deal_facts(Partner.objects.all(), AT)["partner.win_rate_12m"]
    assert rate == {world.bergmann.pk: 0.6}


def test_what_was_closed_today_counts_tomorrow(world: World) -> None:
    close_deal(deal_of(world.bergmann, 3), True, by=None, at=AT)
    assert deal_facts(Partner.objects.all(), AT)["partner.deals_won_12m"] == {world.bergmann.pk: 0}
    tomorrow = deal_facts(Partner.objects.all(), AT + timedelta(days=1))
    assert tomorrow["partner.deals_won_12m"] == {world.bergmann.pk: 1}


def test_facts_take_one_query_beside_the_vendors(world: World, django_assert_num_queries) -> None:
    for partner in (world.bergmann, world.kestrel):
        deal_of(partner, 3)
    with django_assert_num_queries(2):
        deal_facts(Partner.objects.all(), AT)


def test_summary_and_moves_of_a_set(world: World) -> None:
    deal_of(world.bergmann, 3, 10)
    close_deal(deal_of(world.fjord, 20, 40), True, by=None, at=AT - timedelta(days=1))
    since = AT - timedelta(days=7)
    total = deals_summary(Partner.objects.all(), since=since, until=AT, at=AT)
    assert (total.open, total.pipeline, total.registered, total.won, total.won_amount) == (1, 10, 1, 1, 40)
    assert [deal.amount for deal in deals_moved(Partner.objects.all(), since=since, until=AT)] == [40, 10]
