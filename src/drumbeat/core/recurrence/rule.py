"""What a recurrence rule is, and what it means for one that is refused."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import NamedTuple

DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class RuleError(ValueError):
    """A rule that can't be followed: which part, where in the text, why, and how to mend it."""

    def __init__(self, part: str, position: int, reason: str, mend: str) -> None:
        super().__init__(f"{part} (character {position + 1}): {reason}. {mend}")
        self.part = part
        self.position = position
        self.reason = reason
        self.mend = mend


class Frequency(IntEnum):
    """From coarse to fine, so that `<` reads "coarser than"."""

    YEARLY = 1
    MONTHLY = 2
    WEEKLY = 3
    DAILY = 4
    HOURLY = 5
    MINUTELY = 6
    SECONDLY = 7


class Weekday(NamedTuple):
    """A weekday (0 = Monday), the n-th of its month or year, or every one when n is 0."""

    n: int
    day: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One RRULE. Empty tuples are parts that are not given; `until` includes its own moment."""

    text: str
    freq: Frequency
    interval: int = 1
    count: int | None = None
    until: date | None = None
    by_month: tuple[int, ...] = ()
    by_week_no: tuple[int, ...] = ()
    by_year_day: tuple[int, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_day: tuple[Weekday, ...] = ()
    by_hour: tuple[int, ...] = ()
    by_minute: tuple[int, ...] = ()
    by_second: tuple[int, ...] = ()
    by_set_pos: tuple[int, ...] = ()
    week_start: int = 0
    skip: str = "OMIT"


def is_subdaily(rule: Rule) -> bool:
    return rule.freq > Frequency.DAILY
