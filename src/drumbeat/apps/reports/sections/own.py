"""Sections of a report that somebody put together: its figures in total, the chart, and a row for each value of what it is
split by, with another time beside them where that is wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from drumbeat.apps.reports.asking import FIGURE
from drumbeat.apps.reports.scope import Scope
from drumbeat.core.metrics import METRICS
from drumbeat.core.metrics.blueprint import BARS, LINES, Blueprint, spoken
from drumbeat.core.metrics.question import is_windowed
from drumbeat.core.refusal import insist

from .metric import KINDS, changed, metric_rows
from .shapes import MONEY, NUMBER, PERCENT, TEXT, Section, bars, figures, kept, lines, table
from .splits import (
    SHIFTS,
    Key,
    Split,
    a_year_earlier,
    asked_windows,
    ordered,
    question_of_row,
    split_of,
    window_of,
)

Builder = Callable[[Scope], Section]
MOST_BARS, MOST_LINES = 12, 6
NOTHING = "Nothing is known for this time."


def sections_of(blueprint: Blueprint) -> tuple[Builder, ...]:
    charts = {BARS: [bars_of_first], LINES: [lines_of_first]}.get(blueprint.chart, [])
    rows = [rows_of_split] if blueprint.by else []
    return tuple(_of(blueprint, make) for make in (totals, *charts, *rows))


def _of(blueprint: Blueprint, make: Callable[[Blueprint, Scope], Section]) -> Builder:
    """Refuses to tell of the whole channel where only some of its partners are asked about."""

    def build(scope: Scope) -> Section:
        insist(
            scope.partner_ids is None or blueprint.is_of_partners,
            "This report counts what isn't told by partner, so that it can only be about the whole channel",
            "Directors and partner operations may read it",
        )
        return make(blueprint, scope)

    return build


def totals(blueprint: Blueprint, scope: Scope) -> Section:
    rows = [
        one
        for names, window in asked_windows(blueprint, blueprint.metrics, scope)
        for one in metric_rows(scope, window, names, SHIFTS[blueprint.against], blueprint.where)
    ]
    return figures(rows, key="total", title="In total")


def rows_of_split(blueprint: Blueprint, scope: Scope) -> Section:
    now = split_of(blueprint, scope, blueprint.by, blueprint.metrics)
    then = split_of(blueprint, scope, blueprint.by, blueprint.metrics, SHIFTS[blueprint.against])
    keys = ordered(blueprint, blueprint.by, now)
    shown = keys[: blueprint.most]
    return table(
        _columns(blueprint, scope),
        [[*now.names[key], *_figures(blueprint, key, now, then)] for key in shown],
        key="split",
        title=_title(blueprint.metrics, blueprint.by),
        refs=[f"partner-key:{now.ids[key]}" if key in now.ids else None for key in shown],
        empty=NOTHING,
        of=len(keys),
        metrics=blueprint.metrics,
        column_refs=[*(None for _ in blueprint.by), *_column_refs(blueprint)],
        row_keys=[question_of_row(blueprint, scope, key) for key in shown],
    )


def _figures(blueprint: Blueprint, key: Key, now: Split, then: Split) -> list[float | None]:
    found: list[float | None] = []
    earlier = a_year_earlier(blueprint.by, key) if blueprint.against == "year_before" else key
    for name in blueprint.metrics:
        value = now.values[key].get(name)
        found.append(value)
        if _is_compared(blueprint, name):
            was = then.values.get(earlier, {}).get(name)
            found += [was, kept(changed(value, was, _kind(name))[0])]
    return found


def _is_compared(blueprint: Blueprint, name: str) -> bool:
    return bool(blueprint.against) and is_windowed(name)


def _kind(name: str) -> str:
    return KINDS.get(METRICS[name].unit, NUMBER)


def _columns(blueprint: Blueprint, scope: Scope) -> list[tuple[str, str]]:
    """Percentages change by points, other values by percent."""
    than = SHIFTS[blueprint.against](window_of(blueprint, scope)).name
    columns = [(spoken(name), TEXT) for name in blueprint.by]
    for name in blueprint.metrics:
        title, kind = METRICS[name].title, _kind(name)
        columns.append((title, kind))
        if _is_compared(blueprint, name):
            change = (f"{title}, points", NUMBER) if kind == PERCENT else (f"{title}, change", PERCENT)
            columns += [(f"{title}, {than}", kind), change]
    return columns


def _title(metrics: Sequence[str], by: Sequence[str]) -> str:
    more = f" and {len(metrics) - 1} more" if len(metrics) > 1 else ""
    return f"{METRICS[metrics[0]].title}{more} by {' and '.join(spoken(name) for name in by)}"


def _column_refs(blueprint: Blueprint) -> list[str | None]:
    """A figure's question begins with its metric; the row says the days and the rest."""
    found: list[str | None] = []
    for name in blueprint.metrics:
        has_rows = METRICS[name].bases[0] in blueprint.question.bases and is_windowed(name)
        found.append(f"{FIGURE}{name}|{{}}" if has_rows else None)
        found += [None, None] if _is_compared(blueprint, name) else []
    return found


def bars_of_first(blueprint: Blueprint, scope: Scope) -> Section:
    """By the period, where the last stands out; else by the first dimension, where the largest does."""
    first, by = blueprint.metrics[:1], (blueprint.period or blueprint.by[0],)
    split = split_of(blueprint, scope, by, first)
    keys = ordered(blueprint, by, split)
    shown = keys[-MOST_BARS:] if blueprint.period else keys[:MOST_BARS]
    inked = shown[-1 if blueprint.period else 0] if shown else None
    rows = [
        {
            "label": split.names[key][0],
            "value": split.values[key][first[0]],
            "note": "",
            "strong": key == inked,
        }
        for key in shown
    ]
    return bars(
        rows,
        key="bars",
        title=_title(first, by),
        unit=_unit(first[0], scope),
        values=_kind(first[0]),
        empty=NOTHING,
        metrics=first,
        head=spoken(by[0]),
    )


def lines_of_first(blueprint: Blueprint, scope: Scope) -> Section:
    """Over the period, a line for each value of the other dimension; the largest ones."""
    first, period = blueprint.metrics[0], blueprint.period
    by = (period, *(name for name in blueprint.by if name != period))
    split = split_of(blueprint, scope, by, (first,))
    labels = sorted({key[0] for key in split.values if key[0]})
    by_line: dict[Key, dict[str | None, Any]] = {}
    for key, told in split.values.items():
        by_line.setdefault(key[1:], {})[key[0]] = told[first]
    names = {key[1:]: ", ".join(split.names[key][1:]) for key in split.values}
    largest = sorted(by_line, key=lambda line: -sum(value or 0 for value in by_line[line].values()))
    rows = [
        {
            "name": names[line] or METRICS[first].title,
            "values": [by_line[line].get(label) for label in labels],
            "strong": line == largest[0],
        }
        for line in largest[:MOST_LINES]
    ]
    return lines(
        labels,
        rows,
        key="lines",
        title=_title((first,), by),
        unit=_unit(first, scope),
        values=_kind(first),
        empty=NOTHING,
        metrics=(first,),
        head=spoken(period),
    )


def _unit(name: str, scope: Scope) -> str:
    return scope.vendor.currency if _kind(name) == MONEY else METRICS[name].unit
