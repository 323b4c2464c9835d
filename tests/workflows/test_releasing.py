"""A release from a promise, and the work that follows it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from drumbeat.apps.ledger.actions import ask_release
from drumbeat.apps.ledger.models import Ask
from drumbeat.apps.routines.actions import open_due, plan_moments, publish_version, start_routine, subscribe
from drumbeat.apps.routines.models import Moment, Occurrence, Step
from drumbeat.apps.routines.queries import today
from drumbeat.library import routine_texts
from drumbeat.workflows.releasing import decide_release
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
START = datetime(2026, 6, 1, 6, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    world = build_world(at=START)
    routine = publish_version(routine_texts()["monthly-checkin"], by=None, at=START).routine
    start_routine(routine, by=None, at=START)
    subscribe(routine, [world.bergmann], on=date(2026, 6, 1))
    plan_moments(at=START)
    open_due(at=Moment.objects.earliest("opens_at").opens_at)
    return world


def asked(world: World, kind: str, **more: datetime) -> Ask:
    occurrence = Occurrence.objects.get()
    return ask_release(
        occurrence.promise, kind, by=world.alice, at=occurrence.opened_at, reason="partner_asked", **more
    )


def test_waived_work_leaves_the_list_and_the_occurrence_closes(world: World) -> None:
    at = Occurrence.objects.get().opened_at
    decide_release(asked(world, "waive"), True, by=world.dora, at=at)
    assert set(Step.objects.values_list("state", flat=True)) == {"skipped"}
    assert Occurrence.objects.get().closed_at == at
    assert today(world.alice, at + timedelta(days=3)).overdue.count == 0


def test_redated_work_keeps_its_distance(world: World) -> None:
    before = dict(Step.objects.values_list("pk", "due_at"))
    occurrence = Occurrence.objects.get()
    due_at, at = occurrence.due_at + timedelta(days=7), occurrence.opened_at
    decide_release(asked(world, "redate", new_due_at=due_at), True, by=world.dora, at=at)
    assert dict(Step.objects.values_list("pk", "due_at")) == {
        pk: due + timedelta(days=7) for pk, due in before.items()
    }


def test_refused_nothing_changes(world: World) -> None:
    at = Occurrence.objects.get().opened_at
    decide_release(asked(world, "waive"), False, by=world.dora, at=at)
    assert "open" in set(Step.objects.values_list("state", flat=True))
    assert Occurrence.objects.get().closed_at is None
