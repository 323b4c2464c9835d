"""The day and moment on which a cadence falls due for one subject: rule date → roll → offset → phase → blackout →
what was agreed apart → clock.

Knows a cadence and the setting it runs in; of steps, promises and misses it knows nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from drumbeat.core.cadences import read_source
from drumbeat.core.calendars import WorkingCalendar, add_working_days, roll
from drumbeat.core.fiscal import CALENDAR_YEAR, FiscalCalendar
from drumbeat.core.overriding import Override, agreed_on, in_week_of, rests_on, trail_of
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
    cadence: Cadence,
    setting: Setting,
    *,
    phase: int,
    anchor: date,
    since: date,
    until: date,
    overrides: tuple[Override, ...] = (),
) -> list[DueDay]:
    """Due days whose rule date lies in [since, until), and the first one after it; paused ones are marked."""
    begin = cadence.starts_on or anchor
    source = read_source(cadence.rule)
    found = []
    for nominal in source.dates(begin, max(since, begin), setting.calendar, setting.fiscal):
        if cadence.ends_on and nominal > cadence.ends_on:
            break
        if day := _due_day(cadence, setting, phase, nominal, overrides):
            found.append(day)
        if nominal >= until:
            break
    return found


def _due_day(
    cadence: Cadence, setting: Setting, phase: int, nominal: date, overrides: tuple[Override, ...]
) -> DueDay | None:
    """None when the roll or a blackout leaves the date out."""
    placed = _place(cadence, setting.calendar, phase, nominal)
    if placed and (agreed := agreed_on(placed[0], overrides)):
        placed = _agreed_place(cadence, setting.calendar, phase, nominal, agreed, placed[0])
        at = agreed.at or cadence.at
    else:
        at = cadence.at
    if placed is None:
        return None
    day, trail = placed
    due_at = localize(day, at, setting.zone)
    trail = [*trail, f"at {at:%H:%M} {setting.zone.key}", *_gap(due_at, at, setting.zone)]
    is_paused = any(pause.covers(day) for pause in cadence.pause) or rests_on(day, overrides)
    return DueDay(nominal, due_at, is_paused, "; ".join(trail))


def _place(
    cadence: Cadence, calendar: WorkingCalendar, phase: int, nominal: date
) -> tuple[date, list[str]] | None:
    """The due day by the cadence alone, with its trail."""
    rolled = roll(nominal, cadence.roll, calendar)
    if rolled is None:
        return None
    shifted = add_working_days(rolled, cadence.offset, calendar)
    phased = add_working_days(shifted, phase, calendar)
    free = out_of_blackout(phased, cadence.blackout, calendar)
    if free is None:
        return None
    trail = [f"rule {nominal}"]
    trail += [f"{cadence.roll} {rolled}"] * (rolled != nominal)
    trail += [f"{cadence.offset:+d}bd {shifted}"] * (cadence.offset != 0)
    trail += [f"phase {phase:+d}bd {phased}"] * (phase != 0)
    trail += [f"blackout {free}"] * (free != phased)
    return free, trail


def _agreed_place(
    cadence: Cadence, calendar: WorkingCalendar, phase: int, nominal: date, agreed: Override, plain: date
) -> tuple[date, list[str]] | None:
    """The due day as agreed: by the other phase, on the other weekday of its week, on a working day all the same."""
    now = phase if agreed.phase is None else agreed.phase
    placed = _place(cadence, calendar, now, nominal)
    if placed is None:
        return None
    day, trail = placed
    if agreed.weekday is not None:
        worked = roll(in_week_of(day, agreed.weekday), "following", calendar)
        free = out_of_blackout(worked, cadence.blackout, calendar) if worked else None
        if free is None:
            return None
        day = free
    told = trail_of(agreed, (plain, cadence.at, phase), (day, agreed.at or cadence.at, now))
    return day, [*trail, told]


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
