"""Times at which all sides can meet: inside the working hours of all, on days that all work, fair in who gets up early. Knows
hours and days away as they are handed in; whose they are and what was held before belongs to others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from drumbeat.core.worktime import WorkingHours

QUARTER = timedelta(minutes=15)
EARLY = timedelta(hours=1)  # the first and the last hour of a working day are hard hours
LOOKED_AHEAD = 120  # days
WAKING = (time(7), time(22))  # offered where the working hours of all never meet


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a meeting: its working hours, days away (leaves, `[from, until)`), and how many meetings so far began or
    ended in its hard hours. Stretched, it is asked for its waking hours."""

    hours: WorkingHours
    away: tuple[tuple[date, date], ...] = ()
    hard_so_far: int = 0
    is_stretched: bool = False

    def fits(self, begin: datetime, end: datetime) -> bool:
        """Whether [begin, end) lies inside one working day of this side; stretched, inside its waking hours."""
        return not self.obstacle(begin, end)

    def obstacle(self, begin: datetime, end: datetime) -> str:
        """What stands in the way of [begin, end): `hours`, `away`, `day off`, or nothing."""
        local, over = begin.astimezone(self.hours.zone), end.astimezone(self.hours.zone)
        opens, closes = WAKING if self.is_stretched else (self.hours.start, self.hours.end)
        day = local.date()
        if local.time() < opens or over.time() > closes or over.date() != day:
            return "hours"
        if any(since <= day < until for since, until in self.away):
            return "away"
        return "" if self.hours.calendar.is_working(day) else "day off"

    def is_hard(self, begin: datetime, end: datetime) -> bool:
        """In the first or the last hour of the working day; stretched, before or after it."""
        local, over = begin.astimezone(self.hours.zone), end.astimezone(self.hours.zone)
        opens = datetime.combine(local.date(), self.hours.start, self.hours.zone)
        closes = datetime.combine(local.date(), self.hours.end, self.hours.zone)
        margin = timedelta() if self.is_stretched else EARLY
        return begin < opens + margin or over > closes - margin


@dataclass(frozen=True, slots=True)
class Proposal:
    """A time for both (UTC); `hard_for` are the numbers of the sides for which it is early or late."""

    starts_at: datetime
    hard_for: tuple[int, ...]


def propose_times(
    sides: Sequence[Side],
    minutes: int,
    *,
    since: datetime,
    wanted: int = 3,
    busy: Iterable[tuple[datetime, datetime]] = (),
) -> list[Proposal]:
    """The next times, one a day at most, the fairest of each day; where the working hours of all never meet, inside the
    waking hours of all (7 to 22). Fewer than `wanted`, even none, when days hardly meet within 120 days.

    A time that is hard for nobody is best; else the one hard for the side that had the fewest hard hours so far, counting
    those proposed here. Among equals the earliest. `busy` are spans taken already.
    """
    taken = tuple(busy)
    found = _proposed(sides, minutes, since, wanted, taken)
    return found or _proposed(
        [replace(side, is_stretched=True) for side in sides], minutes, since, wanted, taken
    )


def _proposed(
    sides: Sequence[Side],
    minutes: int,
    since: datetime,
    wanted: int,
    taken: Sequence[tuple[datetime, datetime]],
) -> list[Proposal]:
    counts = [side.hard_so_far for side in sides]
    found: list[Proposal] = []
    for day in _days(since):
        fitting = list(_fitting(sides, day, timedelta(minutes=minutes), since, taken))
        if fitting:
            best = min(fitting, key=lambda one: (sum(counts[n] + 1 for n in one.hard_for), one.starts_at))
            found.append(best)
            for number in best.hard_for:
                counts[number] += 1
        if len(found) == wanted:
            break
    return found


def _days(since: datetime) -> Iterator[datetime]:
    """Midnights (UTC) from the day of `since` on."""
    first = since.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=number) for number in range(LOOKED_AHEAD))


def _fitting(
    sides: Sequence[Side],
    day: datetime,
    length: timedelta,
    since: datetime,
    busy: Sequence[tuple[datetime, datetime]],
) -> Iterator[Proposal]:
    """Every quarter of an hour of a UTC day that suits all."""
    for number in range(24 * 4):
        begin = day + number * QUARTER
        end = begin + length
        is_free = all(until <= begin or end <= start for start, until in busy)
        if begin > since and is_free and all(side.fits(begin, end) for side in sides):
            hard = (number for number, side in enumerate(sides) if side.is_hard(begin, end))
            yield Proposal(begin, tuple(hard))
