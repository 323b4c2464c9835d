"""What was agreed for one subject apart from its routine: a rest, another weekday, another hour, another phase.

Overrides are values here; who agreed to them and why stands beside them in their rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Override:
    """In force on days in [from_on, until_on); without an end until told otherwise. A rest opens nothing; else
    what is not None replaces the cadence's own word. `weekday` counts from Monday = 0."""

    from_on: date
    until_on: date | None = None
    is_rest: bool = False
    weekday: int | None = None
    at: time | None = None
    phase: int | None = None

    def covers(self, day: date) -> bool:
        return self.from_on <= day and (self.until_on is None or day < self.until_on)


def rests_on(day: date, overrides: Iterable[Override]) -> bool:
    """Whether the subject rests that day."""
    return any(override.is_rest and override.covers(day) for override in overrides)


def agreed_on(day: date, overrides: Iterable[Override]) -> Override | None:
    """The change of time in force for what would fall due that day; the latest begun when several are."""
    found = [one for one in overrides if not one.is_rest and one.covers(day)]
    return max(found, key=lambda one: one.from_on, default=None)


def in_week_of(day: date, weekday: int) -> date:
    """That weekday in the same week, Monday to Sunday."""
    return day + timedelta(days=weekday - day.weekday())


def trail_of(agreed: Override, before: tuple[date, time, int], after: tuple[date, time, int]) -> str:
    """What `explain` turns into words: what stands instead of what, since when, until when, and the day it gives."""
    (was_on, was_at, was_phase), (on, at, phase) = before, after
    changes = [f"{was_phase:+d}bd>{phase:+d}bd"] * (was_phase != phase)
    changes += [f"{WEEKDAYS[was_on.weekday()]}>{WEEKDAYS[on.weekday()]}"] * (agreed.weekday is not None)
    changes += [f"{was_at:%H:%M}>{at:%H:%M}"] * (was_at != at)
    return f"agreed {','.join(changes) or '-'} {agreed.from_on} {agreed.until_on or '-'} {on}"
