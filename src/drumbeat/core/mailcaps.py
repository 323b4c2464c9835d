"""How many mails that it doesn't need one contact should get at most (domain 8)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caps:
    """In a day, in a week and in 30 days."""

    a_day: int = 1
    a_week: int = 3
    in_30_days: int = 8


CAPS = Caps()
