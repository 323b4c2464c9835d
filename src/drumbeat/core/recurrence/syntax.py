"""Reads the text of a rule strictly: what RFC 5545 forbids is refused with the place and a mend.

Of RFC 7529 it reads the Gregorian scale with SKIP.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

from drumbeat.core.recurrence.rule import DAY_CODES, Frequency, Rule, RuleError, Weekday

Reader = Callable[[str], object]


class _UnreadableError(ValueError):
    """A value is wrong: reason and mend; the part and its place are added by `parse_rule`."""


def parse_rule(text: str) -> Rule:
    """The rule that `text` says, without "RRULE:". Raises RuleError."""
    parts = _parts(text)
    values = {_READERS[name][0]: _read(name, *found) for name, found in parts.items()}
    values.pop("rscale", None)
    _check_combinations(parts, values)
    return Rule(text=text, **values)  # type: ignore[arg-type]


def _parts(text: str) -> dict[str, tuple[str, int]]:
    """Name -> (value, position in the text)."""
    parts: dict[str, tuple[str, int]] = {}
    position = 0
    for piece in text.split(";"):
        name, equals, value = piece.upper().partition("=")
        if not equals or not value:
            raise RuleError(
                piece or "nothing", position, "is no rule part", "Write NAME=VALUE, parts parted by one ';'."
            )
        if name not in _READERS:
            raise RuleError(name, position, "is no rule part", f"Use {', '.join(_READERS)}.")
        if name in parts:
            raise RuleError(name, position, "is given twice", "Keep one of the two.")
        parts[name] = (value, position)
        position += len(piece) + 1
    if "FREQ" not in parts:
        raise RuleError("FREQ", 0, "is missing", "Say how often, as in FREQ=MONTHLY.")
    return parts


def _read(name: str, value: str, position: int) -> object:
    try:
        return _READERS[name][1](value)
    except _UnreadableError as wrong:
        raise RuleError(name, position, *wrong.args) from None


def _frequency(value: str) -> Frequency:
    if value not in Frequency.__members__:
        raise _UnreadableError(f"{value} is no frequency", f"Use {', '.join(Frequency.__members__)}.")
    return Frequency[value]


def _amount(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", value) or int(value) == 0:
        raise _UnreadableError(f"{value} is no count", "Use a whole number from 1 to 999999999.")
    return int(value)


def _numbers(low: int, high: int, *, signed: bool = False) -> Callable[[str], tuple[int, ...]]:
    """A reader of lists of numbers; signed ones count from the end when negative."""
    span = f"{low} to {high}" + (f" or -{low} to -{high}" if signed else "")

    def number(word: str) -> int:
        fits = re.fullmatch(r"[+-]?[0-9]{1,3}" if signed else r"[0-9]{1,3}", word)
        if not fits or not low <= abs(int(word)) <= high:
            raise _UnreadableError(f"{word or 'nothing'} is out of range", f"Use {span}, parted by commas.")
        return int(word)

    return lambda value: tuple(sorted({number(word) for word in value.split(",")}))


def _seconds(value: str) -> tuple[int, ...]:
    """Second 60 is the leap second, which clocks without one read as 59."""
    return tuple(sorted({min(second, 59) for second in _numbers(0, 60)(value)}))


def _weekdays(value: str) -> tuple[Weekday, ...]:
    return tuple(sorted({_weekday(word) for word in value.split(",")}))


def _weekday(word: str) -> Weekday:
    match = re.fullmatch(r"([+-]?[0-9]{1,2})?([A-Z]{2})", word)
    if not match or match[2] not in DAY_CODES:
        raise _UnreadableError(
            f"{word or 'nothing'} is no weekday", "Use MO to SU, numbered as in 1MO or -1FR."
        )
    number = int(match[1]) if match[1] else 0
    if match[1] and not 1 <= abs(number) <= 53:
        raise _UnreadableError(f"{word} has no such number", "Number weekdays 1 to 53 or -1 to -53.")
    return Weekday(number, DAY_CODES.index(match[2]))


def _week_start(value: str) -> int:
    if value not in DAY_CODES:
        raise _UnreadableError(f"{value} is no weekday", f"Use one of {', '.join(DAY_CODES)}.")
    return DAY_CODES.index(value)


def _until(value: str) -> date:
    """A date, a local moment (naive) or, with Z, an instant (aware)."""
    try:
        if re.fullmatch(r"[0-9]{8}", value):
            return date.fromisoformat(value)
        if re.fullmatch(r"[0-9]{8}T[0-9]{6}Z?", value):
            moment = datetime.fromisoformat(value.rstrip("Z"))
            return moment.replace(tzinfo=UTC) if value.endswith("Z") else moment
    except ValueError:
        pass
    raise _UnreadableError(f"{value} is no date", "Write 20261231, 20261231T235959 or 20261231T235959Z.")


def _scale(value: str) -> str:
    if value != "GREGORIAN":
        raise _UnreadableError(
            f"the calendar {value} is not known here", "Use GREGORIAN or leave RSCALE out."
        )
    return value


def _skip(value: str) -> str:
    if value not in ("OMIT", "BACKWARD", "FORWARD"):
        raise _UnreadableError(f"{value} is no way to skip", "Use OMIT, BACKWARD or FORWARD.")
    return value


_READERS: dict[str, tuple[str, Reader]] = {
    "FREQ": ("freq", _frequency),
    "INTERVAL": ("interval", _amount),
    "COUNT": ("count", _amount),
    "UNTIL": ("until", _until),
    "BYMONTH": ("by_month", _numbers(1, 12)),
    "BYWEEKNO": ("by_week_no", _numbers(1, 53, signed=True)),
    "BYYEARDAY": ("by_year_day", _numbers(1, 366, signed=True)),
    "BYMONTHDAY": ("by_month_day", _numbers(1, 31, signed=True)),
    "BYDAY": ("by_day", _weekdays),
    "BYHOUR": ("by_hour", _numbers(0, 23)),
    "BYMINUTE": ("by_minute", _numbers(0, 59)),
    "BYSECOND": ("by_second", _seconds),
    "BYSETPOS": ("by_set_pos", _numbers(1, 366, signed=True)),
    "WKST": ("week_start", _week_start),
    "RSCALE": ("rscale", _scale),
    "SKIP": ("skip", _skip),
}


def _check_combinations(parts: dict[str, tuple[str, int]], values: dict[str, object]) -> None:
    """The notes under the table in RFC 5545, 3.3.10."""
    freq = parts["FREQ"][0]
    numbered = any(weekday.n for weekday in values.get("by_day", ()))  # type: ignore[attr-defined]
    for part, is_wrong, reason, mend in (
        ("UNTIL", "COUNT" in parts, "ends what COUNT ends already", "Keep one of the two."),
        ("BYWEEKNO", freq != "YEARLY", f"has no meaning in FREQ={freq}", "Use FREQ=YEARLY."),
        (
            "BYYEARDAY",
            freq in ("MONTHLY", "WEEKLY", "DAILY"),
            f"has no meaning in FREQ={freq}",
            "Use FREQ=YEARLY.",
        ),
        ("BYMONTHDAY", freq == "WEEKLY", "has no meaning in FREQ=WEEKLY", "Use FREQ=MONTHLY."),
        (
            "BYDAY",
            numbered and freq not in ("MONTHLY", "YEARLY"),
            f"numbers weekdays in FREQ={freq}",
            "Take the numbers off, or use FREQ=MONTHLY.",
        ),
        ("BYDAY", numbered and "BYWEEKNO" in parts, "numbers weekdays in BYWEEKNO", "Take the numbers off."),
        (
            "BYSETPOS",
            not any(part.startswith("BY") for part in parts if part != "BYSETPOS"),
            "chooses among nothing",
            "Give another BY part, as in BYDAY=MO,TU,WE,TH,FR.",
        ),
        ("SKIP", "RSCALE" not in parts, "needs a calendar", "Add RSCALE=GREGORIAN."),
    ):
        if part in parts and is_wrong:
            raise RuleError(part, parts[part][1], reason, mend)
