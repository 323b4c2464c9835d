"""The day and moment on which a cadence falls due for one subject: rule date → roll → offset → phase → blackout → clock.

Knows a cadence and the setting it runs in; of steps, promises and misses it knows nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from drumbeat.core.cadences import read_source
from drumbeat.core.calendars import WorkingCalendar, add_working_days, roll
from drumbeat.core.fiscal import CALENDAR_YEAR, FiscalCalendar
from drumbeat.core.playbook import Blackout, Cadence
from drumbeat.core.worktime import WorkingHours, localize


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a routine runs for one subject: the zone of its local times, the calendar of its working days, and the
    vendor's fiscal year."""

    zone: ZoneInfo
    calendar: WorkingCalendar = field(hash=False)
    starts: time = time(9)
    ends: time = time(17)
    fiscal: FiscalCalendar = CALENDAR_YEAR

    @property
    def hours(self) -> WorkingHours:
        return WorkingHours(self.calendar, self.zone, self.starts, self.ends)


@dataclass(frozen=True, slots=True)
class DueDay:
    """One due moment (UTC) with the rule's date it came from, and the trail that `explain` turns into a sentence."""

    nominal_on: date
    due_at: datetime
    is_paused: bool
    why: str


def due_days(
    cadence: Cadence, setting: Setting, *, phase: int, anchor: date, since: date, until: date
) -> list[DueDay]:
    """Due days whose rule date lies in [since, until), and the first one after it; paused ones are marked."""
    begin = cadence.starts_on or anchor
    source = read_source(cadence.rule)
    found = []
    for nominal in source.dates(begin, max(since, begin), setting.calendar, setting.fiscal):
        if cadence.ends_on and nominal > cadence.ends_on:
            break
        if day := _due_day(cadence, setting, phase, nominal):
            found.append(day)
        if nominal >= until:
            break
    return found


def _due_day(cadence: Cadence, setting: Setting, phase: int, nominal: date) -> DueDay | None:
    """None when the roll or a blackout leaves the date out."""
    calendar = setting.calendar
    rolled = roll(nominal, cadence.roll, calendar)
    if rolled is None:
        return None
    shifted = add_working_days(rolled, cadence.offset, calendar)
    phased = add_working_days(shifted, phase, calendar)
    free = out_of_blackout(phased, cadence.blackout, calendar)
    if free is None:
        return None
    due_at = localize(free, cadence.at, setting.zone)
    trail = [f"rule {nominal}"]
    trail += [f"{cadence.roll} {rolled}"] * (rolled != nominal)
    trail += [f"{cadence.offset:+d}bd {shifted}"] * (cadence.offset != 0)
    trail += [f"phase {phase:+d}bd {phased}"] * (phase != 0)
    trail += [f"blackout {free}"] * (free != phased)
    trail.append(f"at {cadence.at:%H:%M} {setting.zone.key}")
    trail += _gap(due_at, cadence.at, setting.zone)
    is_paused = any(pause.covers(free) for pause in cadence.pause)
    return DueDay(nominal, due_at, is_paused, "; ".join(trail))


def out_of_blackout(day: date, blackout: Blackout, calendar: WorkingCalendar) -> date | None:
    """The nearest working day outside, forward or back as the blackout says; None when it leaves such days out."""
    if blackout.covers(day) and blackout.then == "skip":
        return None
    while blackout.covers(day):
        day = add_working_days(day, 1 if blackout.then == "following" else -1, calendar)
    return day


def _gap(due_at: datetime, at: time, zone: ZoneInfo) -> list[str]:
    """Said only where the clock jumps over the time that was asked for."""
    local = due_at.astimezone(zone)
    return [f"gap {local:%H:%M}"] * (local.time() != at)
