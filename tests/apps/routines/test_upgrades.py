"""Running routines move to a new version: shown before it happens, done steps stay, promises keep their day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from drumbeat.apps.events.models import Event
from drumbeat.apps.ledger.actions import rebuild_ledger
from drumbeat.apps.ledger.models import Promise
from drumbeat.apps.routines.actions import (
    claim_steps,
    complete_step,
    finish_step,
    move_occurrence,
    open_due,
    plan_moments,
    publish_version,
    upgrade_routine,
)
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import Moment, Occurrence, Step
from drumbeat.apps.routines.queries import upgrade_lines
from drumbeat.core.refusal import Refused
from tests.world import World, build_world

from .calls import CALL, START, of, opened, started, step

pytestmark = pytest.mark.django_db
AT = START + timedelta(hours=3)
NEW = (
    CALL.replace("title: Call, minutes: 20, due: 0", "title: Long call, minutes: 45, due: 0")
    .replace(
        "  - {step: note, kind: task, title: Note what was said, minutes: 5, due: +1bd, promised: true}\n",
        "  - {step: send, kind: task, title: Send what was said, minutes: 10, due: +2bd, promised: true}\n",
    )
    .replace('at: "10:00"', 'at: "11:00"')
)


@pytest.fixture
def world() -> World:
    world = build_world(at=START)
    started(world)
    open_due(at=AT)
    for claimed in claim_steps("mail", at=AT):
        finish_step(claimed, at=AT)
    return world


def test_the_diff_is_shown_before_anything_is_written(world: World) -> None:
    version = publish_version(NEW, by=None, at=AT)
    before = list(Step.objects.order_by("pk").values())
    lines = upgrade_lines(version.routine, playbook_of(version), at=AT)
    assert [line.occurrence.subscription.partner for line in lines] == [
        world.bergmann,
        world.fjord,
        world.kestrel,
    ]
    changes = lines[0].changes
    assert changes and (set(changes.create), set(changes.move), changes.cancel) == ({"send"}, set(), {"note"})
    assert (changes.minutes_before, changes.minutes_after) == (25, 55)
    assert list(Step.objects.order_by("pk").values()) == before


def test_upgraded_it_has_the_steps_of_the_new_text_and_the_promise_its_day(world: World) -> None:
    due_at = opened(world.bergmann).promise.standing.due_at
    version = publish_version(NEW, by=world.dora, at=AT)
    done = upgrade_routine(version.routine, by=world.dora, at=AT)
    assert (done.occurrences, done.stayed, done.created, done.cancelled) == (3, 0, 3, 3)
    occurrence = opened(world.bergmann)
    assert occurrence.version == version and occurrence.promise.standing.due_at == due_at
    assert {one.playbook_step.key: one.state for one in occurrence.steps.all()} == {
        "ahead": "done", "call": "open", "note": "skipped", "send": "open",
    }  # fmt: skip
    send = step(occurrence, "send")
    assert send.assignee == world.alice and send.promise and send.promise.standing.person == world.alice
    assert send.due_at == send.promise.standing.due_at > due_at
    waived = step(occurrence, "note").promise
    assert waived and waived.standing.outcome == "waived"
    assert step(occurrence, "call").playbook_step.title == "Long call"
    complete_step(step(occurrence, "call"), by=world.alice, at=AT)
    complete_step(send, by=world.alice, at=AT)
    occurrence.refresh_from_db()
    assert occurrence.closed_at and rebuild_ledger() == 0
    assert Event.objects.filter(kind="routine.upgraded").count() == 1


def test_twice_changes_nothing_and_moments_to_come_are_of_the_new_text(world: World) -> None:
    version = publish_version(NEW, by=None, at=AT)
    upgrade_routine(version.routine, by=world.dora, at=AT)
    steps = Step.objects.count()
    again = upgrade_routine(version.routine, by=world.dora, at=AT)
    assert (again.occurrences, again.moments.created, again.moments.moved) == (0, 0, 0)
    assert Step.objects.count() == steps
    assert set(Moment.objects.values_list("version", flat=True)) == {version.pk}
    assert Moment.objects.filter(subscription=of(world.bergmann)).earliest("due_at").due_at.hour == 9


def test_what_a_person_moved_keeps_its_day_with_the_new_steps(world: World) -> None:
    moment = Moment.objects.get(subscription=of(world.bergmann), nominal_on=date(2026, 6, 9))
    moved = move_occurrence(moment, date(2026, 6, 11), by=world.alice, at=AT)
    version = publish_version(NEW, by=None, at=AT)
    plan_moments(at=AT)
    upgrade_routine(version.routine, by=world.dora, at=AT)
    moment.refresh_from_db()
    assert moment.version == version and moment.due_at == moved.due_at and len(moment.step_dues) == 3


def test_some_are_finished_on_the_old_version_by_choice_or_because_they_must(world: World) -> None:
    chosen = opened(world.bergmann)
    complete_step(step(opened(world.fjord), "call"), by=world.alice, at=AT)
    version = publish_version(NEW, by=None, at=AT)
    done = upgrade_routine(version.routine, only=[chosen.pk], by=world.dora, at=AT)
    assert done.occurrences == 1
    assert Occurrence.objects.exclude(version=version).count() == 2
    other = publish_version(
        NEW.replace("promise: {by: vendor, to: partner", "promise: {by: both, to: both"), by=None, at=AT
    )
    lines = upgrade_lines(other.routine, playbook_of(other), at=AT)
    assert {line.stays for line in lines} == {"another side owes the new promise"}
    assert upgrade_routine(other.routine, by=world.dora, at=AT).stayed == 3
    assert Promise.objects.filter(owing="both").count() == 0


def test_a_promise_is_not_kept_by_what_was_done_before(world: World) -> None:
    text = NEW.replace("kept_by: call", "kept_by: ahead")
    version = publish_version(text, by=None, at=AT)
    lines = upgrade_lines(version.routine, playbook_of(version), at=AT)
    assert {line.stays for line in lines} == {"the step that would keep it is done already"}


def test_only_director_and_operations_upgrade(world: World) -> None:
    with pytest.raises(Refused, match="Only a director"):
        upgrade_routine(of(world.bergmann).routine, by=world.alice, at=AT)


def test_an_occurrence_without_a_step_to_change_goes_over_all_the_same(world: World) -> None:
    routine = started(world)
    open_due(at=AT)
    publish_version(CALL.replace("title: Weekly word", "title: Word"), by=None, at=AT)
    routine.refresh_from_db()
    done = upgrade_routine(routine, by=world.dora, at=AT)
    assert done.occurrences > 0 and (done.created, done.moved, done.cancelled) == (0, 0, 0)
    assert {one.version for one in Occurrence.objects.all()} == {routine.version}
