"""Sell-through: its bars by month, its figures, and the sentences about it."""

from __future__ import annotations

from datetime import date

from drumbeat.apps.reports.asking import Window, reference
from drumbeat.apps.reports.book import months_until
from drumbeat.apps.reports.happened import happened
from drumbeat.apps.reports.periods import span_name
from drumbeat.apps.reports.scope import Scope
from drumbeat.apps.reports.wording import count, listed, money, month, sentence_of_change
from drumbeat.apps.sales.queries import month_before

from .shapes import MONEY, Section, bars, row

MEANING = (
    "Sell-through: net amounts that partners sold on in the month, as they report them, returns negative. "
    "While an owed sales file is not in, a sum is incomplete and not shown."
)


def sales_bars(scope: Scope) -> Section:
    return _bars(scope, 12)


def sales_bars_of_two_years(scope: Scope) -> Section:
    return _bars(scope, 24)


def _bars(scope: Scope, months: int) -> Section:
    title = f"Sell-through by month, {scope.vendor.currency}"
    if not scope.book.is_known(scope.period.last, months):
        empty = "No sales are known for these months."
        return bars([], key="sales", title=title, unit=scope.vendor.currency, empty=empty, meaning=MEANING)
    rows: list[dict[str, object]] = []
    window = months_until(scope.period.last, months)
    for first in window:
        is_missing = scope.partner is not None and scope.book.missing(first) > 0
        note = "not in" if is_missing else str(first.year) if first.month == 1 or not rows else ""
        value = None if is_missing or first < scope.book.began else float(scope.book.so_far(first))
        strong = months_until(scope.period.last, scope.period.months).count(first) > 0
        rows.append({"label": f"{first:%b}", "value": value, "note": note, "strong": strong})
    told = happened(scope, window, with_corrections=True)
    return bars(
        rows,
        key="sales",
        title=title,
        unit=scope.vendor.currency,
        values=MONEY,
        meaning=MEANING,
        happened=told,
    )


def sales_rows(scope: Scope) -> list[dict[str, object]]:
    last, months = scope.period.last, scope.period.months
    return [
        _row(scope, f"Sell-through, {span_name(last, months)}", months, months, span_name(_before(scope), months)),
        _row(scope, "Sell-through, 12 months", 12, 12, "the twelve months before"),
    ]  # fmt: skip


def _row(scope: Scope, label: str, months: int, back: int, than: str) -> dict[str, object]:
    last = scope.period.last
    total = scope.book.total(last, months)
    change = scope.book.growth(last, months, back)
    value = None if total is None else float(total)
    compared = than if change is not None else _why_unknown(scope, months, back)
    percent = None if change is None else 100 * change
    ref = reference("sell_through", Window("", month_before(last, months - 1), month_before(last, -1)))
    return row(label, value, MONEY, change=percent, compared=compared, ref=ref, meaning=MEANING)


def _why_unknown(scope: Scope, months: int, back: int) -> str:
    missing = scope.book.missing_months(scope.period.last, months)
    if missing:
        return incomplete(scope, months)
    return "nothing to compare with" if back else ""


def incomplete(scope: Scope, months: int) -> str:
    """Why a sum is incomplete: which files, or how many, are not in. Empty when all are."""
    missing = scope.book.missing_months(scope.period.last, months)
    if not missing:
        return ""
    if not scope.partner:
        files = sum(scope.book.missing(first) for first in missing)
        return f"incomplete: {count(files, 'sales file')} {'is' if files == 1 else 'are'} not in"
    if len(missing) > 3:
        return f"incomplete: {len(missing)} sales files are not in"
    names = listed([month(first) for first in missing])
    if len(missing) == 1:
        return f"incomplete: the sales file of {names} is not in"
    return f"incomplete: the sales files of {names} are not in"


def sales_sentences(scope: Scope) -> list[str]:
    return [_period_sentence(scope), _year_sentence(scope)]


def _period_sentence(scope: Scope) -> str:
    last, months, book = scope.period.last, scope.period.months, scope.book
    name, amount = span_name(last, months), money(book.so_far(last, months), scope.vendor.currency)
    why = incomplete(scope, months)
    if why and not book.is_known(last, months):
        return f"{name} is {why}."
    if why:
        return f"{name} brought {amount} so far and is {why}."
    if not book.is_known(last, months):
        return f"No sales are known for {name}."
    changes = [
        sentence_of_change(book.growth(last, months, months), span_name(_before(scope), months)),
        sentence_of_change(book.growth(last, months, 12), "a year before"),
    ]
    told = listed([change for change in changes if change])
    return f"{name} brought {amount}, {told}." if told else f"{name} brought {amount}."


def _year_sentence(scope: Scope) -> str:
    """Nothing when it would only say again which file is not in."""
    last, book = scope.period.last, scope.book
    why = incomplete(scope, 12)
    if not book.is_known(last, 12) or (why and why == incomplete(scope, scope.period.months)):
        return ""
    if why:
        return f"The sum of twelve months is {why}."
    amount = money(book.so_far(last, 12), scope.vendor.currency)
    change = sentence_of_change(book.growth(last, 12, 12), "the twelve before")
    return f"Twelve months came to {amount}, {change}." if change else f"Twelve months came to {amount}."


def _before(scope: Scope) -> date:
    """The last month of the period before."""
    return month_before(scope.period.last, scope.period.months)
