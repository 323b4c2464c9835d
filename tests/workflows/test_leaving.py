"""Somebody leaves for good: nothing is closed while work hangs on it, and all of it is handed over fairly."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from drumbeat.apps.ledger.models import Standing
from drumbeat.apps.people.actions import ask_leave, open_account
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.actions import Agreement, agree_override, open_due
from drumbeat.apps.routines.models import Override
from drumbeat.core.refusal import Refused
from drumbeat.workflows.covering import grant_leave
from drumbeat.workflows.handover import hand_over_all, let_go, open_work_of, propose_handover
from tests.apps.routines.calls import START, of, started
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
CALLS = START + timedelta(hours=3)


@pytest.fixture
def world() -> World:
    world = build_world(at=START)
    started(world)
    return world


def test_whoever_has_open_work_is_not_closed_and_hands_over_everything_first(world: World) -> None:
    at = CALLS
    open_due(at=at)
    with pytest.raises(Refused, match="Alice Ahrens still has 2 partners, 6 open steps, 4 open promises"):
        let_go(world.alice, by=world.adam, at=at)
    shares = propose_handover(world.alice, at.date()).shares
    assert [(share.person, len(share.partners)) for share in shares] == [(world.bob, 2)]
    assert hand_over_all(world.alice, by=world.dora, at=at) == 2
    assert hand_over_all(world.alice, by=world.dora, at=at) == 0
    assert Standing.objects.open().filter(person=world.bob).count() == 6
    let_go(world.alice, by=world.adam, at=at)
    assert not Account.objects.get(pk=world.alice.pk).is_active


def test_with_nobody_to_take_them_nothing_is_handed_over(world: World) -> None:
    let_go_of_bob(world)
    with pytest.raises(Refused, match="nobody to take Alice"):
        hand_over_all(world.alice, by=world.dora, at=CALLS)
    with pytest.raises(Refused, match="Only a director"):
        hand_over_all(world.alice, by=world.alice, at=CALLS)


def let_go_of_bob(world: World) -> None:
    hand_over_all(world.bob, by=world.dora, at=CALLS)
    let_go(world.bob, by=world.adam, at=CALLS)


def test_owned_work_and_covers_of_who_leaves_go_to_others(world: World) -> None:
    carla = open_account("carla@polaris.example", "Carla", "channel_manager", "Europe/Berlin", "DE", by=None, at=CALLS)  # fmt: skip
    agree_override(
        of(world.bergmann),
        Agreement("owner", CALLS.date(), "people_changed", owner=world.bob),
        by=world.dora,
        at=CALLS,
    )
    leave = ask_leave(world.alice, date(2026, 7, 1), date(2026, 7, 9), by=world.alice, at=CALLS)
    grant_leave(leave, {world.fjord.pk: world.bob}, by=world.dora, at=CALLS)
    hand_over_all(world.bob, by=world.dora, at=CALLS)
    assert not Override.objects.standing().exists()
    leave.refresh_from_db()
    assert leave.covers.get().person == carla == leave.cover
    let_go_again = open_work_of(world.bob, CALLS.date())
    assert not let_go_again
