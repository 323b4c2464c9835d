"""The periods that a question's window touches, as arrays for SQL: calendar, fiscal or given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from drumbeat.apps.people.models import Vendor
from drumbeat.core.fiscal import FiscalCalendar, MonthYear, fiscal_calendar
from drumbeat.core.metrics import DIMENSIONS, Fiscal, Question
from drumbeat.core.refusal import insist

Span = tuple[str, date, date]
MONTHS = {"year": 12, "quarter": 3, "month": 1}


def fiscal_months(asked: Fiscal | None, vendor: Vendor, first: date, until: date) -> dict[str, Any]:
    """Months of the fiscal years that cover [first, until): where they begin and end, year and number."""
    calendar = _calendar(asked, vendor)
    rows = []
    for year in range(first.year - 1, until.year + 2):
        starts = (*calendar.month_starts(year), calendar.month_starts(year + 1)[0])
        name = (starts[-1] - timedelta(days=1)).year if asked and asked.is_named_by_end else year
        rows += [(starts[n], starts[n + 1], name, n + 1) for n in range(12)]
    names = ("fiscal_from", "fiscal_until", "fiscal_year", "fiscal_month")
    return {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


def _calendar(asked: Fiscal | None, vendor: Vendor) -> FiscalCalendar:
    if asked:
        return MonthYear(asked.first_month)
    return fiscal_calendar(
        vendor.fiscal_year_starts, vendor.fiscal_pattern, vendor.fiscal_anchor, vendor.fiscal_weekday
    )


def periods_of(question: Question, first: date, until: date) -> dict[str, Any]:
    """Label, begin, end and the begin of the period before, for each period of the window; without a period, the window."""
    periods = [one.name for one in question.dimensions if DIMENSIONS[one.name].is_period]
    insist(len(periods) < 2, "Partners come and go in one kind of period at a time", "Split by one period")
    name = periods[0] if periods else ""
    spans = list(_spans(name, question, first, until))
    befores = [spans[n - 1][1] if n else _before(name, span) for n, span in enumerate(spans)]
    return {
        "period_labels": [label for label, _, _ in spans],
        "period_from": [begin for _, begin, _ in spans],
        "period_until": [end for _, _, end in spans],
        "period_before": befores,
    }


def _spans(name: str, question: Question, first: date, until: date) -> Iterator[Span]:
    if name == "window":
        edges = question.windows
        yield from ((f"{a}..{b}", a, b) for a, b in pairwise(edges))
    elif name in MONTHS:
        yield from _calendar_spans(MONTHS[name], LABELS[name], first, until)
    else:
        insist(
            not name,
            f"Partners come and go by year, quarter, month or given windows, not by {name}",
            "Give --windows",
        )
        yield "all", first, until


def _calendar_spans(months: int, label: Callable[[date], str], first: date, until: date) -> Iterator[Span]:
    begin = date(first.year, (first.month - 1) // months * months + 1, 1)
    while begin < until:
        end = _later(begin, months)
        yield label(begin), begin, end
        begin = end


def _later(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _before(name: str, span: Span) -> date:
    """Where the period before the first one begins: as long as it, in months where it has whole ones."""
    _, begin, end = span
    if name not in MONTHS and not begin.day == end.day == 1:
        return begin - (end - begin)
    return _later(begin, -MONTHS.get(name, 12 * (end.year - begin.year) + end.month - begin.month))


LABELS: dict[str, Callable[[date], str]] = {
    "year": lambda day: str(day.year),
    "quarter": lambda day: f"{day.year}Q{(day.month + 2) // 3}",
    "month": lambda day: f"{day:%Y-%m}",
}
