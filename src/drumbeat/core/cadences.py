"""The rules that a cadence may follow, RFC 5545 and those of business, each as a source of dates.

Knows which days a rule names; rolls, offsets, phases and clock times come after it, in `duedays`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Protocol

from drumbeat.core.calendars import WorkingCalendar, add_working_days, roll
from drumbeat.core.fiscal import UNITS, FiscalCalendar, periods_from
from drumbeat.core.recurrence import Rule, RuleError, describe, expand, parse_rule

MEND_OF_FISCAL = f"Write {', '.join(f'fiscal:{unit}' for unit in UNITS)}."
MEND_OF_EVERY = "Write the working days from one date to the next, like every 5bd."


class DateSource(Protocol):
    """What planning asks of a rule, of whatever kind."""

    @property
    def is_anchored(self) -> bool:
        """Does the rule need its first day to know the others (every second week, the 15th time, "monthly")?"""
        ...

    def dates(
        self, anchor: date, since: date, calendar: WorkingCalendar, fiscal: FiscalCalendar, /
    ) -> Iterator[date]:
        """The rule's dates on or after both `anchor`, from which it counts, and `since`: lazily, in order."""
        ...

    def words(self) -> str:
        """The rule in plain English."""
        ...


@dataclass(frozen=True, slots=True)
class RuleDates:
    """`FREQ=…`: a recurrence rule of RFC 5545."""

    rule: Rule

    @property
    def is_anchored(self) -> bool:
        tells_days = bool(self.rule.by_day or self.rule.by_month_day or self.rule.by_year_day)
        return self.rule.interval != 1 or self.rule.count is not None or not tells_days

    def dates(
        self, anchor: date, since: date, _calendar: WorkingCalendar, _fiscal: FiscalCalendar, /
    ) -> Iterator[date]:
        return expand(self.rule, anchor, start=since)

    def words(self) -> str:
        return describe(self.rule)


@dataclass(frozen=True, slots=True)
class EveryWorkingDays:
    """`every Nbd`: the anchor, or the first working day after it, and each N-th working day from there."""

    step: int
    is_anchored = True

    def dates(
        self, anchor: date, since: date, calendar: WorkingCalendar, _fiscal: FiscalCalendar, /
    ) -> Iterator[date]:
        day = roll(anchor, "following", calendar) or anchor
        while True:
            if day >= since:
                yield day
            day = add_working_days(day, self.step, calendar)

    def words(self) -> str:
        return "every working day" if self.step == 1 else f"every {self.step} working days"


@dataclass(frozen=True, slots=True)
class FiscalDates:
    """`fiscal:month`, `fiscal:quarter`, `fiscal:year`: the first day of each such period of the vendor's."""

    unit: str
    is_anchored = False

    def dates(
        self, anchor: date, since: date, _calendar: WorkingCalendar, fiscal: FiscalCalendar, /
    ) -> Iterator[date]:
        return periods_from(fiscal, self.unit, max(anchor, since))

    def words(self) -> str:
        return f"on the first day of every fiscal {self.unit}"


@lru_cache(maxsize=1024)
def read_source(text: str) -> DateSource:
    """The source that the text of `cadence.rule` means. Raises RuleError."""
    if text.startswith("fiscal:"):
        return FiscalDates(_fiscal_unit(text.removeprefix("fiscal:")))
    if text.startswith("every"):
        return EveryWorkingDays(_working_days(text))
    return RuleDates(parse_rule(text))


def _fiscal_unit(word: str) -> str:
    if word not in UNITS:
        raise RuleError("fiscal", len("fiscal:"), f"{word or 'nothing'} is no fiscal period", MEND_OF_FISCAL)
    return word


def _working_days(text: str) -> int:
    match = re.fullmatch(r"every ([1-9][0-9]{0,2})bd", text)
    if not match:
        raise RuleError("every", 0, f"{text!r} is no number of working days", MEND_OF_EVERY)
    return int(match[1])
