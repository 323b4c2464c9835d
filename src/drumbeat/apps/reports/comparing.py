"""Two editions of one report side by side: which figures and words differ. Pure over what the editions keep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .drawing import Cell, Drawn, page_of
from .models import Edition

# What is counted over a period that is over: later it differs only because its sources were corrected.
SETTLED = ("figures", "bars")


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that differs, as readers saw it: of which section, row and column, then and now."""

    section: str
    row: str
    column: str
    then: str
    now: str


def differences(then: Edition, now: Edition, kinds: tuple[str, ...] = ()) -> list[Difference]:
    """In the order of the report; of sections of these kinds, or of all."""
    earlier, later = page_of(then), page_of(now)
    told = {section.key: section for section in later.sections}
    found = list(_sentences(earlier.lede, later.lede)) if not kinds else []
    for section in earlier.sections:
        if section.key in told and (not kinds or section.kind in kinds):
            found += _cells(section, told[section.key])
    return found


def _sentences(then: tuple[str, ...], now: tuple[str, ...]) -> Iterator[Difference]:
    for n in range(max(len(then), len(now))):
        was, becomes = (texts[n] if n < len(texts) else "" for texts in (then, now))
        if was != becomes:
            yield Difference("Summary", f"Sentence {n + 1}", "", was, becomes)


def _cells(then: Drawn, now: Drawn) -> Iterator[Difference]:
    columns, was = _grid(then)
    _, becomes = _grid(now)
    for name in dict.fromkeys([*was, *becomes]):
        pairs = zip(
            columns,
            was.get(name, ()) or _nothing(columns),
            becomes.get(name, ()) or _nothing(columns),
            strict=False,
        )
        for column, before, after in pairs:
            if before.text != after.text:
                yield Difference(then.title, name[0], column.text, before.text, after.text)


def _grid(section: Drawn) -> tuple[tuple[Cell, ...], dict[tuple[str, int], tuple[Cell, ...]]]:
    """The columns, and rows by their first cell and which of that name they are."""
    shown = section.behind or section
    rows: dict[tuple[str, int], tuple[Cell, ...]] = {}
    counts: dict[str, int] = {}
    for row in shown.rows:
        name = row.cells[0].text
        counts[name] = counts.get(name, 0) + 1
        rows[name, counts[name]] = row.cells
    return shown.columns, rows


def _nothing(columns: tuple[Cell, ...]) -> Any:
    return (Cell("not there"), *(Cell("") for _ in columns[1:]))
