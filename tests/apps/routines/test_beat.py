"""The beat opens what is due: once, with steps and promises, also late, also twice, also after a long night."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from drumbeat.apps.ledger.actions import rebuild_ledger
from drumbeat.apps.ledger.models import Entry, Promise, Standing
from drumbeat.apps.routines.actions import (
    claim_steps,
    complete_step,
    lapse_steps,
    miss_promises_due,
    open_due,
    plan_moments,
    postpone_step,
    publish_version,
    start_routine,
    subscribe,
    undo_step,
)
from drumbeat.apps.routines.models import Moment, Occurrence, Routine, Step
from drumbeat.apps.routines.queries import today
from drumbeat.core.refusal import Refused
from tests.world import World, build_world

pytestmark = pytest.mark.django_db

START = datetime(2026, 6, 1, 6, tzinfo=UTC)

TEXT = """
routine: weekly-word
title: Weekly word
purpose: Both sides talk.
subject: partner
promise: {by: vendor, to: partner, text: We call every Tuesday., kept_by: call}
owner: channel_manager
goals: [trust]
audience: partner.status == "active"
calendar: partner
cadence: {rule: FREQ=WEEKLY;BYDAY=TU, at: "10:00", zone: partner, roll: following}
grace: 1bd
catch_up: %s
steps:
  - {step: prepare, kind: task, title: Prepare, minutes: 5, due: -1bd}
  - {step: call, kind: task, title: Call, minutes: 20, due: 0, needs: [prepare]}
"""


@pytest.fixture
def world() -> World:
    return build_world(at=START)


def started(world: World, catch_up: str = "late", text: str = "") -> Routine:
    routine = publish_version(text or TEXT % catch_up, by=None, at=START).routine
    start_routine(routine, by=None, at=START)
    subscribe(routine, [world.bergmann, world.kestrel], on=START.date())
    plan_moments(at=START)
    return routine


def test_planning_twice_changes_nothing(world: World) -> None:
    started(world)
    again = plan_moments(at=START)
    assert (again.created, again.moved, again.cancelled) == (0, 0, 0)
    assert Moment.objects.count() > 20


def test_a_due_moment_becomes_an_occurrence_with_steps_promise_entry_and_standing(world: World) -> None:
    started(world)
    at = datetime(2026, 6, 8, 12, tzinfo=UTC)
    assert open_due(at=at).occurrences == 4
    occurrence = Occurrence.objects.get(subscription__partner=world.bergmann, nominal_on=date(2026, 6, 9))
    assert occurrence.due_at == datetime(2026, 6, 9, 8, tzinfo=UTC)
    assert [step.kind for step in occurrence.steps.all()] == ["task", "task"]
    assert {step.assignee for step in occurrence.steps.all()} == {world.alice}
    assert occurrence.promise.standing.deadline_at == datetime(2026, 6, 10, 8, tzinfo=UTC)
    assert occurrence.promise.standing.person == world.alice
    assert Entry.objects.get(promise_id=occurrence.promise_id).kind == "promised"


def test_a_second_beat_opens_nothing(world: World) -> None:
    started(world)
    at = datetime(2026, 6, 8, 12, tzinfo=UTC)
    open_due(at=at)
    assert open_due(at=at).occurrences == 0
    plan_moments(at=at)
    assert open_due(at=at).occurrences == 0


def call_of(world: World, at: datetime) -> Step:
    open_due(at=at)
    return Step.objects.filter(
        occurrence__subscription__partner=world.bergmann, playbook_step__key="call"
    ).latest("due_at")


def test_doing_the_keeping_step_in_time_keeps_the_promise(world: World) -> None:
    started(world)
    step = call_of(world, datetime(2026, 6, 2, 7, tzinfo=UTC))
    complete_step(step, by=world.alice, at=datetime(2026, 6, 2, 9, tzinfo=UTC))
    assert step.occurrence.promise.standing.outcome == "kept"
    assert rebuild_ledger() == 0


def test_after_the_deadline_it_is_late_and_after_the_miss_nothing_keeps_it(world: World) -> None:
    started(world)
    step = call_of(world, datetime(2026, 6, 2, 7, tzinfo=UTC))
    complete_step(step, by=world.alice, at=datetime(2026, 6, 4, 9, tzinfo=UTC))
    assert Standing.objects.get(promise=step.occurrence.promise_id).outcome == "late"
    at = datetime(2026, 6, 20, 12, tzinfo=UTC)
    open_due(at=at)
    missed = miss_promises_due(at=at)
    assert missed == 3
    lapsed = Step.objects.filter(state="lapsed").first()
    assert lapsed
    with pytest.raises(Refused, match="time is over"):
        complete_step(lapsed, by=lapsed.assignee, at=at)
    assert rebuild_ledger() == 0


POINTS = """
  - {step: points, kind: task, title: Points for the agenda, by: sales_lead, due: +1bd}
  - {step: note, kind: task, title: Note what was said, minutes: 5, due: +1bd}
"""


def test_what_a_partner_was_to_send_lapses_with_the_grace_of_the_promise_and_our_own_later(
    world: World,
) -> None:
    started(world, text=(TEXT % "late").rstrip() + POINTS)
    call = call_of(world, datetime(2026, 6, 2, 7, tzinfo=UTC))

    def left(day: int, hour: int) -> list[str]:
        lapse_steps(at=datetime(2026, 6, day, hour, tzinfo=UTC))
        still = Step.objects.filter(occurrence=call.occurrence, state__in=["open", "held"])
        return sorted(still.values_list("playbook_step__key", flat=True))

    assert left(5, 12) == ["call", "note", "points", "prepare"]  # the promise has no outcome yet
    complete_step(call, by=world.alice, at=datetime(2026, 6, 5, 12, tzinfo=UTC))
    assert left(4, 7) == ["note", "points", "prepare"]  # due on the 3rd, with a day of grace
    assert left(4, 9) == ["note", "prepare"]


def test_undo_leaves_both_entries_and_opens_the_promise_again(world: World) -> None:
    started(world)
    at = datetime(2026, 6, 2, 7, tzinfo=UTC)
    step = call_of(world, at)
    complete_step(step, by=world.alice, at=at)
    undo_step(step, by=world.alice, at=at + timedelta(minutes=9))
    standing = Standing.objects.get(promise=step.occurrence.promise_id)
    assert standing.outcome is None
    kinds = [entry.kind for entry in Entry.objects.filter(promise_id=standing.pk).order_by("id")]
    assert kinds == ["promised", "kept", "corrected"]
    assert rebuild_ledger() == 0


def test_undo_is_refused_to_others_and_after_ten_minutes(world: World) -> None:
    started(world)
    at = datetime(2026, 6, 2, 7, tzinfo=UTC)
    step = call_of(world, at)
    complete_step(step, by=world.alice, at=at)
    for by, later in ((world.bob, 1), (world.alice, 11)):
        with pytest.raises(Refused, match="doer"):
            undo_step(step, by=by, at=at + timedelta(minutes=later))


def test_a_step_is_postponed_inside_its_promise_only(world: World) -> None:
    started(world)
    at = datetime(2026, 6, 2, 7, tzinfo=UTC)
    step = call_of(world, at)
    postpone_step(step, datetime(2026, 6, 3, 7, tzinfo=UTC), by=world.alice, at=at)
    with pytest.raises(Refused, match="promise ends"):
        postpone_step(step, datetime(2026, 6, 3, 9, tzinfo=UTC), by=world.alice, at=at)


@pytest.mark.parametrize(
    ("catch_up", "with_steps", "missed"), [("late", 3, 0), ("skip", 1, 2), ("merge", 1, 0)]
)
def test_downtime_is_caught_up_as_the_routine_says(
    world: World, catch_up: str, with_steps: int, missed: int
) -> None:
    started(world, catch_up)
    after_two_weeks = datetime(2026, 6, 16, 7, tzinfo=UTC)
    open_due(at=after_two_weeks)
    mine = Occurrence.objects.filter(subscription__partner=world.bergmann)
    assert mine.count() == 3
    assert mine.exclude(steps=None).distinct().count() == with_steps
    assert mine.filter(promise__standing__outcome="missed").count() == missed


def test_merged_occurrences_are_kept_late_with_the_last(world: World) -> None:
    started(world, "merge")
    at = datetime(2026, 6, 16, 7, tzinfo=UTC)
    step = call_of(world, at)
    complete_step(step, by=world.alice, at=at)
    outcomes = (
        Standing.objects.filter(promise__partner=world.bergmann)
        .order_by("due_at")
        .values_list("outcome", flat=True)
    )
    assert list(outcomes) == ["late", "late", "kept"]


def test_machine_steps_wait_for_what_they_need(world: World) -> None:
    text = TEXT % "late"
    text = text.replace("kind: task, title: Call, minutes: 20", "kind: report, title: Call, report: agenda")
    routine = publish_version(text, by=None, at=START).routine
    start_routine(routine, by=None, at=START)
    subscribe(routine, [world.bergmann], on=START.date())
    plan_moments(at=START)
    at = datetime(2026, 6, 2, 9, tzinfo=UTC)
    open_due(at=at)
    assert claim_steps("report", at=at) == []
    complete_step(Step.objects.get(kind="task"), by=world.alice, at=at)
    assert len(claim_steps("report", at=at)) == 1
    assert claim_steps("report", at=at) == [], "leased to the first"


def test_today_sorts_a_managers_items(world: World) -> None:
    started(world)
    at = datetime(2026, 6, 9, 7, tzinfo=UTC)
    open_due(at=at)
    found = today(world.alice, at)
    assert [item.title for item in found.overdue.items] == ["Prepare", "Call", "Prepare"]
    assert [item.title for item in found.today.items] == ["Call"]
    assert found.today.minutes == 20
    assert {item.partner.key for item in found.overdue.items if item.partner} == {world.bergmann.key}


def test_promises_cannot_be_changed_in_the_database(world: World) -> None:
    started(world)
    open_due(at=START + timedelta(days=1))
    changes = (
        lambda: Promise.objects.update(text="x"),
        lambda: Entry.objects.update(reason="x"),
        Promise.objects.all().delete,
    )
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_what_comes_this_week_is_told_before_it_is_opened(world: World) -> None:
    started(world)
    monday = datetime(2026, 6, 1, 6, tzinfo=UTC)
    open_due(at=monday)
    later = today(world.alice, datetime(2026, 6, 5, 6, tzinfo=UTC)).coming
    told = [(step.title, step.partner and step.partner.key) for step in later]
    assert told == [("Prepare", world.bergmann.key), ("Call", world.bergmann.key)]
    assert later[0].due_at == datetime(2026, 6, 8, 8, tzinfo=UTC)
    assert today(world.bob, monday).coming == ()


def test_a_clock_set_back_writes_no_outcome_before_its_promise(world: World) -> None:
    started(world)
    ahead = datetime(2026, 6, 2, 7, tzinfo=UTC)
    step = call_of(world, ahead)
    complete_step(step, by=world.alice, at=ahead - timedelta(hours=2))
    promised, kept = Entry.objects.filter(promise_id=step.occurrence.promise_id).order_by("id")
    assert (promised.recorded_at, kept.kind, kept.recorded_at) == (ahead, "kept", ahead)
    assert kept.at == ahead - timedelta(hours=2)
