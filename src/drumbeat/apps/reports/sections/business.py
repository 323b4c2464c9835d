"""The channel as a business: revenue, cost to serve and what is left, beside the year before; and each channel manager as its
general manager."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from drumbeat.apps.ledger.queries import on_time_records
from drumbeat.apps.people.models import Role
from drumbeat.apps.people.queries import staff
from drumbeat.apps.reports.asking import (
    Window,
    all_time,
    ask,
    before,
    in_period,
    in_year,
    reference,
    year_before,
)
from drumbeat.apps.reports.scope import Scope
from drumbeat.apps.reports.wording import money, sentence_of_change
from drumbeat.apps.sales.queries import month_before
from drumbeat.core.metrics import METRICS
from drumbeat.core.metrics.contribution import contribution, times

from .metric import one_row
from .record import leading
from .shapes import MONEY, NUMBER, PERCENT, TEXT, Section, kept, sentences, table

PARTS = ("sell_through", "margin", "cost_to_serve", "fund_paid")
MEANING = (
    "Contribution: margin − cost to serve − funds paid; not available while the margin of what was sold or the hourly cost of a "
    "role is unknown. Load lines with their cost, and what an hour of each role costs."
)
Figures = Mapping[str, float | None]


def summary_of_business(scope: Scope) -> Section:
    year = in_year(scope.period)
    now, then = (one_row(scope, PARTS, window) for window in (year, year_before(year)))
    sold, was = now["sell_through"] or 0, then["sell_through"] or 0
    change = sentence_of_change(sold / was - 1 if was > 0 else None, "the twelve before")
    told = f"Twelve months brought {money(sold, scope.vendor.currency)}{f', {change}' if change else ''}."
    return sentences([told, _cost_sentence(scope, now), _left_sentence(scope, now)])


def _cost_sentence(scope: Scope, now: Figures) -> str:
    cost, back = now["cost_to_serve"], times(now["sell_through"], now["cost_to_serve"])
    if cost is None or back is None:
        return "What serving partners cost is not known: no hourly cost is told for a role that did the work."
    return f"Serving partners cost {money(cost, scope.vendor.currency)}: each unit of it brought {back:,.0f} of sell-through."


def _left_sentence(scope: Scope, now: Figures) -> str:
    left = contribution(now["margin"], now["cost_to_serve"], now["fund_paid"])
    if left is None:
        return "What was left is not known: the lines of sales files do not say what the products cost."
    return f"{money(left, scope.vendor.currency)} were left after product cost, serving partners and funds."


def profit_and_loss(scope: Scope) -> Section:
    """The period and twelve months, each beside the same time a year before."""
    period, year = in_period(scope.period), in_year(scope.period)
    windows = (period, year_before(period), year, year_before(year))
    asked = [one_row(scope, PARTS, window) for window in windows]
    lines = [*PARTS, "contribution"]
    rows = [[_title(name), *_line(name, asked)] for name in lines]
    columns = [
        ("", TEXT), (period.name, MONEY), ("a year before", MONEY), ("change", PERCENT),
        ("12 months", MONEY), ("the 12 before", MONEY), ("change ", PERCENT),
    ]  # fmt: skip
    return table(
        columns, rows, key="profit", title=f"Profit and loss of the channel, {scope.vendor.currency}", metrics=PARTS,
        column_refs=[None, *(_behind(window) for window in windows[:2]), None, *(_behind(window) for window in windows[2:]), None],
        row_keys=[name if name in METRICS else None for name in lines],
    ) | {"meaning": MEANING}  # fmt: skip


def _title(name: str) -> str:
    told = {"fund_paid": "Funds paid", "contribution": "Contribution"}
    return told.get(name) or METRICS[name].title


def _line(name: str, asked: Sequence[Figures]) -> list[float | None]:
    period, period_before, year, year_before_ = (_value(name, one) for one in asked)
    return [
        period,
        period_before,
        _change(period, period_before),
        year,
        year_before_,
        _change(year, year_before_),
    ]


def _value(name: str, figures: Figures) -> float | None:
    if name == "contribution":
        return kept(contribution(figures["margin"], figures["cost_to_serve"], figures["fund_paid"]))
    return figures[name]


def _change(now: float | None, then: float | None) -> float | None:
    return kept(100 * (now / then - 1)) if now is not None and then is not None and then > 0 else None


def _behind(window: Window) -> str:
    return reference("{}", window)


def managers(scope: Scope) -> Section:
    """A row for each channel manager: what his partners sold, what he gave, what came of it; twelve months."""
    year = in_year(scope.period)
    sold, was = (_by_name(scope, "sell_through", "channel_manager", one) for one in (year, before(year)))
    partners = _by_name(scope, "partners", "channel_manager", all_time(scope.period))
    hours, cost = (_by_name(scope, name, "person", year) for name in ("attention_hours", "cost_to_serve"))
    until = month_before(scope.on.replace(day=1), -1)
    records = on_time_records(
        "person_id", side="vendor", at=scope.at, from_on=month_before(until, 12), until_on=until
    )
    people = {person.pk: person.name for person in staff(Role.CHANNEL_MANAGER)}
    lines: dict[int, list[Any]] = {}
    for pk, name in people.items():
        record = records.get(pk)
        lines[pk] = [
            name, partners.get(name, 0), sold.get(name), _change(sold.get(name), was.get(name)), kept(hours.get(name, 0)), cost.get(name),
            kept(times(sold.get(name), cost.get(name))), leading(record).percent if record and leading(record).judged else None,
        ]  # fmt: skip
    ranked = sorted(lines, key=lambda pk: -(lines[pk][2] or 0))
    columns = [
        ("channel manager", TEXT), ("partners", NUMBER), ("sell-through", MONEY), ("growth", PERCENT), ("hours", NUMBER),
        ("cost to serve", MONEY), ("sold for each unit of cost", NUMBER), ("on time", PERCENT),
    ]  # fmt: skip
    return table(
        columns, [lines[pk] for pk in ranked], key="managers", title="Each channel manager as general manager, twelve months",
        refs=[f"person:{pk}" for pk in ranked], metrics=("leverage", "attention_hours"),
        column_refs=[None, None, reference("sell_through", year), None, None, None, None, None],
        row_keys=[f"channel_manager={people[pk]}" for pk in ranked],
        empty="No channel manager has an account yet.",
    )  # fmt: skip


def _by_name(scope: Scope, metric: str, dimension: str, window: Window) -> dict[str, Any]:
    return {str(name): kept(cell) for name, cell in ask(scope, [metric], window, by=[dimension]).rows if name}
