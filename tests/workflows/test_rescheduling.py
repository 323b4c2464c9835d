"""Many moved at once: told before, all or none, asked where somebody was told; a director waives many."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from drumbeat.apps.ledger.actions import rebuild_ledger
from drumbeat.apps.ledger.models import Ask
from drumbeat.apps.routines.actions import claim_steps, finish_step, open_due
from drumbeat.apps.routines.models import Moment
from drumbeat.core.refusal import Refused
from drumbeat.workflows.rescheduling import Choice, chosen_lines, reschedule, waive_many
from tests.apps.routines.calls import START, due_days, opened, started
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
NEXT_WEEK = Choice(date(2026, 6, 9), date(2026, 6, 10))


@pytest.fixture
def world() -> World:
    world = build_world(at=START)
    started(world)
    return world


def test_what_falls_on_a_day_is_told_and_moved_in_one_go(world: World) -> None:
    lines = chosen_lines(NEXT_WEEK, by_days=1, by=world.dora, at=START)
    assert [(line.subject.subscription.partner, f"{line.to:%m-%d}", line.is_asked) for line in lines] == [
        (world.bergmann, "06-10", False), (world.fjord, "06-10", False), (world.kestrel, "06-10", False),
    ]  # fmt: skip
    assert not Moment.objects.exclude(touched_at=None).exists()
    assert len(reschedule(NEXT_WEEK, by_days=1, reason="holiday", by=world.dora, at=START)) == 3
    assert due_days(world.kestrel)[1] == "Wed 06-10 10:00"
    assert reschedule(NEXT_WEEK, by_days=1, reason="holiday", by=world.dora, at=START) == []


def test_to_a_day_that_is_not_worked_there_means_the_next(world: World) -> None:
    lines = chosen_lines(
        Choice(date(2026, 6, 2), date(2026, 6, 3)), to_on=date(2026, 6, 4), by=world.dora, at=START
    )
    days = {line.subject.subscription.partner.key: f"{line.to:%m-%d}" for line in lines}
    assert days == {"bergmann-systemhaus": "06-05", "fjord-data": "06-04", "kestrel-cloud": "06-04"}


def test_a_manager_moves_what_is_his_and_filters_narrow(world: World) -> None:
    assert len(chosen_lines(NEXT_WEEK, by_days=1, by=world.alice, at=START)) == 2
    of_bob = Choice(NEXT_WEEK.from_on, NEXT_WEEK.until_on, manager=world.bob)
    assert len(chosen_lines(of_bob, by_days=1, by=world.dora, at=START)) == 1
    of_fjord = Choice(NEXT_WEEK.from_on, NEXT_WEEK.until_on, routine="weekly-word", partners=("fjord-data",))
    assert len(chosen_lines(of_fjord, by_days=1, by=world.dora, at=START)) == 1
    with pytest.raises(Refused, match="Nothing says where to"):
        chosen_lines(NEXT_WEEK, by=world.dora, at=START)


def test_where_somebody_was_told_it_is_asked_once(world: World) -> None:
    at = START + timedelta(hours=4)
    open_due(at=at)
    for claimed in claim_steps("mail", at=at):
        finish_step(claimed, at=at)
    today = Choice(date(2026, 6, 2), date(2026, 6, 3))
    moved = reschedule(today, by_days=1, reason="illness", by=world.dora, at=at)
    assert [one.is_asked for one in moved] == [True, True, True] and Ask.objects.count() == 3
    assert reschedule(today, by_days=1, reason="illness", by=world.dora, at=at) == []


def test_a_director_waives_many_and_nobody_else(world: World) -> None:
    at = START + timedelta(hours=4)
    open_due(at=at)
    choice = Choice(date(2026, 6, 2), date(2026, 6, 3))
    with pytest.raises(Refused, match="Only a director"):
        waive_many(choice, reason="holiday", by=world.alice, at=at)
    assert waive_many(choice, reason="holiday", by=world.dora, at=at) == 3
    assert waive_many(choice, reason="holiday", by=world.dora, at=at) == 0
    assert opened(world.bergmann).promise.standing.outcome == "waived" and rebuild_ledger() == 0
