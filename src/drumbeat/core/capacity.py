"""How many partners fit one manager, and how many hours a week he has for planned work.

The formula and its starting values are those of the domain's section on capacity. Hours are plain numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from drumbeat.core.calendars import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Shares of working time: `internal` work beside partners, `reserve` of the rest for what nobody planned; `fill` is how
    full a manager should be planned."""

    internal: float = 0.35
    reserve: float = 0.20
    fill: float = 0.85

    @property
    def plannable(self) -> float:
        """The share of working hours that routines may take."""
        return (1 - self.internal) * (1 - self.reserve)


USUAL = Assumptions()


@dataclass(frozen=True, slots=True)
class Fit:
    """What a manager's year holds: hours for planned work, for routines of his own, for partners; what a partner of the
    mix needs; and how many fit when planned to the full and to `fill`. None where partners need no time."""

    plannable: float
    fixed: float
    for_partners: float
    a_partner: float
    full: float | None
    partners: int | None


def partners_that_fit(
    hours: float,
    fixed: float,
    mix: Mapping[str, float],
    needs: Mapping[str, float],
    assumed: Assumptions = USUAL,
) -> Fit:
    """`fill × (H × (1 − internal) × (1 − reserve) − fixed) ÷ Σ share × need`; shares of the mix count by their weight, tiers
    without a need take none."""
    weight = sum(mix.values())
    plannable = hours * assumed.plannable
    room = max(plannable - fixed, 0.0)
    a_partner = sum(share * needs.get(tier, 0.0) for tier, share in mix.items()) / weight if weight else 0.0
    full = room / a_partner if a_partner else None
    return Fit(
        plannable, fixed, room, a_partner, full, round(full * assumed.fill) if full is not None else None
    )


@dataclass(frozen=True, slots=True)
class Working:
    """When one manager works: days of the calendar without absences, so many hours each."""

    calendar: WorkingCalendar
    hours_a_day: float
    absences: tuple[tuple[date, date], ...] = ()

    def works_on(self, day: date) -> bool:
        return self.calendar.is_working(day) and not any(begin <= day < end for begin, end in self.absences)

    def hours(self, days: Iterable[date]) -> float:
        return self.hours_a_day * sum(self.works_on(day) for day in days)


def hours_between(starts: time, ends: time) -> float:
    """A working day's length, without regard to breaks."""
    begin, end = (timedelta(hours=at.hour, minutes=at.minute) for at in (starts, ends))
    return (end - begin) / timedelta(hours=1)


def hours_by_week(
    working: Working, from_on: date, until_on: date, assumed: Assumptions = USUAL
) -> list[float]:
    """Hours for planned work in each week (from Monday) of [from_on, until_on), days outside not counted."""
    monday = from_on - timedelta(days=from_on.weekday())
    weeks = [monday + timedelta(days=n) for n in range(0, (until_on - monday).days, 7)]
    return [
        assumed.plannable
        * working.hours(day for n in range(7) if from_on <= (day := week + timedelta(days=n)) < until_on)
        for week in weeks
    ]
