"""The wrong rows of a file as a file of the same columns with the reason beside: mended there, it can be loaded as it is."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from typing import TextIO

from .queries.learned import ERROR_COLUMNS
from .rows import Wrong
from .streams import opened
from .uploads import Upload

_NUMBER = re.compile(r"[-+]?[\d.,' \u00a0\u202f]+")


def write_errors(
    out: TextIO,
    upload: Upload,
    wrong: Mapping[int, Wrong],
    *,
    encoding: str,
    sheet: str,
    wanted: tuple[str, ...],
) -> int:
    """Header, wrong rows, reasons; how many rows. Cells that a spreadsheet would reckon with get an apostrophe."""
    with opened(upload, encoding=encoding, sheet=sheet, wanted=wanted) as stream:
        columns = [column for column in stream.columns if column not in ERROR_COLUMNS]
        writer = csv.writer(out, delimiter=stream.layout.delimiter or ",", lineterminator="\r\n")
        writer.writerow([*map(as_text, columns), *ERROR_COLUMNS])
        for number, cells in stream.records:
            if found := wrong.get(number):
                padded = (cells + [""] * len(columns))[: len(columns)]
                writer.writerow([as_text(cell) for cell in (*padded, found.column, found.reason, found.mend)])
    return len(wrong)


def as_text(cell: str) -> str:
    is_formula = cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not _NUMBER.fullmatch(cell)
    return f"'{cell}" if is_formula else cell
