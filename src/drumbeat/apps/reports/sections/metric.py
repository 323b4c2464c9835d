"""Sections made of metrics of the catalogue: figures with what they changed by, bars by month, tables by a dimension. Each
function makes the builder of a section; what the metrics mean and how they are reckoned only the catalogue knows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from drumbeat.apps.reports.asking import (
    Where,
    Window,
    all_time,
    ask,
    before,
    in_period,
    in_year,
    is_of_partners,
    reference,
    year_before,
)
from drumbeat.apps.reports.book import months_until
from drumbeat.apps.reports.periods import Period
from drumbeat.apps.reports.scope import Scope
from drumbeat.apps.reports.wording import money, number
from drumbeat.core.metrics import METRICS

from .shapes import MONEY, NUMBER, PERCENT, TEXT, Section, bars, figures, kept, row, sentences, table

Windowed = Callable[[Period], Window]
Builder = Callable[[Scope], Section]
KINDS = {"money": MONEY, "%": PERCENT}
KEYS = {"partner_name": "partner"}  # what tells rows apart where names may be alike


def standing(
    *asked: tuple[Windowed, Sequence[str]], title: str, key: str, against: Callable[[Window], Window] = before
) -> Builder:
    """A row for each metric of each window, beside the window before or a year before."""

    def build(scope: Scope) -> Section:
        rows = [
            one
            for windowed, names in asked
            for one in metric_rows(scope, windowed(scope.period), names, against)
        ]
        return figures(rows, key=key, title=title)

    return build


def metric_rows(
    scope: Scope,
    window: Window,
    names: Sequence[str],
    against: Callable[[Window], Window] = before,
    where: Sequence[Where] = (),
) -> list[dict[str, Any]]:
    now, then = (one_row(scope, names, one, where) for one in (window, against(window)))
    than = "" if against(window) == window else against(window).name
    return [_row(name, window, now[name], then[name] if than else None, than, where) for name in names]


def one_row(
    scope: Scope, names: Sequence[str], window: Window, where: Sequence[Where] = ()
) -> dict[str, float | None]:
    """Metric -> its value over the window."""
    found = ask(scope, names, window, where=where)
    cells = found.rows[0] if found.rows else (None,) * len(names)
    return {name: kept(cell) for name, cell in zip(names, cells, strict=True)}


def _row(
    name: str, window: Window, now: float | None, then: float | None, than: str, where: Sequence[Where]
) -> dict[str, Any]:
    metric = METRICS[name]
    kind = KINDS.get(metric.unit, NUMBER)
    change, unit = changed(now, then, kind)
    return row(
        f"{metric.title}, {window.name}",
        now,
        kind,
        change=change,
        unit=unit,
        compared=than if change is not None else "nothing to compare with" if than else "",
        ref=reference(name, window, where) if is_of_partners(name) else None,
        metrics=[name],
    )


def changed(now: float | None, then: float | None, kind: str) -> tuple[float | None, str]:
    """In points between percentages, else in percent of what was."""
    if now is None or then is None:
        return None, "%"
    if kind == PERCENT:
        return now - then, "pts"
    return (100 * (now / then - 1) if then > 0 else None), "%"


def by_month(name: str, *, title: str, key: str, months: int = 12) -> Builder:
    """A bar for each month that ends with the period's last one."""

    def build(scope: Scope) -> Section:
        firsts = months_until(scope.period.last, months)
        window = Window("", firsts[0], in_year(scope.period).until_on)
        found = {str(month): kept(cell) for month, cell in ask(scope, [name], window, by=["month"]).rows}
        kind = KINDS.get(METRICS[name].unit, NUMBER)
        unit = scope.vendor.currency if kind == MONEY else METRICS[name].unit
        rows = [_bar(first, found.get(f"{first:%Y-%m}"), scope) for first in firsts] if found else []
        empty = "Nothing is known for these months."
        return bars(rows, key=key, title=title, unit=unit, values=kind, empty=empty, metrics=[name])

    return build


def _bar(first: date, value: float | None, scope: Scope) -> dict[str, Any]:
    note = str(first.year) if first.month == 1 else ""
    strong = scope.period.from_on <= first < scope.period.until_on
    return {"label": f"{first:%b}", "value": value, "note": note, "strong": strong}


def told(name: str, text: str) -> Builder:
    """A sentence of a metric over the period: `text` takes {value} and {window}; then how it compares with the time before."""

    def build(scope: Scope) -> Section:
        window = in_period(scope.period)
        now, then = (one_row(scope, [name], one)[name] for one in (window, before(window)))
        shown = money(now or 0, scope.vendor.currency) if METRICS[name].unit == "money" else number(now or 0)
        sentence = text.format(value=shown, window=window.name)
        if now is None or not then or now == then:
            return sentences([f"{sentence}."])
        change = abs(round(100 * (now / then - 1)))
        return sentences(
            [f"{sentence}, {change:,} % {'more' if now > then else 'less'} than {before(window).name}."]
        )

    return build


def split(
    dimension: str,
    names: Sequence[str],
    *,
    title: str,
    key: str,
    windowed: Windowed = in_period,
    where: Where | None = None,
    top: int = 15,
    empty: str = "Nothing is known for this time.",
) -> Builder:
    """A row for each value of the dimension, the largest by the first metric first; of the rows `where` only."""
    narrowed = [where] if where else []

    def build(scope: Scope) -> Section:
        window = windowed(scope.period)
        by = [KEYS[dimension], dimension] if dimension in KEYS else [dimension]
        most = 0 if scope.partner else top  # reports of many partners are asked once for all, whole
        found = ask(scope, names, window, by=by, where=narrowed, sort=f"-{names[0]}", top=most)
        rows = [(one[0], one[len(by) - 1], one[len(by) :]) for one in found.rows[:top]]
        rows = rows if any(name is not None for _, name, _ in rows) else []
        head = dimension.removesuffix("_name").replace("_", " ")
        columns = [
            (head, TEXT),
            *((METRICS[name].title.lower(), KINDS.get(METRICS[name].unit, NUMBER)) for name in names),
        ]
        return table(
            columns,
            [["unknown" if name is None else str(name), *map(kept, cells)] for _, name, cells in rows],
            key=key,
            title=title,
            refs=[f"partner-key:{one}" if by[0] == "partner" else None for one, _, _ in rows],
            empty=empty,
            of=found.of if rows else 0,
            metrics=names,
            column_refs=[None, *(reference(name, window, narrowed) for name in names)],
            row_keys=[None if one is None else f"{by[0]}={one}" for one, _, _ in rows],
        )  # fmt: skip

    return build


__all__ = [
    "all_time",
    "by_month",
    "in_period",
    "in_year",
    "metric_rows",
    "one_row",
    "split",
    "standing",
    "told",
    "year_before",
]
