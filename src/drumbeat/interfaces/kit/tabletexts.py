"""Tables whose lines lead to what is behind them, told as plain values or as aligned text. It knows no subject."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """Cells in the order of the columns; `where` picks the occurrences behind it, `contact` or `partner` lead to pages,
    `table` to another table."""

    cells: tuple[Any, ...]
    where: tuple[tuple[str, int], ...] = ()
    contact: int | None = None
    partner: str = ""
    table: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    key: str
    title: str
    columns: tuple[str, ...]
    lines: list[Line]
    empty: str = "Nothing."


def as_plain(table: Table) -> dict[str, Any]:
    """For JSON: days as ISO texts."""
    return {
        "title": table.title,
        "columns": table.columns,
        "rows": [[_plain(cell) for cell in line.cells] for line in table.lines],
    }


def _plain(cell: Any) -> Any:
    return cell.isoformat() if isinstance(cell, date) else cell


def as_texts(tables: Iterable[Table], longest: int) -> Iterator[str]:
    """For the command line: one table after the other, `longest` lines of each."""
    for table in tables:
        yield f"\n{table.title}"
        if not table.lines:
            yield f"  {table.empty}"
            continue
        shown = [line.cells for line in table.lines[:longest]]
        yield from _aligned([table.columns, *shown])
        if len(table.lines) > longest:
            yield f"  … {len(table.lines) - longest:,} more: --format json"


def _aligned(rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    texts = [[_text(cell) for cell in row] for row in rows]
    widths = [max(len(row[n]) for row in texts) for n in range(len(texts[0]))]
    right = [isinstance(cell, int | float) for cell in rows[-1]]
    for row in texts:
        cells = (
            text.rjust(width) if is_number else text.ljust(width)
            for text, width, is_number in zip(row, widths, right, strict=True)
        )
        yield "  " + "  ".join(cells).rstrip()


def _text(cell: Any) -> str:
    return f"{cell:,}" if isinstance(cell, int | float) else "" if cell is None else str(cell)
