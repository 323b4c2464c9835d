"""Fiscal years: when they and their quarters, months and weeks begin.

Knows two kinds, years of months and years of whole weeks (4-4-5 and its sisters, ISO weeks). A year is named by
the calendar year in which its first month begins. Of working days it knows nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Protocol

PATTERNS = ("4-4-5", "4-5-4", "5-4-4")
ANCHORS = ("nearest", "last")
UNITS = {"month": 1, "quarter": 3, "year": 12}
ONE_DAY = timedelta(days=1)
ONE_WEEK = timedelta(weeks=1)
FIRST_YEAR, LAST_YEAR = date.min.year + 1, date.max.year - 2


def _insist(holds: bool, reason: str) -> None:
    if not holds:
        raise ValueError(reason)


class FiscalCalendar(Protocol):
    """What planning asks of a fiscal year, of whatever kind."""

    def month_starts(self, year: int) -> tuple[date, ...]:
        """The first days of the twelve months (periods) of a fiscal year, in order."""
        ...

    def __hash__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class MonthYear:
    """Twelve calendar months from `first_month` on, each beginning on `first_day` (1 to 28)."""

    first_month: int = 1
    first_day: int = 1

    def __post_init__(self) -> None:
        _insist(1 <= self.first_month <= 12, f"There is no month {self.first_month}; use 1 to 12")
        _insist(1 <= self.first_day <= 28, f"A fiscal month can't begin on day {self.first_day}; use 1 to 28")

    def month_starts(self, year: int) -> tuple[date, ...]:
        months = (divmod(self.first_month - 1 + n, 12) for n in range(12))
        return tuple(date(year + later, month + 1, self.first_day) for later, month in months)


@dataclass(frozen=True, slots=True)
class WeekYear:
    """52 or 53 whole weeks that end on the `weekday` (0 = Monday) nearest to, or the last before, the end of the
    month before `first_month`. Months have as many weeks as `pattern` says; the last one takes week 53."""

    pattern: str = "4-4-5"
    anchor: str = "nearest"
    weekday: int = 5
    first_month: int = 1

    def __post_init__(self) -> None:
        _insist(self.pattern in PATTERNS, f"There is no pattern {self.pattern!r}; use {', '.join(PATTERNS)}")
        _insist(self.anchor in ANCHORS, f"There is no anchor {self.anchor!r}; use {' or '.join(ANCHORS)}")
        _insist(0 <= self.weekday <= 6, f"There is no weekday {self.weekday}; use 0 (Monday) to 6 (Sunday)")
        _insist(1 <= self.first_month <= 12, f"There is no month {self.first_month}; use 1 to 12")

    def month_starts(self, year: int) -> tuple[date, ...]:
        weeks = [int(count) for count in self.pattern.split("-")] * 4
        begin = self._begin(year)
        return tuple(begin + passed * ONE_WEEK for passed in accumulate(weeks[:-1], initial=0))

    def week_starts(self, year: int) -> tuple[date, ...]:
        """The first days of the 52 or 53 weeks of a fiscal year."""
        begin, end = self._begin(year), self._begin(year + 1)
        return tuple(begin + n * ONE_WEEK for n in range((end - begin) // ONE_WEEK))

    def _begin(self, year: int) -> date:
        """The day after the old year's last; the nearest weekday is the last one up to three days on."""
        month_end = date(year, self.first_month, 1) - ONE_DAY
        latest = month_end + timedelta(days=3 if self.anchor == "nearest" else 0)
        return latest - timedelta(days=(latest.weekday() - self.weekday) % 7) + ONE_DAY


CALENDAR_YEAR = MonthYear()
# Week 1 holds 4 January, so the old year ends on the Sunday nearest 31 December (ISO 8601).
ISO_YEAR = WeekYear("4-4-5", "nearest", 6, 1)


def fiscal_calendar(first_month: int, pattern: str, anchor: str, weekday: int) -> FiscalCalendar:
    """The year that a vendor's settings mean: `months`, or weeks by one of PATTERNS, of which alone anchor and weekday
    tell something. Raises ValueError."""
    return MonthYear(first_month) if pattern == "months" else WeekYear(pattern, anchor, weekday, first_month)


def period_starts(fiscal: FiscalCalendar, unit: str, year: int) -> tuple[date, ...]:
    """The first days of the months, of the quarters, or the first day of one fiscal year; `unit` is one of UNITS."""
    return fiscal.month_starts(year)[:: UNITS[unit]]


def period_ends(fiscal: FiscalCalendar, unit: str, year: int) -> tuple[date, ...]:
    """The last days of the same periods."""
    following = (*period_starts(fiscal, unit, year), fiscal.month_starts(year + 1)[0])
    return tuple(start - ONE_DAY for start in following[1:])


def periods_from(fiscal: FiscalCalendar, unit: str, since: date) -> Iterator[date]:
    """First days of periods on or after `since`, in order, until the calendar ends."""
    for year in range(max(since.year - 1, FIRST_YEAR), LAST_YEAR):
        yield from (start for start in period_starts(fiscal, unit, year) if start >= since)
