"""Forms and lists: a form's answer settles its step, points are ticked, files are laid beside a step."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from drumbeat.apps.forms.models import File
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.access import may_do_step
from drumbeat.apps.routines.models import OPEN_STATES, Step, StepFile, StepState, Tick
from drumbeat.core.refusal import insist

from .doing import locked, record_done

ANSWERED = "answered"


@transaction.atomic
def settle_form(step: Step, *, by: Account | None, at: datetime) -> Step:
    """Done with the moment of the answer; `by` is a colleague who filled it in, None the partner. Safe twice."""
    step = locked(step)
    if step.state == StepState.DONE:
        return step
    insist(
        step.state == StepState.OPEN, "The time of this form is over", "The next occurrence brings a new one."
    )
    return record_done(step, by=by, at=at, answer=ANSWERED)


@transaction.atomic
def ask_again(step: Step, *, by: Account, at: datetime) -> bool:
    """A form that was answered is asked anew, as long as its occurrence is open. False when it is open already."""
    step = locked(step)
    insist(may_do_step(by, step), "This step is on somebody else's list", "Ask its owner or the director.")
    if step.state != StepState.DONE:
        return False
    insist(step.occurrence.closed_at is None, "Its occurrence is closed", "The next one asks again.")
    step.state, step.answer, step.done_at, step.done_by = StepState.OPEN, "", None, None
    step.is_machine, step.attempts, step.next_attempt_at, step.recorded_at = True, 0, None, at
    step.save()
    return True


@transaction.atomic
def tick_point(step: Step, point: int, *, points: int, by: Account, at: datetime) -> None:
    """Who and when; ticking twice keeps the first."""
    _refuse_unless_on_list(step, by)
    insist(0 <= point < points, "There is no such point", "Look at the list again.")
    Tick.objects.bulk_create([Tick(step=step, point=point, person=by, ticked_at=at)], ignore_conflicts=True)


@transaction.atomic
def untick_point(step: Step, point: int, *, by: Account) -> None:
    _refuse_unless_on_list(step, by)
    Tick.objects.filter(step=step, point=point).delete()


def _refuse_unless_on_list(step: Step, by: Account) -> None:
    insist(may_do_step(by, step), "This step is on somebody else's list", "Ask its owner or the director.")
    insist(step.state in OPEN_STATES, "This step is settled", "Its list stays as it was.")


@transaction.atomic
def lay_file(step: Step, file: File, *, at: datetime) -> StepFile:
    """Beside the step, whoever has it."""
    return StepFile.objects.create(step=step, file=file, added_at=at)


@transaction.atomic
def take_file_away(laid: StepFile, *, by: Account, at: datetime) -> None:
    """By who laid it there, or who has the step; what it was stays known."""
    is_own = laid.file.person_id == by.pk or may_do_step(by, laid.step)
    insist(is_own, "Somebody else laid this file here", "Ask its owner or the director.")
    StepFile.objects.filter(pk=laid.pk, removed_at=None).update(removed_at=at)
