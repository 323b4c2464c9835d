"""What becomes of an open occurrence when its routine's text changes: steps are matched by key, and what is done stays done.

It is the same comparison as planning's, over steps instead of moments.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from drumbeat.core.playbook import Routine
from drumbeat.core.reconciling import reconcile


@dataclass(frozen=True, slots=True)
class StepNow:
    """A step as it stands. `is_settled`: done, left out, or out of the house; `is_postponed`: a person moved it."""

    kind: str
    due_at: datetime
    minutes: int = 0
    is_settled: bool = False
    is_postponed: bool = False


@dataclass(frozen=True, slots=True)
class StepChanges:
    """By key: steps to create and to move (with their due), to leave out; `past` are new ones whose time is over already.
    Minutes are those of people, still to be done, before and after."""

    create: Mapping[str, datetime]
    move: Mapping[str, datetime]
    cancel: frozenset[str]
    past: frozenset[str]
    minutes_before: int
    minutes_after: int

    def __bool__(self) -> bool:
        return bool(self.create or self.move or self.cancel)


def step_changes(
    playbook: Routine, dues: Mapping[str, datetime], now: Mapping[str, StepNow], *, at: datetime
) -> StepChanges:
    """`dues` are those of the new text's steps. A step whose kind changed is another step: the old one is left out, unless
    it is settled, and the new one created. What a person postponed keeps its day."""
    wanted = {(step.key, step.kind): dues[step.key] for step in playbook.steps}
    arranged = {
        (key, step.kind): wanted.get((key, step.kind), step.due_at) if step.is_postponed else step.due_at
        for key, step in now.items()
    }
    settled = {(key, step.kind) for key, step in now.items() if step.is_settled}
    done_otherwise = {(step.key, step.kind) for step in playbook.steps if _is_settled(now.get(step.key))}
    changes = reconcile(wanted, arranged, touched=settled | done_otherwise)
    past = {key for (key, _), due_at in changes.create.items() if due_at < at} - {playbook.promise.kept_by}
    create = {key: due_at for (key, _), due_at in changes.create.items() if key not in past}
    cancel = frozenset(key for key, _ in changes.cancel)
    return StepChanges(
        create=create,
        move={key: due_at for (key, _), due_at in changes.move.items()},
        cancel=cancel,
        past=frozenset(past),
        minutes_before=sum(step.minutes for step in now.values() if not step.is_settled),
        minutes_after=_minutes_after(playbook, now, create, cancel),
    )


def _is_settled(step: StepNow | None) -> bool:
    return step is not None and step.is_settled


def _minutes_after(
    playbook: Routine, now: Mapping[str, StepNow], create: Mapping[str, datetime], cancel: frozenset[str]
) -> int:
    planned = {step.key: step.minutes for step in playbook.steps}
    stays = [key for key, step in now.items() if not step.is_settled and key not in cancel]
    return sum(planned.get(key, 0) for key in {*stays, *create})
