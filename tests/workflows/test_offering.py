"""Offered times follow the people: their hours, their leave, and who had the hard hours so far."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from drumbeat.apps.meetings.actions import Arrangement, arrange_meeting
from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account, Leave
from drumbeat.workflows.offering import Company, Offer, in_the_way, times_beside, times_for
from tests.world import World, build_world

pytestmark = pytest.mark.django_db

FIRST = datetime(2026, 3, 3, 9, tzinfo=UTC)  # a Tuesday
FIRST_HOUR = FIRST.replace(hour=1)


def offered(world: World) -> list[str]:
    found = times_beside(FIRST, 60, world.bergmann, world.alice, wanted=2)
    return [f"{one:%d %H:%M}" for one in found]


@pytest.fixture
def world() -> World:
    return build_world()


def test_offers_the_next_easy_hours(world: World) -> None:
    assert offered(world) == ["04 09:00", "05 09:00"]


def test_offers_nothing_while_the_manager_is_away(world: World) -> None:
    Leave.objects.create(
        person=world.alice, from_on=date(2026, 3, 4), until_on=date(2026, 3, 6), cover=world.bob,
        state=Leave.State.APPROVED, asked_at=world.at,
    )  # fmt: skip
    assert offered(world) == ["06 09:00", "09 09:00"]


def test_where_hours_never_meet_each_side_gives_way_in_turn(world: World) -> None:
    """In New Zealand it is twelve hours later: nine in the evening there, then nine in the evening here."""
    type(world.bergmann).objects.filter(pk=world.bergmann.pk).update(zone="Pacific/Auckland", country="NZ")
    world.bergmann.refresh_from_db()
    assert offered(world) == ["03 20:00", "04 08:00"]


def test_nobody_is_asked_for_two_meetings_at_once(world: World) -> None:
    """Sven is asked for by Bob, Alice by herself; a meeting that moves is no obstacle to itself."""
    company = Company((world.alice,), (world.bergmann,), (world.sven,))
    taken = [arranged(world, "a", world.bob, world.sven, 8), arranged(world, "b", world.alice, world.nils, 9)]
    assert [f"{one.starts_at:%d %H:%M}" for one in times_for(company, 60, since=FIRST_HOUR, wanted=2)] == [
        "03 10:00",
        "04 09:00",
    ]
    [freed, _] = times_for(company, 60, since=FIRST_HOUR, wanted=2, besides=taken[1])
    assert freed == Offer(FIRST, ())


def test_what_speaks_against_a_time_is_said(world: World) -> None:
    arranged(world, "a", world.bob, world.sven, 13)
    company = Company((world.alice,), (world.bergmann,), (world.sven,))
    starts = [FIRST, FIRST.replace(hour=13), FIRST.replace(hour=5), datetime(2026, 4, 3, 9, tzinfo=UTC)]
    assert in_the_way(company, starts, 30) == [
        "",
        "at the same time: Meeting a",
        "outside the hours of Alice Ahrens; outside the hours of Bergmann Systemhaus",
        "no working day for Alice Ahrens; no working day for Bergmann Systemhaus",
    ]
    assert in_the_way(company, [], 30) == []


def arranged(world: World, key: str, organiser: Account, guest: Contact, hour: int) -> Meeting:
    return arrange_meeting(
        Arrangement(
            key,
            title=f"Meeting {key}",
            organiser=organiser,
            guests=[guest],
            starts_at=FIRST.replace(hour=hour),
            minutes=60,
            zone="UTC",
        ),
        at=world.at,
    )
