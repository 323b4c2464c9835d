"""Reads single values of a routine's text: words, lengths of time, offsets, pauses. It knows neither lines nor keys."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from zoneinfo import available_timezones

from drumbeat.core.playbook.model import (
    ANCHORS,
    EARLIEST_REMINDER,
    UNITS,
    ZONES,
    Duration,
    Offset,
    Pause,
    rough_minutes,
)
from drumbeat.core.playbook.problems import Unreadable, near, nearest
from drumbeat.core.subjects import DATE_FIELDS

_OFFSET = re.compile(
    r"(?P<anchor>[a-z_][a-z0-9_.-]*?)?(?:(?P<amount>[+-]\d{1,3})(?P<unit>bd|bh|d|w|h|min)|0(?:bd|bh|d|w|h|min)?)?"
    r"(?:@(?P<at>\S+))?"
)
_DURATION = re.compile(r"(\d{1,3})\s*(bd|bh|d|w|h|min)")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def text(limit: int) -> Callable[[str], str]:
    def read(value: str) -> str:
        line = " ".join(value.split())
        if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in line):
            raise Unreadable("holds a control character", "take it out")
        if len(line) > limit:
            raise Unreadable(f"is {len(line)} characters long", f"use {limit} at most")
        return line

    return read


def slug(value: str) -> str:
    if not _SLUG.fullmatch(value) or not 3 <= len(value) <= 48:
        raise Unreadable(f"{value!r} is no key", "use 3 to 48 of a–z 0–9 -")
    return value


def step_key(value: str) -> str:
    if not _SLUG.fullmatch(value) or len(value) > 48:
        raise Unreadable(f"{value!r} is no key", "use up to 48 of a–z 0–9 -")
    return value


def one_of(words: Iterable[str]) -> Callable[[str], str]:
    known = tuple(words)

    def read(value: str) -> str:
        if value not in known:
            raise Unreadable(f"there is no {value!r} here", nearest(value, known))
        return value

    return read


def flag(value: str) -> bool:
    if value not in ("true", "false"):
        raise Unreadable(f"{value!r} is neither true nor false", "write true or false")
    return value == "true"


def whole(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not re.fullmatch(r"\d{1,6}", value, re.ASCII) or not low <= int(value) <= high:
            raise Unreadable(
                f"{value!r} is no whole number from {low} to {high}", f"write a number like {max(low, 5)}"
            )
        return int(value)

    return read


def clock_time(value: str) -> dt.time:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value, re.ASCII):
        raise Unreadable(f"there is no time {value!r}", "write hours and minutes, like 09:00")
    return dt.time.fromisoformat(value)


def day(value: str) -> dt.date:
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
            raise ValueError
        return dt.date.fromisoformat(value)
    except ValueError:
        raise Unreadable(
            f"there is no date {value!r}", "write year, month and day, like 2026-01-31"
        ) from None


def pause(value: str) -> Pause:
    """`12-20..01-06` each year, `2026-08-01..2026-08-14` once, `2026-05-15` one day; both ends included."""
    first, _, last = value.partition("..")
    last = last or first
    yearly = len(first) == len(last) == len("12-20")
    starts, ends = (day(f"2000-{end}" if yearly else end) for end in (first, last))
    if not yearly and ends < starts:
        raise Unreadable("ends before it starts", "put the earlier day first")
    return Pause(starts, ends, yearly)


def zone(value: str) -> str:
    if value not in ZONES and value not in _zones():
        raise Unreadable(
            f"there is no zone {value!r}",
            nearest(value, [*ZONES, *sorted(_zones())] if "/" in value else ZONES),
        )
    return value


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def duration(value: str) -> Duration:
    match = _DURATION.fullmatch(value)
    if value != "0" and not match:
        raise Unreadable(
            f"{value!r} is no length of time", f"write a number and one of {' '.join(UNITS)}, like 1bd"
        )
    return Duration(int(match[1]), match[2]) if match else Duration(0, "bd")


def months(value: str) -> int:
    match = re.fullmatch(r"(\d{1,2})mo", value, re.ASCII)
    if not match or not 1 <= int(match[1]) <= 24:
        raise Unreadable(f"{value!r} is no number of months from 1 to 24", "write it like 6mo")
    return int(match[1])


def working_days(value: str) -> int:
    """A shift in working days: `+4bd`, `-2bd`, `10bd`, `0`."""
    match = re.fullmatch(r"([+-]?\d{1,3})bd|0", value, re.ASCII)
    if not match:
        raise Unreadable(f"{value!r} is no number of working days", "write it like +4bd")
    return int(match[1] or 0)


def spread(value: str) -> int:
    if (days := working_days(value)) < 0:
        raise Unreadable("a spread goes forward only", "write it like 5bd")
    return days


def offset(value: str) -> Offset:
    """`[anchor]±N unit[@HH:MM]`; an anchor alone, or 0, is the anchor's own moment."""
    match = _OFFSET.fullmatch(value.replace(" ", ""))
    if not value or not match:
        raise Unreadable(
            f"{value!r} is no offset", f"write it like -5bd, +4bh or 0; units are {' '.join(UNITS)}"
        )
    at = clock_time(match["at"]) if match["at"] else None
    return Offset(_anchor(match["anchor"] or "due"), int(match["amount"] or 0), match["unit"] or "bd", at)


def before_due(value: str) -> Duration:
    """How long before the occurrence is due; 0 is when it is."""
    found = offset(value)
    if found.anchor != "due" or found.at or found.amount > 0:
        raise Unreadable(
            f"{value!r} is not before due", "write it like -4bh or -1bd; overdue reminds by itself"
        )
    if rough_minutes(found) < -rough_minutes(EARLIEST_REMINDER):
        raise Unreadable(
            f"{value} is long before due", f"use -{EARLIEST_REMINDER} at most, or a step of its own"
        )
    return Duration(-found.amount, found.unit)


def _anchor(value: str) -> str:
    if value in ANCHORS or value in DATE_FIELDS or value.startswith("step."):
        return value
    meant = near(value, DATE_FIELDS)
    mend = f"did you mean {meant}?" if meant else f"use {', '.join(ANCHORS)}, step.<key> or {DATE_FIELDS[0]}"
    raise Unreadable(f"there is no anchor {value!r}", mend)
