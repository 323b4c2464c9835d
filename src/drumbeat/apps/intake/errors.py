"""The wrong rows of a file as a file of the same columns with the reason beside: mended there, it can be loaded as it is."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import TextIO

from drumbeat.core.disarming import disarmed

from .queries.learned import ERROR_COLUMNS
from .rows import Wrong
from .streams import opened
from .uploads import Upload


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
        writer.writerow([*map(disarmed, columns), *ERROR_COLUMNS])
        for number, cells in stream.records:
            if found := wrong.get(number):
                padded = (cells + [""] * len(columns))[: len(columns)]
                writer.writerow(
                    [disarmed(cell) for cell in (*padded, found.column, found.reason, found.mend)]
                )
    return len(wrong)
