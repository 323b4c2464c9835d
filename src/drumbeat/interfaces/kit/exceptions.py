"""Exceptions in words: what was agreed, and for which days."""

from __future__ import annotations

from drumbeat.apps.routines.models import Override
from drumbeat.core.explaining import WEEKDAYS

DAYS = tuple(WEEKDAYS.values())


def what_words(row: Override) -> str:
    """Such as `Thursday at 15:00 instead`, `Pause`, or who comes."""
    if row.kind == Override.Kind.OWNER:
        return f"{row.owner} does it"
    if row.kind == Override.Kind.PEOPLE:
        return "; ".join(
            f"{side} {', '.join(map(_person, words))}"
            for side, words in (("meeting with", row.attendees), ("mail to", row.recipients))
            if words
        )
    if row.kind == Override.Kind.TIMING:
        day = DAYS[row.weekday] if row.weekday is not None else ""
        clock = f"at {row.at:%H:%M}" if row.at else ""
        phase = f"{row.phase} working days into the spread" if row.phase is not None else ""
        return f"{' '.join(part for part in (day, clock, phase) if part)} instead"
    return str(row.get_kind_display())


def _person(word: str) -> str:
    return "a named contact" if word.startswith("contact:") else word.replace("_", " ")


def days_words(row: Override) -> str:
    ends = f"until {row.until_on:%d %b %Y}" if row.until_on else "until told otherwise"
    return f"from {row.from_on:%d %b %Y} {ends}"
