"""Work and promises follow the partner to another manager; records stay where they were earned."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from drumbeat.apps.ledger.models import Standing
from drumbeat.apps.routines.actions import (
    complete_step,
    follow_assignments,
    open_due,
    plan_moments,
    publish_version,
    start_routine,
    subscribe,
)
from drumbeat.apps.routines.models import Step
from drumbeat.library import routine_texts
from drumbeat.workflows.handover import hand_over
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
START = datetime(2026, 6, 1, 6, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    world = build_world(at=START)
    routine = publish_version(routine_texts()["monthly-checkin"], by=None, at=START).routine
    start_routine(routine, by=None, at=START)
    subscribe(routine, [world.bergmann], on=date(2026, 5, 1))
    plan_moments(at=START)
    open_due(at=datetime(2026, 6, 30, tzinfo=UTC))
    return world


def test_open_steps_and_promises_go_to_the_new_manager_at_once(world: World) -> None:
    at = datetime(2026, 6, 30, 8, tzinfo=UTC)
    done = Step.objects.filter(assignee=world.alice, kind="task").first()
    complete_step(done, by=world.alice, at=at)
    moved = hand_over(world.bergmann, world.bob, at.date(), by=world.dora, at=at)
    assert moved > 0
    assert not Step.objects.filter(assignee=world.alice, state="open").exists()
    assert Step.objects.get(pk=done.pk).assignee == world.alice
    assert set(Standing.objects.open().values_list("person__name", flat=True)) == {"Bob Baker"}
    assert follow_assignments(on=at.date()) == 0


def test_a_handover_to_come_moves_nothing_before_its_night(world: World) -> None:
    at = datetime(2026, 6, 30, 8, tzinfo=UTC)
    later = at.date() + timedelta(days=7)
    assert hand_over(world.bergmann, world.bob, later, by=world.dora, at=at) == 0
    assert follow_assignments(on=later - timedelta(days=1)) == 0
    assert follow_assignments(on=later) > 0
