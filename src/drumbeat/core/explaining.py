"""Says in one sentence why a moment falls where it falls, from the trail that planning wrote."""

from __future__ import annotations

from datetime import date

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
    if head == "phase":
        shift, _, on = rest.partition(" ")
        return f"this subject's place in the spread, {_working_days(shift)}: {_day(on)}"
    if head == "blackout":
        return f"nothing falls due on that day, so moved to {_day(rest)}"
    if head == "gap":
        return f"the clock jumps over that time, so {rest}"
    if head == "at":
        clock, _, zone = rest.partition(" ")
        return f"{clock} in {zone.replace('_', ' ')}"
    return f"{_working_days(head)}: {_day(rest)}"


def _working_days(shift: str) -> str:
    count = int(shift.removesuffix("bd"))
    sign = "+" if count > 0 else "−"
    return f"{sign}{abs(count)} working day{'s' if abs(count) != 1 else ''}"


def _day(text: str) -> str:
    on = date.fromisoformat(text)
    return f"{on:%a} {on.day} {on:%b %Y}"
