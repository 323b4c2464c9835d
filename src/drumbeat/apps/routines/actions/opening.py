"""Due moments become occurrences: the beat's own verb, in batches, each one statement and one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from drumbeat.apps.ledger.actions import miss_promises
from drumbeat.apps.routines.models import Occurrence
from drumbeat.apps.routines.statements import OPEN

BATCH = 5000


@dataclass(frozen=True, slots=True)
class Opened:
    """`occurrences` were opened; of these `slept_through` were missed while the system was down (catch-up *skip*)."""

    occurrences: int = 0
    slept_through: int = 0


def open_due(*, at: datetime, limit: int = BATCH) -> Opened:
    """Opens all that is due by `at`, batch by batch; each batch commits by itself, so a kill loses at most its own."""
    total = Opened()
    while (opened := open_batch(at=at, limit=limit)).occurrences:
        total = Opened(total.occurrences + opened.occurrences, total.slept_through + opened.slept_through)
    return total


@transaction.atomic
def open_batch(*, at: datetime, limit: int = BATCH) -> Opened:
    with connection.cursor() as cursor:
        cursor.execute(OPEN, {"at": at, "on": at.date(), "limit": limit})
        count, skipped = cursor.fetchone()
    if skipped:
        miss_promises(skipped, by=None, at=at, reason="system")
        Occurrence.objects.filter(promise__in=skipped).update(closed_at=at)
    return Opened(count, len(skipped))
