"""Meetings by hand: who is meant by roles of both sides, when, and what is sent; once for a page that was opened once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from drumbeat.apps.ledger.actions import acknowledge_commitment, propose_commitment
from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.messages.models import Message
from drumbeat.core.refusal import Refused
from drumbeat.workflows.arranging import (
    Wish,
    arrange,
    company_at,
    fill_again,
    key_of,
    people_meant,
    starts_of,
)
from tests.world import AT, World, build_world

pytestmark = pytest.mark.django_db

STARTS_AT = datetime(2026, 3, 20, 9, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def wish(world: World) -> Wish:
    roles = ("sales_lead", "channel_manager", "director")
    return Wish(world.alice, (world.bergmann,), roles, "Price list", 45, points=("The new list",))


def owed(world: World) -> None:
    one = propose_commitment(
        "Send the list", world.petra, date(2026, 3, 25), origin="mail", partner=world.bergmann,
        by=world.alice, at=AT,
    )  # fmt: skip
    acknowledge_commitment(one, by=None, at=AT)


def test_roles_of_both_sides_are_people(world: World, wish: Wish) -> None:
    assert people_meant(wish, at=AT) == [world.alice, world.dora, world.sven]
    several = replace(wish, partners=(world.bergmann, world.fjord, world.kestrel))
    assert people_meant(several, at=AT) == [
        world.alice, world.bob, world.dora, world.sven, world.nils, world.kate,
    ]  # fmt: skip
    empty = replace(wish, roles=("finance",))
    assert people_meant(empty, at=AT) == [world.alice, world.petra], (
        "the principal, where nobody has the role"
    )
    assert people_meant(replace(wish, roles=("director",)), at=AT) == [world.alice, world.dora]


def test_one_meeting_with_what_is_open_on_its_agenda(world: World, wish: Wish) -> None:
    owed(world)
    meeting = arrange(replace(wish, left_out=frozenset({key_of(world.dora)})), STARTS_AT, key="x", at=AT)
    assert [one.who for one in meeting.attendees.order_by("pk")] == [world.alice, world.sven]
    assert (meeting.partner, meeting.zone, meeting.minutes) == (world.bergmann, "Europe/Berlin", 45)
    first, second = meeting.points.all()
    assert first.text.startswith("Committed: Petra Bergmann: Send the list") and first.person is None
    assert (second.text, second.person) == ("The new list", world.alice)
    assert Message.objects.count() == 2
    assert arrange(wish, STARTS_AT + timedelta(days=1), key="x", at=AT) == meeting, (
        "sent twice, arranged once"
    )


def test_a_series_is_filled_for_its_first_date(world: World, wish: Wish) -> None:
    owed(world)
    first = arrange(replace(wish, rhythm="month", times=3), STARTS_AT, key="x", at=AT)
    assert first.starts_at == STARTS_AT and first.points.count() == 2
    later = Meeting.objects.exclude(pk=first.pk).order_by("starts_at")
    assert [one.points.count() for one in later] == [1, 1]
    assert [f"{one.starts_at:%a %d %b}" for one in later] == ["Fri 17 Apr", "Fri 15 May"]
    fill_again(later[0], by=world.alice, at=AT)
    assert [one.person for one in later[0].points.all()] == [None, world.alice]
    with pytest.raises(Refused, match="somebody else's"):
        fill_again(later[0], by=world.bob, at=AT)


def test_several_partners_come_to_one_meeting(world: World, wish: Wish) -> None:
    meeting = arrange(replace(wish, partners=(world.bergmann, world.fjord)), STARTS_AT, key="x", at=AT)
    assert meeting.partner is None and meeting.zone == world.alice.zone
    company = company_at(meeting)
    assert company.people == (world.alice, world.dora)
    assert set(company.partners) == {world.bergmann, world.fjord}
    assert set(company.contacts) == {world.sven, world.nils}


def test_dates_of_a_series_are_known_before(wish: Wish) -> None:
    assert starts_of(wish, STARTS_AT) == [STARTS_AT]
    weeks = starts_of(replace(wish, rhythm="week", times=3), STARTS_AT)
    assert [f"{one:%d %H}" for one in weeks] == ["20 09", "27 09", "03 08"], "the hour in Berlin stays"


@pytest.mark.parametrize(
    ("changed", "starts_at", "why"),
    [
        ({"roles": ()}, STARTS_AT, "Nobody else comes"),
        ({"minutes": 0}, STARTS_AT, "no length"),
        ({}, AT, "past"),
        ({"rhythm": "week", "times": 27}, STARTS_AT, "no number of meetings"),
        ({"rhythm": "daily"}, STARTS_AT, "no rhythm"),
    ],
)
def test_what_can_not_be_is_refused(wish: Wish, changed: dict, starts_at: datetime, why: str) -> None:
    with pytest.raises(Refused, match=why):
        arrange(replace(wish, **changed), starts_at, key="x", at=AT)
    assert not Meeting.objects.exists() and not Message.objects.exists()


def test_a_partner_of_somebody_else_is_refused(world: World, wish: Wish) -> None:
    with pytest.raises(Refused, match="somebody else's partner"):
        arrange(replace(wish, partners=(world.kestrel,)), STARTS_AT, key="x", at=AT)
