"""An edition as CSV: one table is one file, several are a ZIP of them, with what the figures mean beside."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from drumbeat.core.disarming import disarmed

from .definitions import DEFINITION_COLUMNS, definition_rows
from .models import Edition
from .tables import tables_of

MARK = "\ufeff"  # without it spreadsheets take the letters for another encoding
LONGEST_NAME = 60


def edition_csv(edition: Edition) -> tuple[str, bytes]:
    """The ending of the file's name, `csv` or `zip`, and its bytes: the same each time."""
    tables = [table for table in tables_of(edition) if table.rows]
    if len(tables) == 1:
        return "csv", _written([tables[0].columns, *tables[0].rows])
    named = [
        (f"{n:02} {_file_name(table.title)}", [table.columns, *table.rows])
        for n, table in enumerate(tables, 1)
    ]
    named.append(("definitions", [DEFINITION_COLUMNS, *definition_rows(edition)]))
    return "zip", _zipped(named, edition.built_at)


def _zipped(named: Iterable[tuple[str, Sequence[Sequence[Any]]]], at: datetime) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in named:
            archive.writestr(zipfile.ZipInfo(f"{name}.csv", at.timetuple()[:6]), _written(rows))
    return out.getvalue()


def _file_name(title: str) -> str:
    """Letters, digits and blanks of a title: what every system takes as the name of a file."""
    plain = "".join(letter if letter.isalnum() else " " for letter in title.casefold())
    return " ".join(plain.split())[:LONGEST_NAME].strip() or "table"


def _written(rows: Iterable[Iterable[Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return (MARK + out.getvalue()).encode()


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return disarmed(value)
    return value.isoformat() if isinstance(value, date | datetime) else value
