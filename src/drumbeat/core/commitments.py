"""Commitments as they are spoken in a meeting: "Petra: send the price list by Fri". Knows the words of a line, its
owner, its date and the states that follow; of rows and of the ledger it knows nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from drumbeat.core.refusal import Refused
from drumbeat.core.worktime import localize

DUE_AT = time(17)
PATIENCE = timedelta(days=14)  # from the deadline until a commitment is missed
LONGEST = 160
PROPOSED, ACKNOWLEDGED, QUESTIONED, DECLINED = STATES = (
    "proposed",
    "acknowledged",
    "questioned",
    "declined",
)

# What may follow: an acknowledged one is the ledger's from then on.
FOLLOWERS: Mapping[str, tuple[str, ...]] = {
    PROPOSED: (ACKNOWLEDGED, QUESTIONED, DECLINED),
    QUESTIONED: (PROPOSED, ACKNOWLEDGED, DECLINED),
    DECLINED: (PROPOSED,),
    ACKNOWLEDGED: (),
}

_OWNER = re.compile(r"^\s*([^:]{1,80}):\s*(.+)$", re.DOTALL)
_MEASURE = re.compile(r"[;,(]?\s*\bdone when\b:?\s+([^)]+)\)?\s*$", re.IGNORECASE)
_DATE = re.compile(r"^(.*)\bby\s+([^,;()]+?)\s*$", re.IGNORECASE | re.DOTALL)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a line says: the owner's key among those asked about, the thing, the day and how one sees that it is done."""

    owner: int
    text: str
    due_on: date
    measure: str = ""


def due_moment(on: date, zone: ZoneInfo) -> datetime:
    """17:00 of that day where the owner is, as an instant (UTC)."""
    return localize(on, DUE_AT, zone)


def insist_on_step(state: str, following: str) -> None:
    """Refuses what can't follow; saying the same twice is no harm and is left to the caller."""
    if following not in FOLLOWERS[state]:
        raise Refused(
            f"This commitment is {state} already", "Redate or waive its promise, or write a new line."
        )


def read_line(line: str, names: Sequence[str], today: date) -> Spoken:
    """`Name: thing by day`, with `; done when …` if one likes. `names` are those who may owe, by their full name.

    Raises Refused, saying which of owner, thing and date is missing: without them it is no commitment.
    """
    said, measure = _without_measure(" ".join(line.split()))
    owner_words, thing = _parted(said, names)
    found = _DATE.match(thing)
    text = (found.group(1) if found else thing).strip(" .,;-")
    due_on = read_day(found.group(2), today) if found else None
    owner = _owner(owner_words, names)
    missing = [
        word for word, value in (("owner", owner is not None), ("thing", text), ("date", due_on)) if not value
    ]
    if missing or owner is None or due_on is None:
        raise Refused(
            f"Not a commitment yet: no {' and no '.join(missing)}",
            "Write it like Petra: send the price list by Fri.",
            field="line",
        )
    _check(text, due_on, today)
    return Spoken(owner, text[0].upper() + text[1:], due_on, measure)


def _check(text: str, due_on: date, today: date) -> None:
    if len(text) > LONGEST:
        raise Refused(f"The thing has {len(text)} letters", f"Say it in {LONGEST}.", field="line")
    if due_on < today:
        raise Refused(f"{due_on:%d %B %Y} is past", "Choose a day to come.", field="line")


def _without_measure(said: str) -> tuple[str, str]:
    found = _MEASURE.search(said)
    return (said[: found.start()], found.group(1).strip(" .")) if found else (said, "")


def _parted(said: str, names: Sequence[str]) -> tuple[str, str]:
    """Owner and the rest: before a colon, or "Petra will send …"."""
    if found := _OWNER.match(said):
        return found.group(1).strip(), found.group(2)
    before, will, after = said.partition(" will ")
    return (before.strip(), after) if will and _owner(before, names) is not None else ("", said)


def _owner(words: str, names: Sequence[str]) -> int | None:
    """The one whose whole name it is, else whose first or last name, else whose name begins so; None when nobody's or
    more than one's."""
    asked = words.casefold().strip()
    if not asked:
        return None
    for fits in (_is_whole, _is_part, _is_beginning):
        found = [number for number, name in enumerate(names) if fits(asked, name.casefold())]
        if len(found) == 1:
            return found[0]
        if found:
            raise Refused(
                f"{words!r} may be {' or '.join(names[number] for number in found)}",
                "Write the whole name.",
                field="line",
            )
    return None


def _is_whole(asked: str, name: str) -> bool:
    return asked == name


def _is_part(asked: str, name: str) -> bool:
    return asked in name.split()


def _is_beginning(asked: str, name: str) -> bool:
    return len(asked) > 1 and any(part.startswith(asked) for part in name.split())


def read_day(words: str, today: date) -> date | None:
    """`Fri`, `next Friday`, `tomorrow`, `in 3 days`, `11 December`, `Dec 11 2026`, `11.12.`, `2026-12-11`; a weekday is
    the next to come, a day of the year without a year the next to come. None when it is none of these."""
    said = words.casefold().strip(" .,")
    near = {"today": 0, "tomorrow": 1}
    if said in near:
        return today + timedelta(days=near[said])
    if found := re.fullmatch(r"in (\d{1,3}) (day|week)s?", said):
        return today + timedelta(days=int(found.group(1)) * (7 if found.group(2) == "week" else 1))
    return _weekday(said, today) or _iso(said) or _day_and_month(said, today)


def _weekday(said: str, today: date) -> date | None:
    word = said.removeprefix("next ").removeprefix("on ")
    named = [number for number, day in enumerate(_DAYS) if len(word) > 1 and day.startswith(word)]
    if len(named) != 1:
        return None
    coming = today + timedelta(days=(named[0] - today.weekday() - 1) % 7 + 1)
    is_this_week = coming.isocalendar()[:2] == today.isocalendar()[:2]
    return coming + timedelta(days=7) if said.startswith("next ") and is_this_week else coming


def _iso(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _day_and_month(said: str, today: date) -> date | None:
    dotted = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.?(\d{4})?", said)
    if dotted:
        return _next_date(int(dotted.group(1)), int(dotted.group(2)), dotted.group(3), today)
    spelt = re.fullmatch(r"(\d{1,2})\.? ([a-z]{3,9})(?: (\d{4}))?", said)
    turned = re.fullmatch(r"([a-z]{3,9}) (\d{1,2})(?: (\d{4}))?", said)
    if spelt:
        day, month, year = spelt.groups()
    elif turned:
        month, day, year = turned.groups()
    else:
        return None
    named = [number for number, name in enumerate(_MONTHS, 1) if name.startswith(month)]
    return _next_date(int(day), named[0], year, today) if named else None


def _next_date(day: int, month: int, year: str | None, today: date) -> date | None:
    try:
        if year:
            return date(int(year), month, day)
        this = date(today.year, month, day)
        return this if this >= today else date(today.year + 1, month, day)
    except ValueError:
        return None
