"""What a person does with a step: do it, take it back, move it inside its promise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from drumbeat.apps.ledger.actions import correct_promises
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines import statements
from drumbeat.apps.routines.access import may_do_step
from drumbeat.apps.routines.models import SETTLED_STATES, Occurrence, Step, StepState
from drumbeat.core.refusal import Refused

from .clocks import turn_clocks
from .settling import Done, own_promises, settle_steps

UNDO_FOR = timedelta(minutes=10)
SET_BACK_AT_MOST = timedelta(days=7)
# What is not simply done.
SAID_OTHERWISE = {
    "approval": ("This is decided, not done", "Approve it, decline it or send it back."),
    "form": (
        "This form is filled in, not ticked off",
        "Open it and fill it in, also in the partner's place.",
    ),
}


@dataclass(frozen=True, slots=True)
class Completion:
    """That somebody did a step, told `at`; the rest as `complete_step` takes it. Nobody of the house (`by` None) is a
    contact, by link."""

    step: Step
    by: Account | None
    at: datetime
    done_at: datetime | None = None
    minutes: int | None = None
    answer: str = ""
    cause: str = ""

    @property
    def happened_at(self) -> datetime:
        return self.done_at or self.at


def complete_step(
    step: Step,
    *,
    by: Account,
    at: datetime,
    done_at: datetime | None = None,
    minutes: int | None = None,
    answer: str = "",
    cause: str = "",
) -> Step:
    """Done, at `done_at` (default `at`; it may be set back a week). Keeps the promises that hang on the step.

    `answer` is what a wait or a form got; `cause` names the side that made a common promise fail, as when a partner
    stayed away from a meeting: then the promise is missed instead of kept. A step already done is left as it is.
    """
    return complete_steps([Completion(step, by, at, done_at, minutes, answer, cause)])[0]


@transaction.atomic
def complete_steps(completions: Sequence[Completion]) -> list[Step]:
    """Many, each as told, in as many statements as one: all of them, or none when one is refused. A step that is named
    twice is done once. Gives the rows back in the same order."""
    steps = _all_locked([one.step.pk for one in completions])
    new: dict[int, Completion] = {}
    for one in completions:
        step = steps[one.step.pk]
        if step.state != StepState.DONE and step.pk not in new:
            _refuse_unless_tickable(step, one)
            new[step.pk] = one
    record_all_done([(steps[pk], one) for pk, one in new.items()])
    return [steps[one.step.pk] for one in completions]


def locked(step: Step) -> Step:
    return _all_locked([step.pk])[step.pk]


def _all_locked(ids: Sequence[int]) -> dict[int, Step]:
    """In one order, so that two who take several never wait in a circle."""
    related = ("occurrence__version", "occurrence__subscription", "playbook_step")
    rows = Step.objects.select_for_update(of=("self",)).select_related(*related).filter(pk__in=ids)
    found = {step.pk: step for step in rows.order_by("pk")}
    if len(found) < len(set(ids)):
        raise Step.DoesNotExist("A step to be locked is gone.")
    return found


def _refuse_unless_tickable(step: Step, one: Completion) -> None:
    assert one.by, "a contact answers or decides, and ticks nothing off"
    refuse_unless_doable(step, one.by)
    if step.kind in SAID_OTHERWISE:
        raise Refused(*SAID_OTHERWISE[step.kind])
    if not one.at - SET_BACK_AT_MOST <= one.happened_at <= one.at:
        raise Refused("A step is done now or up to a week ago. Choose a moment in between.")


def record_done(step: Step, *, by: Account | None, at: datetime, answer: str) -> Step:
    """What is written when a locked step is done by whoever may."""
    record_all_done([(step, Completion(step, by, at, answer=answer))])
    return step


def record_all_done(done: Sequence[tuple[Step, Completion]]) -> None:
    """The same for many locked steps, each as told."""
    for step, one in done:
        step.state, step.answer, step.minutes = StepState.DONE, one.answer, one.minutes
        step.done_at, step.recorded_at, step.done_by, step.error = one.happened_at, one.at, one.by, ""
        step.is_machine, step.lease_until = False, None
    if done:
        _write_done([step for step, _ in done])
        settle_steps([Done(step, step.done_by_id, one.happened_at, one.at, one.cause) for step, one in done])
    for step, one in done:
        turn_clocks([step], at=one.happened_at)


def _write_done(steps: Sequence[Step]) -> None:
    columns = {
        "ids": "pk", "answers": "answer", "minutes": "minutes", "done_ats": "done_at", "recorded_ats": "recorded_at",
        "bys": "done_by_id",
    }  # fmt: skip
    told = {name: [getattr(step, column) for step in steps] for name, column in columns.items()}
    with connection.cursor() as cursor:
        cursor.execute(statements.COMPLETE, told)


def refuse_unless_doable(step: Step, by: Account) -> None:
    if not may_do_step(by, step):
        raise Refused("This step is on somebody else's list. Ask its owner or the director.")
    if step.is_machine and step.state == StepState.OPEN:
        raise Refused("The machine does this step. It needs nothing from you.")
    if step.state in (StepState.SKIPPED, StepState.LAPSED):
        raise Refused("This step's time is over. The next occurrence brings a new one.")


@transaction.atomic
def undo_step(step: Step, *, by: Account, at: datetime) -> Step:
    """The doer takes a completion back within ten minutes, while nothing has left the house because of it.

    The ledger keeps both entries: the outcome and its correction.
    """
    step = locked(step)
    if step.state != StepState.DONE:
        return step
    if step.done_by_id != by.pk or step.recorded_at is None or at - step.recorded_at > UNDO_FOR:
        raise Refused(
            "Only the doer may undo, within 10 minutes. Ask a director for a correction with a reason."
        )
    if _has_led_on(step):
        raise Refused(
            "Something was sent because of this step. Ask a director for a correction with a reason."
        )
    if step.kind == "form":
        raise Refused("An answer is not taken back by ticking", "Ask for it again from its page.")
    correct_promises(own_promises(step), by=by, at=at, reason="undo")
    step.decisions.filter(set_aside_at=None).update(set_aside_at=at)
    step.state, step.answer, step.minutes = StepState.OPEN, "", None
    step.done_at, step.recorded_at, step.done_by = None, None, None
    step.save()
    Occurrence.objects.filter(pk=step.occurrence_id).update(closed_at=None)
    return step


def _has_led_on(step: Step) -> bool:
    needing = Step.objects.filter(
        occurrence=step.occurrence_id, playbook_step__needs__contains=[step.playbook_step.key]
    )
    return needing.filter(state__in=[*SETTLED_STATES, StepState.HANDED, StepState.UNCERTAIN]).exists()


@transaction.atomic
def postpone_step(step: Step, due_at: datetime, *, by: Account, at: datetime) -> Step:
    """Moves one's own step on the list. The promise stays where it is, so the step can't leave it."""
    step = locked(step)
    refuse_unless_doable(step, by)
    latest = latest_due(step)
    if due_at <= at:
        raise Refused("That moment is past. Choose a later one.")
    if due_at > latest:
        raise Refused(
            f"The promise ends on {latest:%d %b %Y, %H:%M} UTC. Postpone inside it, or ask to redate the promise."
        )
    step.postponed_from = step.postponed_from or step.due_at
    step.due_at = due_at
    step.save(update_fields=["due_at", "postponed_from"])
    return step


def latest_due(step: Step) -> datetime:
    """The end of the promise that the step serves; steps that follow the promised moment have until the miss."""
    standing = (step.promise or step.occurrence.promise).standing
    planned = step.postponed_from or step.due_at
    return standing.deadline_at if planned <= standing.deadline_at else standing.miss_at
