"""Occurrences that end before their steps are done: begun anew, replaced, or the matter came to its end."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from drumbeat.apps.ledger.actions import miss_promises, waive_promises
from drumbeat.apps.ledger.models import Promise, Standing
from drumbeat.apps.routines.models import OPEN_STATES, Occurrence, Step, StepState


@transaction.atomic
def close_early(
    occurrences: Collection[int], *, at: datetime, reason: str, misses_overdue: bool = False
) -> int:
    """What is open of them is left out, their open promises are waived with the reason; how many were closed.

    With `misses_overdue` promises past their deadline are missed instead. Steps are locked before occurrences, as by
    those who finish steps. Doing it twice does nothing.
    """
    steps = Step.objects.filter(occurrence__in=occurrences, state__in=OPEN_STATES).order_by("pk")
    locked = list(steps.select_for_update(of=("self",)).values_list("pk", flat=True))
    open_ones = Occurrence.objects.open().filter(pk__in=occurrences).order_by("pk").select_for_update()
    closing = list(open_ones.values_list("pk", flat=True))
    Step.objects.filter(pk__in=locked).update(state=StepState.SKIPPED, recorded_at=at, lease_until=None)
    promises = Promise.objects.filter(Q(occurrence__in=closing) | Q(step__occurrence__in=closing))
    ids = list(promises.values_list("pk", flat=True))
    if misses_overdue:
        overdue = Standing.objects.overdue(at).filter(promise__in=ids)
        miss_promises(list(overdue.values_list("promise", flat=True)), by=None, at=at, reason=reason)
    waive_promises(ids, at=at, reason=reason)
    Occurrence.objects.filter(pk__in=closing).update(closed_at=at)
    return len(closing)
