"""One occurrence moved once: free before anybody was told, asked afterwards; planning leaves it; undone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from drumbeat.apps.ledger.actions import rebuild_ledger
from drumbeat.apps.ledger.models import Ask, Entry
from drumbeat.apps.routines.actions import (
    claim_steps,
    complete_step,
    end_subscriptions,
    finish_step,
    move_occurrence,
    open_due,
    plan_moments,
    undo_move,
)
from drumbeat.apps.routines.models import Moment, Occurrence
from drumbeat.apps.routines.queries import has_told
from drumbeat.core.explaining import explain
from drumbeat.core.refusal import Refused
from drumbeat.workflows.releasing import decide_release
from tests.world import World, build_world

from .calls import START, due_days, of, opened, started, step

pytestmark = pytest.mark.django_db
NEXT = date(2026, 6, 9)


@pytest.fixture
def world() -> World:
    world = build_world(at=START)
    started(world)
    return world


def moment(world: World) -> Moment:
    return Moment.objects.get(subscription=of(world.bergmann), nominal_on=NEXT)


def test_a_moment_to_come_moves_with_its_steps_and_planning_leaves_it(world: World) -> None:
    before = moment(world)
    moved = move_occurrence(before, date(2026, 6, 11), by=world.alice, at=START)
    assert not moved.is_asked and moved.due_at == datetime(2026, 6, 11, 8, tzinfo=UTC)
    for _ in range(2):
        plan_moments(at=START + timedelta(days=1))
    now = moment(world)
    assert now.pk == before.pk and now.due_at == moved.due_at and now.touched_by == world.alice
    assert now.step_dues[0] == datetime(2026, 6, 10, 8, tzinfo=UTC)
    assert now.miss_at > now.deadline_at > now.due_at
    assert "moved by hand from Tue 9 Jun 2026 to Thu 11 Jun 2026" in explain(now.why)
    open_due(at=datetime(2026, 6, 10, 7, tzinfo=UTC))
    assert (
        Occurrence.objects.get(nominal_on=NEXT, subscription__partner=world.bergmann).due_at == moved.due_at
    )


def test_a_moment_moved_twice_and_undone_is_where_planning_had_it(world: World) -> None:
    move_occurrence(moment(world), date(2026, 6, 11), by=world.alice, at=START)
    move_occurrence(moment(world), datetime(2026, 6, 12, 9, tzinfo=UTC), by=world.alice, at=START)
    assert moment(world).why.count("moved") == 1 and "2026-06-09" in moment(world).why
    for _ in range(2):
        undo_move(moment(world), by=world.alice, at=START)
        assert due_days(world.bergmann)[1] == "Tue 06-09 10:00"
        assert moment(world).touched_at is None


@pytest.mark.parametrize(
    ("to", "message"),
    [
        (date(2026, 6, 7), "Sunday 2026-06-07 is a day off there.*2026-06-08"),
        (
            date(2026, 6, 4),
            "2026-06-04 is a day off there.*2026-06-05",
        ),  # Corpus Christi in Baden-Württemberg
        (date(2026, 5, 20), "is past"),
    ],
)
def test_days_off_and_past_days_are_refused(world: World, to: date, message: str) -> None:
    with pytest.raises(Refused, match=message):
        move_occurrence(moment(world), to, by=world.alice, at=START)


def test_others_moments_and_gone_ones_are_refused(world: World) -> None:
    with pytest.raises(Refused, match="isn't yours"):
        move_occurrence(moment(world), date(2026, 6, 11), by=world.bob, at=START)
    gone = moment(world)
    end_subscriptions([of(world.bergmann)], at=START)
    with pytest.raises(Refused, match="opened or planned anew"):
        move_occurrence(gone, date(2026, 6, 11), by=world.alice, at=START)


def open_now(world: World) -> Occurrence:
    open_due(at=START + timedelta(hours=1))
    return opened(world.bergmann)


def test_an_opened_one_of_which_nobody_was_told_moves_free_with_all_its_promises(world: World) -> None:
    occurrence = open_now(world)
    move_occurrence(occurrence, date(2026, 6, 3), by=world.alice, at=START)
    occurrence = opened(world.bergmann)
    assert occurrence.due_at == occurrence.promise.standing.due_at == datetime(2026, 6, 3, 8, tzinfo=UTC)
    assert step(occurrence, "call").due_at == occurrence.due_at
    note = step(occurrence, "note")
    assert note.promise and note.due_at == note.promise.standing.due_at == datetime(2026, 6, 4, 8, tzinfo=UTC)
    assert Entry.objects.filter(kind="redated", reason="replanned").count() == 2
    assert not Ask.objects.exists() and rebuild_ledger() == 0
    undo_move(occurrence, by=world.alice, at=START)
    occurrence = opened(world.bergmann)
    assert occurrence.due_at == datetime(2026, 6, 2, 8, tzinfo=UTC) and not occurrence.touched_at
    assert "moved" not in occurrence.why and rebuild_ledger() == 0


def told(world: World) -> Occurrence:
    occurrence, at = open_now(world), datetime(2026, 6, 1, 9, tzinfo=UTC)
    for claimed in claim_steps("mail", at=at):
        finish_step(claimed, at=at)
    assert has_told(occurrence)
    return occurrence


def test_after_somebody_was_told_the_move_is_asked_and_granted_it_moves(world: World) -> None:
    occurrence, at = told(world), datetime(2026, 6, 1, 9, tzinfo=UTC)
    moved = move_occurrence(occurrence, date(2026, 6, 3), by=world.alice, at=at, reason="holiday")
    assert moved.ask and moved.is_asked and moved.ask.reason == "holiday"
    assert opened(world.bergmann).promise.standing.due_at == datetime(2026, 6, 2, 8, tzinfo=UTC)
    decide_release(moved.ask, True, by=world.dora, at=at)
    assert opened(world.bergmann).promise.standing.due_at == datetime(2026, 6, 3, 8, tzinfo=UTC)


def test_a_plea_to_move_is_taken_back_by_who_asked(world: World) -> None:
    occurrence, at = told(world), datetime(2026, 6, 1, 9, tzinfo=UTC)
    move_occurrence(occurrence, date(2026, 6, 3), by=world.alice, at=at)
    with pytest.raises(Refused, match="Somebody else asked"):
        undo_move(occurrence, by=world.dora, at=at)
    undo_move(occurrence, by=world.alice, at=at)
    assert Ask.objects.get().granted is False
    move_occurrence(occurrence, date(2026, 6, 3), by=world.alice, at=at)
    assert Ask.objects.count() == 2


def test_what_is_over_is_not_moved(world: World) -> None:
    occurrence = open_now(world)
    complete_step(step(occurrence, "call"), by=world.alice, at=START + timedelta(hours=3))
    with pytest.raises(Refused, match="over"):
        move_occurrence(occurrence, date(2026, 6, 3), by=world.alice, at=START + timedelta(hours=3))
