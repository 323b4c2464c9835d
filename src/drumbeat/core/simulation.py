"""What routines would bring in a window: occurrences, hours of managers, mails to contacts, meetings. Nothing is written.

People, partners and routines are numbers here, places in the lists of who asks; `-1` is nobody. Each combination of
subscriptions that want the same is one Course, counted once and multiplied. Days are those of the routine's zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from drumbeat.core.arrays import Ints, LocalClock, Mask, date_of, day_number, local_clock

Numbers = NDArray[np.int32]
MARGIN = 60  # days around the window in which steps of its occurrences may lie


@dataclass(frozen=True, slots=True)
class Window:
    """Days [from_on, until_on), told by weeks (from Monday) and months."""

    from_on: date
    until_on: date

    @property
    def first(self) -> int:
        return day_number(self.from_on)

    @property
    def length(self) -> int:
        return (self.until_on - self.from_on).days

    @property
    def weeks(self) -> list[date]:
        """The Mondays of its weeks."""
        monday = self.from_on - timedelta(days=self.from_on.weekday())
        return [monday + timedelta(days=n) for n in range(0, (self.until_on - monday).days, 7)]

    @property
    def months(self) -> list[date]:
        days = (self.from_on + timedelta(days=n) for n in range(self.length))
        return sorted({day.replace(day=1) for day in days})

    def inside(self, days: Ints) -> Mask:
        return (days >= self.first) & (days < self.first + self.length)

    def week_of(self, days: Ints) -> Ints:
        return (days - day_number(self.weeks[0])) // 7

    def month_of(self, days: Ints) -> Ints:
        starts = np.array([day_number(month) for month in self.months])
        return np.searchsorted(starts, days, "right") - 1


@dataclass(frozen=True, slots=True)
class Readers:
    """Which contacts each subject's mail goes to: those of subject n are `contacts[first[n]:first[n + 1]]`."""

    contacts: Numbers
    first: Ints

    def of(self, subjects: Numbers) -> Numbers:
        counts = self.first[subjects + 1] - self.first[subjects]
        starts = np.repeat(self.first[subjects] - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
        return self.contacts[np.arange(counts.sum()) + starts]


def readers_from(lists: Sequence[Sequence[int]]) -> Readers:
    """One list of contacts for each subject."""
    first = np.concatenate(([0], np.cumsum([len(one) for one in lists], dtype=np.int64)))
    return Readers(np.array([pk for one in lists for pk in one], np.int32), first)


@dataclass(frozen=True, slots=True)
class Part:
    """A step as far as it counts: minutes of the channel manager, readers of a mail, length and guests of a meeting."""

    title: str
    minutes: int = 0
    readers: Readers | None = None
    meets: int = 0
    guests: Readers | None = None


@dataclass(frozen=True, slots=True)
class Apart:
    """Other people agreed for one subject on days [first, last): for each part the contacts it goes to instead."""

    first: int
    last: int
    contacts: tuple[Numbers, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """The occurrences of one combination: `due_at` has a moment each, `step_dues` one a step too (occurrences x steps).

    `subjects` are those who share it, partners or, of a routine of managers, managers; `managers` does the work of each.
    What was agreed `apart` belongs to one subject alone.
    """

    zone: ZoneInfo
    due_at: Ints
    step_dues: Ints
    subjects: Numbers
    managers: Numbers
    apart: tuple[Apart, ...] = ()

    def people(self, part: int, usual: Readers | None, days: Ints) -> Iterator[tuple[Mask, Numbers, Ints]]:
        """On which of the days a part goes to whom: a mask, contacts, and for each the place of its subject in `subjects`."""
        left = np.ones(days.size, np.bool_)
        for one in self.apart:
            inside = (days >= one.first) & (days < one.last)
            yield inside, one.contacts[part], np.zeros(one.contacts[part].size, np.int64)
            left &= ~inside
        if usual and left.any():
            counts = usual.first[self.subjects + 1] - usual.first[self.subjects]
            yield left, usual.of(self.subjects), np.repeat(np.arange(self.subjects.size), counts)


@dataclass(frozen=True, slots=True)
class Played:
    """The parts of each routine, and its courses. `of_person` says whether subjects are managers."""

    parts: tuple[Part, ...]
    courses: tuple[Course, ...]
    of_person: bool


@dataclass(frozen=True, slots=True)
class Size:
    """How many there are of each."""

    partners: int
    managers: int
    contacts: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """Sums over a window. A row of managers more than there are stands for nobody, the last.

    occurrences: routines x managers x weeks; months: routines x months; of_partner: partners; minutes: managers x weeks;
    mails: contacts x days.
    """

    occurrences: Ints
    months: Ints
    of_partner: Ints
    minutes: NDArray[np.float64]
    mails: NDArray[np.uint8]

    @property
    def total(self) -> int:
        return int(self.occurrences.sum())


def forecast(routines: Sequence[Played], window: Window, size: Size) -> Forecast:
    weeks, months = len(window.weeks), len(window.months)
    found = Forecast(
        occurrences=np.zeros((len(routines), size.managers + 1, weeks), np.int64),
        months=np.zeros((len(routines), months), np.int64),
        of_partner=np.zeros(size.partners, np.int64),
        minutes=np.zeros((size.managers + 1, weeks)),
        mails=np.zeros((size.contacts, window.length), np.uint8),
    )
    for number, routine in enumerate(routines):
        for course in routine.courses:
            _count(found, number, routine, course, window)
    return found


def _count(found: Forecast, number: int, routine: Played, course: Course, window: Window) -> None:
    clock = clock_of(course.zone, window)
    days = _days(clock, course.due_at, window)
    whose, shares = np.unique(course.managers, return_counts=True)
    by_week = np.bincount(window.week_of(days), minlength=found.occurrences.shape[2])
    found.occurrences[number, whose] += shares[:, np.newaxis] * by_week
    by_month = np.bincount(window.month_of(days), minlength=found.months.shape[1])
    found.months[number] += by_month * course.subjects.size
    if not routine.of_person:
        found.of_partner[course.subjects] += days.size
    for n, (part, dues) in enumerate(zip(routine.parts, course.step_dues.T, strict=True)):
        if part.minutes:
            by_week = np.bincount(
                window.week_of(_days(clock, dues, window)), minlength=found.minutes.shape[1]
            )
            found.minutes[whose] += shares[:, np.newaxis] * by_week * part.minutes
        if not part.meets and (part.readers or course.apart):
            days = _days(clock, dues, window)
            for inside, contacts, _ in course.people(n, part.readers, days):
                per_day = np.bincount(days[inside] - window.first, minlength=window.length)
                found.mails[contacts] += per_day.astype(np.uint8)


def clock_of(zone: ZoneInfo, window: Window) -> LocalClock:
    return local_clock(zone, window.first - MARGIN * 4, window.first + window.length + MARGIN * 4)


def _days(clock: LocalClock, moments: Ints, window: Window) -> Ints:
    """The local days of those inside the window."""
    days, _ = clock.local(moments)
    return days[window.inside(days)]


@dataclass(frozen=True, slots=True)
class Row:
    """One occurrence behind a figure; `moment` is the due of the occurrence or of the step meant."""

    routine: int
    subject: int
    manager: int
    moment: int
    on: date
    what: str = ""


def rows_behind(
    routines: Sequence[Played],
    window: Window,
    *,
    routine: int | None = None,
    manager: int | None = None,
    partner: int | None = None,
    week: int | None = None,
    month: int | None = None,
) -> Iterable[Row]:
    """The occurrences that a figure counts, in order of routines and courses."""
    for number, played in enumerate(routines):
        if routine in (None, number) and not (partner is not None and played.of_person):
            for course in played.courses:
                yield from _rows(number, course, window, manager, partner, week, month)


def _rows(
    number: int,
    course: Course,
    window: Window,
    manager: int | None,
    partner: int | None,
    week: int | None,
    month: int | None,
) -> Iterable[Row]:
    whose = np.ones(course.subjects.size, np.bool_)
    whose &= course.managers == manager if manager is not None else True
    whose &= course.subjects == partner if partner is not None else True
    if not whose.any():
        return
    days, _ = clock_of(course.zone, window).local(course.due_at)
    meant = window.inside(days)
    meant &= window.week_of(days) == week if week is not None else True
    meant &= window.month_of(days) == month if month is not None else True
    for place in np.flatnonzero(whose):
        for n in np.flatnonzero(meant):
            yield Row(
                number, int(course.subjects[place]), int(course.managers[place]), int(course.due_at[n]),
                date_of(days[n]),
            )  # fmt: skip
