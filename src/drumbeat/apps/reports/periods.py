"""The period that a report is about, told from one day. Pure: days in, days out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from drumbeat.apps.sales.queries import month_before


@dataclass(frozen=True, slots=True)
class Period:
    """Days [from_on, until_on). `last` is the first day of the last whole month it looks at, `months` how many months
    its sales are summed over."""

    name: str
    from_on: date
    until_on: date
    last: date
    months: int = 1


PeriodRule = Callable[[date], Period]


def last_month(on: date) -> Period:
    first = on.replace(day=1)
    last = month_before(first)
    return Period(f"{last:%B %Y}", last, first, last)


def last_quarter(on: date) -> Period:
    """The calendar quarter before the one that `on` lies in."""
    until = month_before(on.replace(day=1), (on.month - 1) % 3)
    from_on = month_before(until, 3)
    return Period(quarter_name(month_before(until)), from_on, until, month_before(until), 3)


def this_week(on: date) -> Period:
    monday = on - timedelta(days=on.weekday())
    sunday = monday + timedelta(days=6)
    days = f"{monday.day}" if monday.month == sunday.month else f"{monday.day} {monday:%b}"
    last = month_before(on.replace(day=1))
    return Period(f"{days}–{sunday.day} {sunday:%b %Y}", monday, monday + timedelta(days=7), last)


def now(on: date) -> Period:
    return Period(f"{on.day} {on:%B %Y}", on, on + timedelta(days=1), month_before(on.replace(day=1)))


def recent(rule: PeriodRule, on: date, count: int) -> list[Period]:
    """The period told from a day, and those before it, the newest first."""
    found = [rule(on)]
    while len(found) < count:
        found.append(_before(rule, found[-1]))
    return found


def _before(rule: PeriodRule, period: Period) -> Period:
    told = rule(period.from_on)
    return told if told.from_on < period.from_on else rule(period.from_on - timedelta(days=1))


def that_begins(rule: PeriodRule, from_on: date, until_on: date) -> Period:
    """The period of these days, which the rule tells from the day after it, or from its own first."""
    told = rule(until_on)
    return told if told.from_on == from_on else rule(from_on)


def quarter_name(month: date) -> str:
    return f"Q{(month.month - 1) // 3 + 1} {month.year}"


def span_name(last: date, months: int) -> str:
    """The name of so many months that end with `last`: a month, a quarter or a year."""
    return {1: f"{last:%B %Y}", 3: quarter_name(last)}.get(months, f"{months} months")


def last_day(month: date) -> date:
    return month_before(month, -1) - timedelta(days=1)
