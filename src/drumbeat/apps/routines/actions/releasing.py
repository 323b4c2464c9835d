"""What a release from a promise does to the work that would have kept it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from drumbeat.apps.ledger.models import Promise
from drumbeat.apps.routines.models import OPEN_STATES, Occurrence, Step, StepSet, StepState


@transaction.atomic
def drop_work_for(promise: Promise, *, at: datetime) -> int:
    """The promise was waived: what is left of its work is left out, the occurrence closed. How many steps went."""
    dropped = _open_work_for(promise).update(state=StepState.SKIPPED, recorded_at=at, lease_until=None)
    Occurrence.objects.open().filter(promise=promise).update(closed_at=at)
    return dropped


@transaction.atomic
def move_work_for(promise: Promise, *, due_before: datetime, due_at: datetime) -> int:
    """The promise was redated: its open steps keep their distance from the due moment. How many steps moved."""
    shift = due_at - due_before
    return _open_work_for(promise).update(due_at=F("due_at") + shift, starts_at=F("starts_at") + shift)


def _open_work_for(promise: Promise) -> StepSet:
    """The one step of a step's own promise; of a routine's promise all of its occurrence but those with their own."""
    if promise.origin == "step":
        return Step.objects.filter(promise=promise, state__in=OPEN_STATES)
    return Step.objects.filter(occurrence__promise=promise, promise=None, state__in=OPEN_STATES)
