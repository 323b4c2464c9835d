"""Values of metrics by the labels of what they are split by, and the questions that name one row of them again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from drumbeat.apps.reports.asking import (
    FIGURE,
    Window,
    all_time,
    ask,
    before,
    in_period,
    reference,
    year_before,
)
from drumbeat.apps.reports.periods import days_of
from drumbeat.apps.reports.scope import Scope
from drumbeat.apps.reports.wording import day
from drumbeat.core.metrics import DIMENSIONS
from drumbeat.core.metrics.blueprint import ALL, CALENDAR, Blueprint
from drumbeat.core.metrics.question import by_window

from .shapes import kept

Key = tuple[str | None, ...]
Shift = Callable[[Window], Window]
SHIFTS: dict[str, Shift] = {"": lambda window: window, "before": before, "year_before": year_before}
IDS = {"partner_name": "partner"}  # what tells rows apart where names may be alike


@dataclass(frozen=True, slots=True)
class Split:
    """Metric -> value for each row; `names` are its labels as they are read, `ids` the keys of partners."""

    values: dict[Key, dict[str, Any]]
    names: dict[Key, tuple[str, ...]]
    ids: dict[Key, str]


def window_of(blueprint: Blueprint, scope: Scope) -> Window:
    return all_time(scope.period) if blueprint.window == ALL else in_period(scope.period)


def asked_windows(blueprint: Blueprint, names: Sequence[str], scope: Scope) -> list[tuple[list[str], Window]]:
    """Metrics that reckon back from the last day have no first one; what is open is told as it stands."""
    window = window_of(blueprint, scope)
    last = f"until {day(scope.period.last_on)}"
    windowed, back, standing = by_window(names)
    all_three = (
        (windowed, window),
        (back, Window(last, None, window.until_on)),
        (standing, all_time(scope.period)),
    )
    return [(found, one) for found, one in all_three if found]


def split_of(
    blueprint: Blueprint, scope: Scope, by: Sequence[str], names: Sequence[str], shift: Shift = SHIFTS[""]
) -> Split:
    columns = [column for name in by for column in ([IDS[name], name] if name in IDS else [name])]
    found = Split({}, {}, {})
    for metrics, window in asked_windows(blueprint, names, scope):
        for row in ask(scope, metrics, shift(window), by=columns, where=blueprint.where).rows:
            _take(
                found,
                by,
                dict(zip(columns, row, strict=False)),
                dict(zip(metrics, row[len(columns) :], strict=True)),
            )
    return found


def _take(found: Split, by: Sequence[str], told: dict[str, Any], cells: dict[str, Any]) -> None:
    key = tuple(_text(told[IDS.get(name, name)]) for name in by)
    found.names[key] = tuple("unknown" if told[name] is None else str(told[name]) for name in by)
    if told.get("partner"):
        found.ids[key] = str(told["partner"])
    found.values.setdefault(key, {}).update({name: kept(cell) for name, cell in cells.items()})


def _text(label: Any) -> str | None:
    return None if label is None else str(label)


def ordered(blueprint: Blueprint, by: Sequence[str], split: Split) -> list[Key]:
    """The largest by the first metric first; over time in its order."""
    first = blueprint.metrics[0]
    by_size = sorted(split.values, key=lambda key: -(split.values[key].get(first) or 0))
    if blueprint.period not in by:
        return by_size
    place = by.index(blueprint.period)
    return sorted(by_size, key=lambda key: key[place] or "")


def a_year_earlier(by: Sequence[str], key: Key) -> Key:
    """2026Q4 was 2025Q4: labels of periods begin with their year."""
    return tuple(
        f"{int(label[:4]) - 1}{label[4:]}" if label and DIMENSIONS[name].is_period else label
        for name, label in zip(by, key, strict=True)
    )


def question_of_row(blueprint: Blueprint, scope: Scope, key: Key) -> str | None:
    """What narrows a metric to the row, as references tell it; None where it has no label, or one they can't hold."""
    window = window_of(blueprint, scope)
    from_on, until_on, narrowed = window.from_on, window.until_on, [*blueprint.where]
    for name, label in zip(blueprint.by, key, strict=True):
        if label is None or "|" in label:
            return None
        if name in CALENDAR:
            from_on, until_on = _within(days_of(name, label), from_on, until_on)
        else:
            narrowed.append((IDS.get(name, name), label))
    return reference("", Window("", from_on, until_on), narrowed).removeprefix(f"{FIGURE}|")


def _within(days: tuple[date, date], from_on: date | None, until_on: date | None) -> tuple[date, date]:
    first, end = days
    return max(first, from_on or first), min(end, until_on or end)
