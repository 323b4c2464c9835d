"""What failed is tried again because a person says so: its letters where it wrote some, else the step itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from drumbeat.apps.messages.models import Message
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.actions import restart_step
from drumbeat.apps.routines.models import Step

from .posting import retry_failed


def try_again(steps: Iterable[Step], *, by: Account, at: datetime) -> int:
    """How many are tried again; each is a transaction of its own, so that one in the way doesn't hold up the others."""
    return sum(_try_one(step, by, at) for step in steps)


def _try_one(step: Step, by: Account, at: datetime) -> bool:
    letters = list(Message.objects.of_step(step.pk).filter(state=Message.State.FAILED))
    for letter in letters:
        retry_failed(letter, by=by, at=at)
    return bool(letters) or restart_step(step, by=by, at=at)
