"""An edition's sections as plain tables: for every export, and as what stands behind each picture. Values stay values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from .models import Edition
from .sections.shapes import DAY, MOMENT, MONEY, NUMBER, PERCENT, TEXT, Section

Cell = str | int | float | date | datetime | None
NUMBERS = (NUMBER, MONEY, PERCENT)


@dataclass(frozen=True, slots=True)
class Table:
    """`kinds` says what the values of each column are: text, number, money, percent, day or moment. Where the values of
    the second column are of several kinds, `row_kinds` says it of each row."""

    key: str
    title: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    row_kinds: tuple[str, ...] = ()

    def kind(self, row: int, column: int) -> str:
        return self.row_kinds[row] if self.row_kinds and column == 1 else self.kinds[column]


def tables_of(edition: Edition) -> list[Table]:
    """One for each section, in order."""
    return [table_of(section) for section in edition.data["sections"]]


def table_of(section: Section) -> Table:
    return _TABLES[section["kind"]](section)


def _sentences(section: Section) -> Table:
    rows = tuple((text,) for text in section["sentences"])
    return Table(section["key"], section["title"] or "Summary", ("sentence",), (TEXT,), rows)


def _figures(section: Section) -> Table:
    rows = tuple(
        (row["label"], row["value"], row["kind"], row["change"], row["unit"], row["compared"])
        for row in section["figures"]
    )
    columns = ("measure", "now", "kind", "change", "change in", "compared with")
    kinds = (TEXT, NUMBER, TEXT, NUMBER, TEXT, TEXT)
    return Table(
        section["key"],
        section["title"],
        columns,
        kinds,
        rows,
        tuple(row["kind"] for row in section["figures"]),
    )


def _bars(section: Section) -> Table:
    rows = [(bar["label"], bar["value"], bar["note"]) for bar in section["bars"]]
    columns = (section.get("head", "when"), section["unit"], "note")
    return _with_happened(section, columns, (TEXT, section.get("values", NUMBER), TEXT), rows)


def _lines(section: Section) -> Table:
    named = [line["name"] for line in section["lines"]]
    values = zip(*(line["values"] for line in section["lines"]), strict=True)
    rows = [(label, *row) for label, row in zip(section["labels"], values, strict=False)]
    kinds = (TEXT, *[section.get("values", PERCENT)] * len(named))
    return _with_happened(section, (section.get("head", "when"), *named), kinds, rows)


def _with_happened(
    section: Section, columns: tuple[str, ...], kinds: tuple[str, ...], rows: Sequence[tuple[Cell, ...]]
) -> Table:
    """One more column where something happened along the chart."""
    told = dict(section.get("happened", ()))
    if told:
        columns, kinds = (*columns, "what happened"), (*kinds, TEXT)
        rows = [(*row, told.get(n, "")) for n, row in enumerate(rows)]
    return Table(section["key"], section["title"], columns, kinds, tuple(rows))


def _strips(section: Section) -> Table:
    rows = tuple(
        (strip["name"], mark["label"], datetime.fromisoformat(mark["at"]), mark["state"].replace("_", " "))
        for strip in section["strips"]
        for mark in strip["marks"]
    )
    columns = ("owed by", "promise", "due", "outcome")
    return Table(section["key"], section["title"], columns, (TEXT, TEXT, MOMENT, TEXT), rows)


def _table(section: Section) -> Table:
    titles, kinds = zip(*section["columns"], strict=True)
    rows = tuple(
        tuple(_value(value, kind) for value, kind in zip(row, kinds, strict=True)) for row in section["rows"]
    )
    return Table(section["key"], section["title"], titles, kinds, rows)


def _value(value: Any, kind: str) -> Cell:
    if value is None:
        return None
    if kind == DAY:
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if kind == MOMENT else value


_TABLES: dict[str, Callable[[Section], Table]] = {
    "sentences": _sentences,
    "figures": _figures,
    "bars": _bars,
    "lines": _lines,
    "strip": _strips,
    "table": _table,
}
