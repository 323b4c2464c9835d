"""Counting in months: the day so many months later, at the month's end where it has no such day."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def months_later(on: date, months: int) -> date:
    years, month = divmod(on.month - 1 + months, 12)
    year = on.year + years
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))
