"""Reminders and escalation: who is told when that a promise falls due, never at night, never more than one can read.

Pure: promises and calendars in, moments and choices out. Who the people are, and what was sent, is told by the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol, TypeVar

from drumbeat.core.calendars import add_working_days, roll
from drumbeat.core.mailcaps import CAPS
from drumbeat.core.playbook import Duration, Routine
from drumbeat.core.worktime import (
    WorkingHours,
    add_working_time,
    localize,
    next_working_moment,
)

# Nobody is told anything outside these local hours, on holidays, or on leave (domain 8).
READING_FROM, READING_UNTIL = time(8), time(18)
DIGEST_AT = time(8, 30)
SINGLES_A_DAY = 3
HOURLY = ("bh", "h", "min")
CLOCK_UNITS = {
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
# What one contact may get of mail that is not required, by the time that is looked back over.
CONTACT_CAPS = (
    (timedelta(days=1), CAPS.a_day),
    (timedelta(days=7), CAPS.a_week),
    (timedelta(days=30), CAPS.in_30_days),
)


@dataclass(frozen=True, slots=True)
class Rule:
    """So long after (before, when negative) the `anchor` of a promise that `side` owes, `to` is told once.

    Anchors are `due`, `deadline`, and `clock`: then `percent` of the time from promise to due has been used. `step` is the key
    of the step whose being undone is told, where a text names one; `to` is owner, manager, director, partner or a role.
    """

    key: str
    side: str
    anchor: str
    after: Duration
    to: str
    percent: int = 0
    step: str = ""


def _days(key: str, side: str, anchor: str, days: int, to: str) -> Rule:
    return Rule(key, side, anchor, Duration(days, "bd"), to)


def _share(key: str, percent: int, to: str) -> Rule:
    return Rule(key, "vendor", "clock", Duration(0, "bd"), to, percent)


# The defaults of the field (domain 8). An overdue promise stands in its owner's digest each working day besides.
RULES = (
    _days("before", "vendor", "due", -1, "owner"),
    _days("at-due", "vendor", "due", 0, "owner"),
    _days("escalated", "vendor", "deadline", 2, "director"),
    _days("partner-before", "partner", "due", -2, "partner"),
    _days("partner-after", "partner", "due", 1, "partner"),
    _days("manager-told", "partner", "due", 2, "manager"),
)
# Of a promise that is due within hours of an event: by the share of the clock that is used, and on breach.
CLOCK_RULES = (
    _share("half", 50, "owner"),
    _share("three-quarters", 75, "owner"),
    _share("nearly", 90, "director"),
    _days("breached", "vendor", "deadline", 0, "director"),
)


def rules_for(owing: str, routine: Routine | None = None) -> tuple[Rule, ...]:
    """Those about a promise that this side owes; what both owe is reminded of on our side.

    `routine` is the text behind a promise of an occurrence. What it says of its steps comes beside the house's rules; what it
    says of the step that keeps the promise takes the place of those before due.
    """
    side = "partner" if owing == "partner" else "vendor"
    house = CLOCK_RULES if side == "vendor" and is_clock(routine) else RULES
    ours = tuple(rule for rule in house if rule.side == side)
    if routine is None:
        return ours
    told = _rules_of_text(routine, side)
    if any(rule.step == routine.promise.kept_by for rule in told):
        ours = tuple(rule for rule in ours if rule.anchor == "deadline" or rule.after.amount > 0)
    return ours + told


def is_clock(routine: Routine | None) -> bool:
    """Whether its promise is a response within hours."""
    return bool(routine and routine.due and routine.due.anchor == "opened" and routine.due.unit in HOURLY)


def _rules_of_text(routine: Routine, side: str) -> tuple[Rule, ...]:
    return tuple(
        Rule(f"text:{place}:{n}", side, "due", Duration(-one.before.amount, one.before.unit), one.to, step=step.key)
        for place, step in enumerate(routine.steps)
        for n, one in enumerate(step.remind)
    )  # fmt: skip


def reading_hours(hours: WorkingHours) -> WorkingHours:
    """When somebody with these working days may be written to."""
    return WorkingHours(hours.calendar, hours.zone, READING_FROM, READING_UNTIL)


def moment_of(
    rule: Rule,
    due_at: datetime,
    deadline_at: datetime,
    hours: WorkingHours,
    allowance: timedelta = timedelta(),
) -> datetime:
    """When the rule speaks: so long from its anchor, held into reading hours. Working days keep the anchor's local time.

    `allowance` is the working time that a clock has in all.
    """
    if rule.anchor == "clock":
        left = allowance * (100 - rule.percent) / 100
        moment = add_working_time(due_at, -left, hours)
    else:
        moment = _moved(due_at if rule.anchor == "due" else deadline_at, rule.after, hours)
    return next_working_moment(moment, reading_hours(hours))


def _moved(anchor: datetime, by: Duration, hours: WorkingHours) -> datetime:
    if by.unit == "bh":
        return add_working_time(anchor, timedelta(hours=by.amount), hours)
    if by.unit != "bd":
        return anchor + by.amount * CLOCK_UNITS[by.unit]
    local = anchor.astimezone(hours.zone)
    day = local.date()
    if by.amount:
        start = roll(day, "preceding" if by.amount > 0 else "following", hours.calendar) or day
        day = add_working_days(start, by.amount, hours.calendar)
    return localize(day, local.time(), hours.zone)


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
