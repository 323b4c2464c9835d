"""The period that a report is about, told from one day. Pure: days in, days out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from drumbeat.apps.sales.queries import month_before
from drumbeat.core.metrics.blueprint import ALL, GIVEN, Blueprint


@dataclass(frozen=True, slots=True)
class Period:
    """Days [from_on, until_on). `last` is the first day of the last whole month it looks at, `months` how many months
    its sales are summed over."""

    name: str
    from_on: date
    until_on: date
    last: date
    months: int = 1

    @property
    def last_on(self) -> date:
        return self.until_on - timedelta(days=1)


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
        before = _before(rule, found[-1])
        if before.from_on >= found[-1].from_on:  # its days are given once and for all
            break
        found.append(before)
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


def spanning(from_on: date, until_on: date) -> Period:
    """Any days as a period, named by its month, quarter or year where it is one."""
    months = (until_on.year - from_on.year) * 12 + until_on.month - from_on.month
    last = (until_on - timedelta(days=1)).replace(day=1)
    return Period(_name(from_on, until_on, months), from_on, until_on, last, max(months, 1))


def _name(from_on: date, until_on: date, months: int) -> str:
    if from_on.day == until_on.day == 1:
        if months == 12 and from_on.month == 1:
            return f"{from_on.year}"
        if months in (1, 3) and (from_on.month - 1) % months == 0:
            return span_name(month_before(until_on), months)
        return f"{from_on:%b %Y}–{month_before(until_on):%b %Y}"
    last = until_on - timedelta(days=1)
    if last == from_on:
        return f"{from_on.day} {from_on:%B %Y}"
    return f"{from_on.day} {from_on:%b %Y}–{last.day} {last:%b %Y}"


def rule_of(blueprint: Blueprint) -> PeriodRule:
    """How the period of a saved report is told."""
    if blueprint.window != GIVEN:
        return RULES[blueprint.window]
    from_on, until_on = blueprint.from_on, blueprint.until_on
    assert from_on and until_on, "a given window has its days"
    return lambda _: spanning(from_on, until_on)


def _so_far(months: int) -> PeriodRule:
    """From the first day of the running month, quarter or year to the day itself."""

    def rule(on: date) -> Period:
        first = month_before(on.replace(day=1), (on.month - 1) % months)
        return spanning(first, on + timedelta(days=1))

    return rule


def _whole(months: int, unit: int) -> PeriodRule:
    """So many whole months that end with the last whole unit of months before the day."""

    def rule(on: date) -> Period:
        until = month_before(on.replace(day=1), (on.month - 1) % unit)
        return spanning(month_before(until, months), until)

    return rule


RULES: dict[str, PeriodRule] = {
    "last_month": last_month,
    "this_month": _so_far(1),
    "last_quarter": last_quarter,
    "this_quarter": _so_far(3),
    "twelve_months": _whole(12, 1),
    "this_year": _so_far(12),
    "last_year": _whole(12, 12),
    ALL: now,
}


def days_of(dimension: str, label: str) -> tuple[date, date]:
    """The days of a calendar year, quarter or month as figures label them: 2026, 2026Q4, 2026-10."""
    year = int(label[:4])
    months = {"year": 12, "quarter": 3, "month": 1}[dimension]
    place = int(label[4:].strip("Q-") or 1)
    from_on = date(year, (place - 1) * months + 1, 1)
    return from_on, month_before(from_on, -months)
