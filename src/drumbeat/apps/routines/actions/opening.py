"""Due moments become occurrences: the beat's own verb, in batches, each one statement and one transaction."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Min

from drumbeat.apps.ledger.actions import miss_promises
from drumbeat.apps.routines.models import Moment, Occurrence, Version
from drumbeat.apps.routines.statements import OPEN

from .closing_early import close_early

BATCH = 5000
BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Opened:
    """`occurrences` were opened; of these `slept_through` were missed while the system was down (catch-up *skip*)."""

    occurrences: int = 0
    slept_through: int = 0


def open_due(*, at: datetime, limit: int = BATCH) -> Opened:
    """Opens all that is due by `at`, batch by batch; each batch commits by itself, so a kill loses at most its own."""
    total = Opened()
    # Most beats find nothing, and to look costs a tenth of planning the great statement. Asked for the first, the index
    # answers; asked whether any exists, a prepared plan reads the table.
    first = Moment.objects.aggregate(at=Min("opens_at"))["at"]
    if first is None or first > at:
        return total
    while (opened := open_batch(at=at, limit=limit)).occurrences:
        total = Opened(total.occurrences + opened.occurrences, total.slept_through + opened.slept_through)
    return total


@transaction.atomic
def open_batch(*, at: datetime, limit: int = BATCH) -> Opened:
    overlaps = dict(Version.objects.exclude(overlap="beside").values_list("pk", "overlap"))
    holding = [pk for pk, word in overlaps.items() if word == "hold"]
    if replacing := overlaps.keys() - set(holding):
        _make_room(replacing, at)
    count, skipped = _open(at, limit, [*overlaps], holding)
    if skipped:
        miss_promises(skipped, by=None, at=at, reason="system")
        Occurrence.objects.filter(promise__in=skipped).update(closed_at=at)
    return Opened(count, len(skipped))


@transaction.atomic
def open_at_once(moment: Moment, *, at: datetime) -> Occurrence:
    """This moment alone, which nobody has planned, before its time and whatever else is open."""
    moment.opens_at = BEFORE_ALL
    moment.save()
    _open(at, 1, [], [])
    return Occurrence.objects.get(
        subscription=moment.subscription_id, nominal_on=moment.nominal_on, event_id=moment.event_id
    )


def _open(at: datetime, limit: int, one_by_one: list[int], holding: list[int]) -> tuple[int, list[int]]:
    """How many were opened, and the promises of those that were slept through."""
    parameters: dict[str, Any] = {
        "at": at,
        "on": at.date(),
        "limit": limit,
        "one_by_one": one_by_one,
        "holding": holding,
    }
    with connection.cursor() as cursor:
        cursor.execute(OPEN, parameters)
        count, skipped = cursor.fetchone()
    return count, skipped


def _make_room(versions: Collection[int], at: datetime) -> None:
    """Closes what is open where the next occurrence takes its place."""
    due = Moment.objects.filter(version__in=versions, opens_at__lte=at).values("subscription")
    last = Occurrence.objects.open().filter(subscription__in=due)
    close_early(list(last.values_list("pk", flat=True)), at=at, reason="replaced", misses_overdue=True)
