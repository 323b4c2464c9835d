"""Says in one sentence why a moment falls where it falls, from the trail that planning wrote."""

from __future__ import annotations

import re
from datetime import date, datetime

UNITS = {"bd": "working day", "bh": "business hour", "d": "day", "w": "week", "h": "hour", "min": "minute"}
OFFSET = re.compile(r"([a-z_.]+)(?:([+-])(\d+)([a-z]+))?")
WEEKDAYS = {
    "mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday", "sat": "Saturday",
    "sun": "Sunday",
}  # fmt: skip
ROLLS = {
    "following": "not a working day, so the next one",
    "modified_following": "not a working day, so the next one inside the month",
    "preceding": "not a working day, so the one before",
    "modified_preceding": "not a working day, so the one before inside the month",
    "nearest": "not a working day, so the nearest one",
}


def explain(trail: str) -> str:
    """`rule 2026-11-01; following 2026-11-02; +4bd 2026-11-06; at 15:00 Europe/Berlin` in words."""
    return " → ".join(_words(part) for part in trail.split("; ") if part)


def _words(part: str) -> str:
    head, _, rest = part.partition(" ")
    if head == "rule":
        return f"the rule gives {_day(rest)}"
    if head in ROLLS:
        return f"{ROLLS[head]}: {_day(rest)}"
    if head in EVENT_PARTS:
        return EVENT_PARTS[head](rest)
    if head == "phase":
        shift, _, on = rest.partition(" ")
        return f"this subject's place in the spread, {_working_days(shift)}: {_day(on)}"
    if head == "blackout":
        return f"nothing falls due on that day, so moved to {_day(rest)}"
    if head == "agreed":
        return _agreed(*rest.split(" "))
    if head == "moved":
        was, _, on = rest.partition(" ")
        return f"moved by hand from {_day(was)} to {_day(on)}"
    if head == "gap":
        return f"the clock jumps over that time, so {rest}"
    if head == "at":
        clock, _, zone = rest.partition(" ")
        return f"{clock} in {zone.replace('_', ' ')}"
    return f"{_working_days(head)}: {_day(rest)}"


def _event(rest: str) -> str:
    event, _, moment = rest.partition(" ")
    at = datetime.fromisoformat(moment)
    event = event if "." in event else f"the routine {event}"
    return f"{event} on {_day(f'{at.date()}')}, {at:%H:%M} UTC"


def _due(rest: str) -> str:
    """`opened+16bh 2026-06-03`: what the due counts from, how far, and the day that gives."""
    offset, _, on = rest.partition(" ")
    found = OFFSET.match(offset)
    assert found, "planning wrote an offset"
    anchor, sign, number, unit = found.groups()
    words = [f"its {anchor.partition('.')[2].replace('_', ' ')}"] if anchor != "opened" else []
    if sign:
        words.append(f"{'+' if sign == '+' else '−'}{number} {UNITS[unit]}{'' if number == '1' else 's'}")
    return f"{' '.join(words) or 'at once'}: {_day(on)}"


EVENT_PARTS = {"event": _event, "due": _due}


def _agreed(changes: str, since: str, until: str, on: str) -> str:
    """Tuesday instead of Monday, agreed 3 Mar 2026 until 1 Jun 2026: Tue 10 Mar 2026."""
    told = [_instead(*change.split(">")) for change in changes.split(",") if ">" in change]
    ends = "until told otherwise" if until == "-" else f"until {_plain_day(until)}"
    return f"{', '.join(told) or 'as usual'}, agreed {_plain_day(since)} {ends}: {_day(on)}"


def _instead(was: str, now: str) -> str:
    if was.endswith("bd"):
        return f"shifted by {_working_days(now)} instead of {_working_days(was)}"
    return f"{WEEKDAYS.get(now, now)} instead of {WEEKDAYS.get(was, was)}"


def _working_days(shift: str) -> str:
    count = int(shift.removesuffix("bd"))
    sign = "+" if count > 0 else "−" if count < 0 else ""
    return f"{sign}{abs(count)} working day{'s' if abs(count) != 1 else ''}"


def _day(text: str) -> str:
    on = date.fromisoformat(text)
    return f"{on:%a} {on.day} {on:%b %Y}"


def _plain_day(text: str) -> str:
    on = date.fromisoformat(text)
    return f"{on.day} {on:%b %Y}"
