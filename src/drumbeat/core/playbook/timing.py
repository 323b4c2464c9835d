"""Judges a cadence: does its rule ever occur, do spread, bounds and pauses leave room? Moments are made elsewhere."""

import datetime as dt
from itertools import combinations, islice, pairwise

from drumbeat.core.cadences import DateSource, RuleDates, read_source
from drumbeat.core.calendars import WorkingCalendar
from drumbeat.core.fiscal import CALENDAR_YEAR
from drumbeat.core.playbook.model import Cadence, Pause
from drumbeat.core.playbook.problems import Findings
from drumbeat.core.recurrence import Rule, RuleError, is_subdaily, never_occurs

# Where a rule without a start is tried: early enough for every UNTIL, and a leap year.
TRIED_FROM = dt.date(2000, 1, 1)
TRIED_DATES = 60
MONDAY_TO_FRIDAY = WorkingCalendar("Monday to Friday", frozenset({5, 6}))


def check_cadence(cadence: Cadence, findings: Findings) -> None:
    """Adds to the findings why a cadence can't be followed."""
    _check_bounds(cadence, findings)
    _check_days_off("cadence.pause", cadence.pause, findings)
    _check_days_off("cadence.blackout", cadence.blackout.days, findings)
    if cadence.rule and findings.is_sound("cadence.rule"):
        _check_rule(cadence, findings)


def _check_bounds(cadence: Cadence, findings: Findings) -> None:
    if cadence.starts_on and cadence.ends_on and cadence.ends_on < cadence.starts_on:
        findings.refuse("cadence.ends_on", "ends before it starts", "put the later day here")


def _check_days_off(key: str, pauses: tuple[Pause, ...], findings: Findings) -> None:
    if any(_overlap(one, other) for one, other in combinations(pauses, 2)):
        findings.refuse(key, "two stretches of days overlap", "join them into one")
    if sum(_days(pause) for pause in pauses if pause.yearly) >= 366:
        findings.refuse(key, "the whole year is left out", "leave days on which the routine runs")


def _overlap(one: Pause, other: Pause) -> bool:
    if one.yearly != other.yearly:
        return False
    return one.covers(other.first) or one.covers(other.last) or other.covers(one.first)


def _days(pause: Pause) -> int:
    return (pause.last - pause.first).days % 366 + 1


def _check_rule(cadence: Cadence, findings: Findings) -> None:
    start = cadence.starts_on or TRIED_FROM
    try:
        source = read_source(cadence.rule)
        if reason := _unfit(source, start):
            findings.refuse("cadence.rule", *reason)
        else:
            _check_spread(cadence, source, start, findings)
    except RuleError as error:
        place = f"{error.part} (character {error.position + 1})"
        findings.refuse("cadence.rule", f"{place} {error.reason}", error.mend.rstrip("."))


def _unfit(source: DateSource, start: dt.date) -> tuple[str, str] | None:
    return _unfit_rule(source.rule, start) if isinstance(source, RuleDates) else None


def _unfit_rule(rule: Rule, start: dt.date) -> tuple[str, str] | None:
    if is_subdaily(rule):
        return f"{rule.freq.name} is finer than a day", "write FREQ=DAILY or coarser"
    if rule.by_hour or rule.by_minute or rule.by_second:
        return "a rule gives days, not times", "leave BYHOUR, BYMINUTE and BYSECOND out and write at: 09:00"
    if never_occurs(rule, start):
        return "never occurs", "choose a date that exists, and an UNTIL that is not over"
    return None


def _check_spread(cadence: Cadence, source: DateSource, start: dt.date, findings: Findings) -> None:
    """The last partner of one round must come before the first of the next."""
    dates = list(islice(source.dates(start, start, MONDAY_TO_FRIDAY, CALENDAR_YEAR), TRIED_DATES))
    gap = min(((later - earlier).days for earlier, later in pairwise(dates)), default=366)
    if cadence.spread and cadence.spread >= gap * 5 // 7:
        reason = f"spreads over {cadence.spread} working days, and the next date can be {gap} days away"
        findings.refuse("cadence.spread", reason, f"write at most {max(gap * 5 // 7 - 1, 0)}bd")
