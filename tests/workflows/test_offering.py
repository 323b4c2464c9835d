"""Offered times follow the people: their hours, their leave, and who had the hard hours so far."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from drumbeat.apps.people.models import Leave
from drumbeat.workflows.offering import times_beside
from tests.world import World, build_world

pytestmark = pytest.mark.django_db

FIRST = datetime(2026, 3, 3, 9, tzinfo=UTC)  # a Tuesday


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


def test_has_nothing_where_hours_never_meet(world: World) -> None:
    type(world.bergmann).objects.filter(pk=world.bergmann.pk).update(zone="Pacific/Auckland", country="NZ")
    world.bergmann.refresh_from_db()
    assert offered(world) == []
