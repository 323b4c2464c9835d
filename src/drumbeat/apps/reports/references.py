"""What an edition refers to: rows and marks of other rooms, and the questions that its figures answer. No addresses."""

from __future__ import annotations

from collections.abc import Iterator

from .models import Edition
from .sections.shapes import Section


def references(edition: Edition) -> Iterator[str]:
    """All that an edition refers to: rows, marks and the questions behind figures."""
    for section in edition.data["sections"]:
        told = [
            *section.get("figures", ()),
            *(mark for strip in section.get("strips", ()) for mark in strip["marks"]),
        ]
        yield from (one["ref"] for one in told if one.get("ref"))
        if section["kind"] == "table":
            yield from (ref for refs in (section["refs"], *cell_refs(section)) for ref in refs if ref)


def cell_refs(section: Section) -> list[list[str | None]]:
    """Of each row of a table, for each cell: which question it answers, None where none is kept."""
    columns = section.get("column_refs") or [None] * len(section["columns"])
    keys = section.get("row_keys") or [None] * len(section["rows"])
    return [[_question(column, key) if column and key else None for column in columns] for key in keys]


def _question(column: str, key: str) -> str:
    """The column's question narrowed by the row's key; where rows are metrics, the key is what is asked."""
    return column.format(key) if "{}" in column else f"{column}|{key}"
