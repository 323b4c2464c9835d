"""Meetings that can't be held as planned: two at once for one person, or outside the hours in which both sides work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from drumbeat.core.arrays import Ints, Mask, local_clock, working_days
from drumbeat.core.calendars import WorkingCalendar
from drumbeat.core.simulation import MARGIN, Course, Numbers, Part, Played, Window, clock_of


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when one side works; hours in seconds past local midnight."""

    zone: ZoneInfo
    calendar: WorkingCalendar = field(hash=False)
    starts: int = 9 * 3600
    ends: int = 17 * 3600


@dataclass(frozen=True, slots=True)
class Meetings:
    """One entry a meeting, in columns."""

    routine: Numbers
    subject: Numbers
    manager: Numbers
    begins: Ints
    ends: Ints

    @property
    def size(self) -> int:
        return int(self.begins.size)

    def only(self, chosen: Mask | Ints) -> Meetings:
        return Meetings(*(getattr(self, name)[chosen] for name in self.__slots__))


def meetings_in(routines: Sequence[Played], window: Window) -> Meetings:
    """All meetings with partners that begin in the window; those of managers alone among themselves too."""
    found = [
        _of_course(number, course, part, dues, window)
        for number, played in enumerate(routines)
        for course in played.courses
        for part, dues in zip(played.parts, course.step_dues.T, strict=True)
        if part.meets
    ]
    return Meetings(*(_joined([getattr(one, name) for one in found]) for name in Meetings.__slots__))


def _joined(columns: list[Any]) -> Any:
    return np.concatenate(columns) if columns else np.empty(0, np.int64)


def _of_course(number: int, course: Course, part: Part, dues: Ints, window: Window) -> Meetings:
    days, _ = clock_of(course.zone, window).local(dues)
    begins = dues[window.inside(days)]
    count = course.subjects.size
    return Meetings(
        routine=np.full(count * begins.size, number, np.int32),
        subject=np.repeat(course.subjects, begins.size),
        manager=np.repeat(course.managers, begins.size),
        begins=np.tile(begins, count),
        ends=np.tile(begins + part.meets * 60, count),
    )


def seats_in(routines: Sequence[Played], window: Window) -> tuple[Ints, Numbers]:
    """Which contact sits in which of these meetings: places among them, and contacts, one entry a seat."""
    places, contacts, first = [np.empty(0, np.int64)], [np.empty(0, np.int32)], 0
    for played in routines:
        for course in played.courses:
            for n, (part, dues) in enumerate(zip(played.parts, course.step_dues.T, strict=True)):
                if not part.meets:
                    continue
                days, _ = clock_of(course.zone, window).local(dues)
                days = days[window.inside(days)]
                for inside, guests, whose in course.people(n, part.guests, days):
                    held = np.flatnonzero(inside)
                    places.append((first + whose[:, np.newaxis] * days.size + held).ravel())
                    contacts.append(np.repeat(guests, held.size))
                first += course.subjects.size * days.size
    return np.concatenate(places), np.concatenate(contacts)


def clashes(whose: Numbers, begins: Ints, ends: Ints) -> list[tuple[int, int]]:
    """Pairs of places (earlier, later) where the later begins before the earlier ends, for the same person; -1 is nobody.
    A meeting that clashes with several is told once."""
    order = np.lexsort((begins, whose))
    order = order[whose[order] >= 0]
    if order.size < 2:
        return []
    # Each person's meetings on a stretch of time of their own, so that one running maximum serves all.
    shift = whose[order].astype(np.int64) * (int(ends.max()) - int(begins.min()) + 1)
    starts, stops = begins[order] + shift, ends[order] + shift
    latest = np.maximum.accumulate(stops)
    holds = np.maximum.accumulate(np.where(stops == latest, np.arange(order.size), 0))
    later = np.flatnonzero(starts[1:] < latest[:-1]) + 1
    return [(int(order[holds[n - 1]]), int(order[n])) for n in later]


def open_at(place: Place, window: Window, begins: Ints, ends: Ints) -> Mask:
    """Whether meetings lie wholly inside the working hours of a place."""
    first, last = window.first - MARGIN, window.first + window.length + MARGIN
    clock = local_clock(place.zone, first, last)
    days, at = clock.local(begins)
    works = working_days(place.calendar, first, last).are_working(days)
    return works & (at >= place.starts) & (at + (ends - begins) <= place.ends)


def out_of_hours(
    meetings: Meetings,
    window: Window,
    partners: Sequence[Place],
    of_partner: Numbers,
    managers: Sequence[Place],
) -> Mask:
    """Meetings with partners that are not inside the hours of both sides. `of_partner` gives each partner's place."""
    is_open = np.ones(meetings.size, np.bool_)
    place = of_partner[meetings.subject]
    for number in np.unique(place):
        chosen = place == number
        is_open[chosen] &= open_at(partners[number], window, meetings.begins[chosen], meetings.ends[chosen])
    kinds = {place: n for n, place in enumerate(dict.fromkeys(managers))}
    kind = np.array([*(kinds[place] for place in managers), -1])[meetings.manager]
    for where, number in kinds.items():
        chosen = kind == number
        is_open[chosen] &= open_at(where, window, meetings.begins[chosen], meetings.ends[chosen])
    return ~is_open
