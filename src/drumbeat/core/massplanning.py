"""Due moments for very many subjects: each distinct combination is reckoned once as arrays and handed to all who share it.

The same law as `duedays` and `planning`, which reckon one subject with its reasons; a test holds both against each other.
Subscriptions are only ids here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from drumbeat.core.arrays import (
    Ints,
    LocalClock,
    Mask,
    WorkingDays,
    day_number,
    local_clock,
    working_days,
)
from drumbeat.core.cadences import EveryWorkingDays, read_source
from drumbeat.core.calendars import WorkingCalendar
from drumbeat.core.duedays import Setting
from drumbeat.core.fiscal import FiscalCalendar
from drumbeat.core.playbook import Cadence, Pause

# So far a calendar may be without a working day, in days; offsets and phases come on top, at two days each.
REACH = 400
LEAP_YEAR = 2000


@dataclass(frozen=True, slots=True)
class Dues:
    """What a cadence wants in one setting, for each of several phases.

    `nominal` and `rolled` hold a day for each rule date; `due_on`, `due_at` and `kept` are phases x rule dates, where
    `kept` is false for what a roll, a blackout or a pause leaves out.
    """

    nominal: Ints
    rolled: Ints
    due_on: Ints
    due_at: Ints
    kept: Mask

    def of(self, phase: int, since: int = -1_000_000) -> Ints:
        """The due moments of the phase at this place whose rule date is `since` or later."""
        first = int(np.searchsorted(self.nominal, since))
        return self.due_at[phase, first:][self.kept[phase, first:]]


@dataclass(frozen=True, slots=True)
class Tables:
    """The working days and the local clock of a setting around a window, wide enough for the cadence."""

    days: WorkingDays
    clock: LocalClock


def tables_for(setting: Setting, since: date, until: date, reach: int = 0) -> Tables:
    """`reach` is the number of working days by which a moment may lie away from its rule date."""
    first, last = day_number(since) - REACH - 2 * reach, day_number(until) + REACH + 2 * reach
    return Tables(
        working_days(setting.calendar, first, last),
        local_clock(setting.zone, first, last),
    )


def dues_of(
    cadence: Cadence,
    setting: Setting,
    *,
    phases: Sequence[int],
    anchor: date,
    since: date,
    until: date,
    tables: Tables | None = None,
) -> Dues:
    """The dues whose rule date lies in [since, until), as `wanted_moments` would find them for each of the phases."""
    tables = tables or tables_for(setting, since, until, abs(cadence.offset) + max(phases, default=0))
    days = tables.days
    nominal = _rule_dates(cadence, setting, anchor, since, until)
    rolled, kept = days.roll(nominal, cadence.roll)
    shifted = days.add(rolled, cadence.offset)
    due_on = days.add(shifted[np.newaxis, :], np.array(phases, np.int64)[:, np.newaxis])
    kept = np.broadcast_to(kept, due_on.shape)
    if cadence.blackout.days:
        due_on, kept = _out_of_blackout(cadence, due_on, kept, days)
    if cadence.pause:
        kept = kept & ~_covered(due_on, cadence.pause)
    at = cadence.at.hour * 3600 + cadence.at.minute * 60 + cadence.at.second
    return Dues(nominal, rolled, due_on, tables.clock.instants(due_on, at), kept)


def _rule_dates(cadence: Cadence, setting: Setting, anchor: date, since: date, until: date) -> Ints:
    begin = cadence.starts_on or anchor
    last = min(until, date.fromordinal(cadence.ends_on.toordinal() + 1)) if cadence.ends_on else until
    by_calendar = isinstance(read_source(cadence.rule), EveryWorkingDays)
    calendar = setting.calendar if by_calendar else NO_CALENDAR
    return _dates(cadence.rule, calendar, setting.fiscal, begin, max(since, begin), last)


def dues_by_start(
    cadence: Cadence, setting: Setting, *, phases: Sequence[int], starts: Sequence[date], until: date
) -> dict[tuple[int, date], Ints]:
    """The due moments of subscriptions by (phase, first day), from that day on. Where the rule doesn't count from its
    first day all share one reckoning."""
    together = cadence.starts_on is not None or not read_source(cadence.rule).is_anchored
    found: dict[tuple[int, date], Ints] = {}
    for group in [starts] if together else [[start] for start in starts]:
        begin = min(group, default=until)
        dues = dues_of(cadence, setting, phases=phases, anchor=begin, since=begin, until=until)
        for start in group:
            since = day_number(start)
            found |= {(phase, start): dues.of(place, since) for place, phase in enumerate(phases)}
    return found


NO_CALENDAR = WorkingCalendar("none", frozenset())


@lru_cache(maxsize=4096)
def _dates(
    rule: str, calendar: WorkingCalendar, fiscal: FiscalCalendar, begin: date, since: date, until: date
) -> Ints:
    dates = read_source(rule).dates(begin, since, calendar, fiscal)
    return np.array([day_number(day) for day in takewhile(lambda day: day < until, dates)], np.int64)


def _out_of_blackout(cadence: Cadence, due_on: Ints, kept: Mask, days: WorkingDays) -> tuple[Ints, Mask]:
    covered = _covered(due_on, cadence.blackout.days)
    if cadence.blackout.then == "skip":
        return due_on, kept & ~covered
    step = 1 if cadence.blackout.then == "following" else -1
    while (covered & kept).any():
        due_on = np.where(covered, days.add(due_on, step), due_on)
        covered = _covered(due_on, cadence.blackout.days)
    return due_on, kept


def _covered(days: Ints, pauses: tuple[Pause, ...]) -> Mask:
    """Which days one of the pauses covers."""
    found = np.zeros(days.shape, np.bool_)
    for pause in pauses:
        at = _in_leap_year(days) if pause.yearly else days
        first, last = day_number(pause.first), day_number(pause.last)
        found |= (first <= at) & (at <= last) if first <= last else (at >= first) | (at <= last)
    return found


def _in_leap_year(days: Ints) -> Ints:
    """The same month and day of the year 2000, in which yearly pauses are kept."""
    dates = days.view("datetime64[D]") if days.flags.c_contiguous else days.copy().view("datetime64[D]")
    months = dates.astype("datetime64[M]")
    day = (dates - months).astype(np.int64)
    month = months.astype(np.int64) % 12 + (LEAP_YEAR - 1970) * 12
    moved: Ints = month.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) + day
    return moved


@dataclass(frozen=True, slots=True)
class Planned:
    """One entry for each occurrence: whose it is, and when (UTC)."""

    ids: NDArray[np.int32]
    due_at: NDArray[np.datetime64]


def broadcast(rows: Sequence[Ints], row_of: NDArray[np.intp], ids: NDArray[np.int32]) -> Planned:
    """Gives each id the moments of its row: `row_of` says which for each. Those of one row stand together, each id with
    its moments in order."""
    # Small numbers are sorted by their digits, several times as fast.
    order = np.argsort(row_of.astype(np.uint16) if len(rows) < 2**16 else row_of, kind="stable")
    members = np.bincount(row_of, minlength=len(rows))
    lengths = np.array([row.size for row in rows])
    total = int((members * lengths).sum())
    found = Planned(np.empty(total, np.int32), np.empty(total, "datetime64[s]"))
    moments, begin, filled = found.due_at.view(np.int64), 0, 0
    sorted_ids = ids[order]
    for row, count in zip(rows, members, strict=True):
        end = filled + int(count) * row.size
        shape = (int(count), row.size)
        moments[filled:end].reshape(shape)[:] = row
        found.ids[filled:end].reshape(shape)[:] = sorted_ids[begin : begin + int(count), np.newaxis]
        begin, filled = begin + int(count), end
    return found
