"""Working days and local clocks as tables over a span of days, asked for whole arrays at once.

Days are whole numbers since 1970-01-01, moments are whole seconds since then in UTC, both int64. The laws are those of
`calendars` and `worktime`; what a rule, a routine or a subscription is, is not known here.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from drumbeat.core.calendars import CalendarError, WorkingCalendar

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

DAY = 86_400
EPOCH = date(1970, 1, 1).toordinal()
THURSDAY = 3  # the weekday of day 0
BLOCK = 512  # tables begin and end with blocks of so many days, so that near windows share them
LOOK = 8  # days between two looks at a zone's offset: no zone changes it twice in that time


def day_number(day: date) -> int:
    return day.toordinal() - EPOCH


def day_numbers(days: frozenset[date]) -> Ints:
    return np.fromiter((day_number(day) for day in days), np.int64, len(days))


def date_of(number: int) -> date:
    return date.fromordinal(int(number) + EPOCH)


def month_of(days: Ints) -> Ints:
    """Months since January 1970."""
    return days.view("datetime64[D]").astype("datetime64[M]").view(np.int64)


class WorkingDays:
    """The working days of a calendar among the days `first` to `last`, both included, of which it alone knows."""

    def __init__(self, calendar: WorkingCalendar, first: int, last: int) -> None:
        span = np.arange(first, last + 1)
        works = ~np.isin((span + THURSDAY) % 7, list(calendar.weekend))
        works |= np.isin(span, day_numbers(calendar.worked_weekend_days))
        works &= ~np.isin(span, day_numbers(calendar.holidays))
        self.name, self.first, self.works = calendar.name, first, works
        self.days: Ints = span[works]

    def are_working(self, days: Ints) -> Mask:
        return self.works[days - self.first]

    def add(self, days: Ints, n: Ints | int) -> Ints:
        """The n-th working day after each day, before it when negative; 0 leaves the day as it is."""
        after = np.searchsorted(self.days, days, "right") + n - 1
        before = np.searchsorted(self.days, days, "left") + n
        places = np.where(np.greater(n, 0), after, before)
        return np.where(np.equal(n, 0), days, self._at(np.where(np.equal(n, 0), 0, places)))

    def roll(self, days: Ints, convention: str) -> tuple[Ints, Mask]:
        """Where each day falls by a convention of `calendars.roll`, and which days it does not leave out."""
        works = self.are_working(days)
        if convention == "skip" or works.all():
            return days, works
        return np.where(works, days, self._moved(days, convention)), np.ones_like(works)

    def _moved(self, days: Ints, convention: str) -> Ints:
        if convention == "none":
            return days
        later, earlier = self.add(days, 1), self.add(days, -1)
        if convention == "nearest":
            return np.where(later - days <= days - earlier, later, earlier)
        first, other = (later, earlier) if convention.endswith("following") else (earlier, later)
        if convention.startswith("modified"):
            return np.where(month_of(first) == month_of(days), first, other)
        return first

    def _at(self, places: Ints) -> Ints:
        if places.size and not 0 <= places.min() <= places.max() < self.days.size:
            raise CalendarError(
                f"The calendar {self.name} has too few working days around the time that is asked for",
                "Take days off its weekend or its holidays.",
            )
        return self.days[places]


class LocalClock:
    """The offsets of a zone between two days. In a gap the offset before it counts, in a fold the first (`localize`)."""

    def __init__(self, zone: ZoneInfo, first: int, last: int) -> None:
        begins = np.arange(first, last + 1 + LOOK, LOOK) * DAY
        offsets = np.array([_offset(zone, int(second)) for second in begins])
        changed = np.flatnonzero(np.diff(offsets))
        self._changes = np.array(
            [_change(zone, int(begins[n]), int(begins[n + 1])) for n in changed], np.int64
        )
        self._offsets: Ints = np.concatenate((offsets[:1], offsets[changed + 1])).astype(np.int64)
        self._local_changes = self._changes + np.maximum(self._offsets[:-1], self._offsets[1:])

    def instants(self, days: Ints, second: Ints | int) -> Ints:
        """The moments when local clocks show so many seconds past midnight on these days."""
        local = days * DAY + second
        return local - self._offsets[np.searchsorted(self._local_changes, local, "right")]

    def local(self, moments: Ints) -> tuple[Ints, Ints]:
        """Local days and the seconds past their midnight."""
        shown = moments + self._offsets[np.searchsorted(self._changes, moments, "right")]
        return np.floor_divide(shown, DAY), np.mod(shown, DAY)


def _offset(zone: ZoneInfo, second: int) -> int:
    offset = datetime.fromtimestamp(second, UTC).astimezone(zone).utcoffset()
    assert offset is not None, "a zone has an offset at every moment"
    return int(offset.total_seconds())


def _change(zone: ZoneInfo, before: int, after: int) -> int:
    """The second from which the offset of `after` holds."""
    new = _offset(zone, after)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(zone, middle) == new:
            after = middle
        else:
            before = middle
    return after


def working_days(calendar: WorkingCalendar, first: int, last: int) -> WorkingDays:
    """A table that holds these days at least."""
    return _working_days(calendar, *_blocks(first, last))


def local_clock(zone: ZoneInfo, first: int, last: int) -> LocalClock:
    """A table that holds these days at least."""
    return _local_clock(zone, *_blocks(first, last))


def _blocks(first: int, last: int) -> tuple[int, int]:
    return first // BLOCK * BLOCK, (last // BLOCK + 1) * BLOCK


_working_days = lru_cache(maxsize=2048)(WorkingDays)
_local_clock = lru_cache(maxsize=1024)(LocalClock)
