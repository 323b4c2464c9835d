"""Reminders and escalation: who is told when that a promise falls due, never at night, never more than one can read.

Pure: promises and calendars in, moments and choices out. Who the people are, and what was sent, is told by the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol, TypeVar

from drumbeat.core.calendars import add_working_days, roll
from drumbeat.core.worktime import WorkingHours, localize, next_working_moment

# Nobody is told anything outside these local hours, on holidays, or on leave (domain 8).
READING_FROM, READING_UNTIL = time(8), time(18)
DIGEST_AT = time(8, 30)
SINGLES_A_DAY = 3
# What one contact may get of mail that is not required: in a day, in a week, in thirty days (domain 8).
CONTACT_CAPS = ((timedelta(days=1), 1), (timedelta(days=7), 3), (timedelta(days=30), 8))


@dataclass(frozen=True, slots=True)
class Rule:
    """`days` working days from the `anchor` (due or deadline) of a promise that `side` owes, `to` is told once."""

    key: str
    side: str
    anchor: str
    days: int
    to: str


# The defaults of the field (domain 8). An overdue promise stands in its owner's digest each working day besides.
RULES = (
    Rule("before", "vendor", "due", -1, "owner"),
    Rule("at-due", "vendor", "due", 0, "owner"),
    Rule("escalated", "vendor", "deadline", 2, "director"),
    Rule("partner-before", "partner", "due", -2, "partner"),
    Rule("partner-after", "partner", "due", 1, "partner"),
    Rule("manager-told", "partner", "due", 2, "manager"),
)


def rules_for(owing: str) -> tuple[Rule, ...]:
    """Those about a promise that this side owes; what both owe is reminded of on our side."""
    side = "partner" if owing == "partner" else "vendor"
    return tuple(rule for rule in RULES if rule.side == side)


def reading_hours(hours: WorkingHours) -> WorkingHours:
    """When somebody with these working days may be written to."""
    return WorkingHours(hours.calendar, hours.zone, READING_FROM, READING_UNTIL)


def moment_of(rule: Rule, due_at: datetime, deadline_at: datetime, hours: WorkingHours) -> datetime:
    """When the rule speaks: so many working days from its anchor, at the anchor's local time, held into reading hours."""
    anchor = due_at if rule.anchor == "due" else deadline_at
    local = anchor.astimezone(hours.zone)
    day = local.date()
    if rule.days:
        start = roll(day, "preceding" if rule.days > 0 else "following", hours.calendar) or day
        day = add_working_days(start, rule.days, hours.calendar)
    return next_working_moment(localize(day, local.time(), hours.zone), reading_hours(hours))


def digest_moment(day: date, hours: WorkingHours) -> datetime | None:
    """When the digest of that local day goes out; None on a day off."""
    return localize(day, DIGEST_AT, hours.zone) if hours.calendar.is_working(day) else None


class Owed(Protocol):
    @property
    def deadline_at(self) -> datetime: ...


Line = TypeVar("Line", bound=Owed)


def share_out(lines: Sequence[Line], sent_today: int) -> tuple[list[Line], list[Line]]:
    """(told singly now, kept for the digest): the oldest deadlines first, as far as the day's cap leaves room."""
    ordered = sorted(lines, key=lambda line: line.deadline_at)
    room = max(0, SINGLES_A_DAY - sent_today)
    return ordered[:room], ordered[room:]


def may_write_to_contact(written: Sequence[datetime], at: datetime) -> bool:
    """Whether one more mail that is not required stays under the caps; `written` are the moments of earlier ones."""
    return all(sum(at - span < moment <= at for moment in written) < most for span, most in CONTACT_CAPS)
