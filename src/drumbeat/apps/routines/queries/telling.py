"""Whether anybody outside has been told of an occurrence: a mail in the outbox or sent, a meeting invited to."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from drumbeat.apps.routines.models import Occurrence, Step, StepState

REACHING = ("mail", "form", "webhook")
LEFT = (StepState.HANDED, StepState.DONE, StepState.UNCERTAIN)


def has_told(occurrence: Occurrence) -> bool:
    return bool(told_among([occurrence.pk]))


def told_among(occurrences: Iterable[int]) -> set[int]:
    """Those of them of which something has left the house; one query."""
    has_left = Q(kind__in=REACHING, state__in=LEFT) | Q(kind="form", attempts__gt=0)
    told = Step.objects.filter(has_left | Q(meeting__isnull=False), occurrence__in=list(occurrences))
    return set(told.values_list("occurrence_id", flat=True))
