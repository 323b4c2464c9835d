"""What the machine does with a step: claim it, finish it, hand it to the outbox, or say what went wrong."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines import statements
from drumbeat.apps.routines.models import SETTLED_STATES, Step, StepSet, StepState

from .clocks import turn_clocks
from .settling import Done, close_finished, settle_steps

BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))


@transaction.atomic
def claim_steps(
    kind: str, *, at: datetime, limit: int = 200, lease: timedelta = timedelta(minutes=10)
) -> list[Step]:
    """Machine steps of one kind that may run now and need nothing more, leased so that a dead worker's come back.

    `wait` steps are claimed too, when their next look is due: they are on a list, but the machine looks after them.
    """
    if kind == "wait":
        return _claim(statements.CLAIM_WAITS, at=at, until=at + lease, limit=limit)
    return _claim(statements.CLAIM_MACHINE, at=at, until=at + lease, limit=limit, kind=kind)


@transaction.atomic
def claim_conditions(
    *, at: datetime, limit: int = 200, lease: timedelta = timedelta(minutes=10)
) -> list[Step]:
    """People's steps whose own `when` is to be judged now."""
    return _claim(statements.CLAIM_CONDITIONS, at=at, until=at + lease, limit=limit)


def _claim(statement: str, **told: Any) -> list[Step]:
    with connection.cursor() as cursor:
        cursor.execute(statement, told)
        claimed = [pk for (pk,) in cursor.fetchall()]
    if not claimed:
        return []
    related = (
        "playbook_step",
        "assignee",
        "promise",
        "occurrence__promise",
        "occurrence__version",
        "occurrence__subscription__partner",
        "occurrence__subscription__person",
    )
    return list(Step.objects.select_related(*related).filter(pk__in=claimed).order_by("starts_at", "pk"))


def finish_step(step: Step, *, at: datetime, done_at: datetime | None = None, answer: str = "") -> bool:
    """Done by the machine, at `done_at` where the machine learnt of it later. False when it was settled already (then
    nothing changes)."""
    return bool(finish_steps([step], at=at, done_at=done_at, answer=answer))


@transaction.atomic
def finish_steps(
    steps: Collection[Step], *, at: datetime, done_at: datetime | None = None, answer: str = ""
) -> list[Step]:
    """The same for many at once; those that were not settled already."""
    happened_at = done_at or at
    moved = _move_all(steps, at, StepState.DONE, answer=answer, done_at=happened_at, error="")
    settle_steps([Done(step, None, happened_at, at) for step in moved])
    return moved


def hand_step(step: Step, *, at: datetime) -> bool:
    """The outbox has it; it is done when a server accepts the first message."""
    return _move(step, at, StepState.HANDED)


@transaction.atomic
def hand_steps(steps: Collection[Step], *, at: datetime) -> list[Step]:
    """The same for many at once."""
    return _move_all(steps, at, StepState.HANDED)


@transaction.atomic
def await_meetings(steps: Mapping[Step, Meeting | None], *, at: datetime) -> None:
    """The machine's part is done, they are arranged if there was time; now they are on people's lists."""
    moved = _move_all(steps, at, StepState.OPEN, is_machine=False)
    for step in moved:
        step.meeting = steps[step]
    Step.objects.bulk_update(moved, ["meeting"])


@transaction.atomic
def await_people(steps: Collection[Step], *, at: datetime) -> None:
    """The machine's part is done (they were asked); now they are on lists, with whom and on which side the steps tell."""
    moved = _move_all(steps, at, StepState.OPEN, is_machine=False)
    Step.objects.bulk_update(moved, ["assignee", "side", "role"])
    turn_clocks(steps, at=at)


def look_again_together(steps: Collection[Step], *, next_at: datetime, at: datetime) -> None:
    """Nothing has come yet: look again then."""
    _unsettled(steps).update(state=StepState.OPEN, next_attempt_at=next_at, lease_until=None, recorded_at=at)


def hold_uncertain(step: Step, error: str, *, at: datetime) -> bool:
    """Sent or not, nobody knows: a person must say."""
    return _move(step, at, StepState.UNCERTAIN, error=error[:300])


def fail_step(step: Step, error: str, *, at: datetime, retry: bool = True) -> bool:
    """What went wrong stays on the step. Retried with growing pauses; after the last it stands on a list with its error."""
    if not retry or step.attempts > len(BACKOFF):
        return _move(step, at, StepState.FAILED, error=error[:300])
    return _move(step, at, StepState.OPEN, error=error[:300], next_attempt_at=at + BACKOFF[step.attempts - 1])


@transaction.atomic
def restart_step(step: Step, *, by: Account, at: datetime) -> bool:
    """A person has the machine try a failed step again, from the first attempt on. False when it doesn't stand failed."""
    failed = Step.objects.filter(pk=step.pk, state=StepState.FAILED)
    if not failed.update(
        state=StepState.OPEN, attempts=0, next_attempt_at=None, lease_until=None, recorded_at=at
    ):
        return False
    record_event("step.restarted", ("step", step.pk), by_id=by.pk, at=at)
    return True


@transaction.atomic
def release_steps(steps: Collection[Step], *, at: datetime) -> None:
    """Held steps run after all."""
    Step.objects.filter(pk__in=[step.pk for step in steps], state=StepState.HELD).update(
        state=StepState.OPEN, lease_until=None, recorded_at=at
    )


@transaction.atomic
def skip_steps(steps: Collection[Step], *, at: datetime) -> None:
    """Left out, by a branch or a condition."""
    moved = _move_all(steps, at, StepState.SKIPPED)
    turn_clocks(moved, at=at)
    close_finished({step.occurrence_id: at for step in moved})


def _move(step: Step, at: datetime, state: str, **changes: object) -> bool:
    """From any state that is not settled; the lease ends."""
    moved = _unsettled([step]).update(state=state, lease_until=None, recorded_at=at, **changes)
    if moved:
        _tell(step, state=state, **changes)
    return bool(moved)


def _move_all(steps: Collection[Step], at: datetime, state: str, **changes: object) -> list[Step]:
    """The same for many, locked in one order so that two who move them never wait in a circle; those that moved."""
    movable = set(_unsettled(steps).order_by("pk").select_for_update().values_list("pk", flat=True))
    Step.objects.filter(pk__in=movable).update(state=state, lease_until=None, recorded_at=at, **changes)
    moved = [step for step in steps if step.pk in movable]
    for step in moved:
        _tell(step, state=state, **changes)
    return moved


def _unsettled(steps: Collection[Step]) -> StepSet:
    settled = [*SETTLED_STATES, StepState.LAPSED]
    return Step.objects.filter(pk__in=[step.pk for step in steps]).exclude(state__in=settled)


def _tell(step: Step, **changes: object) -> None:
    for name, value in changes.items():
        setattr(step, name, value)
