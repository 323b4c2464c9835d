"""What is wrong or strange in a file's rows, said so that its sender can mend it; also as a file to send back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

HEADER = ("file", "row", "column", "value", "severity", "reason", "mend")


@dataclass(frozen=True, slots=True)
class Finding:
    """One cell to mend, or only to look at. Rows count as in a spreadsheet: the header is row 1."""

    file: str
    row: int
    column: str
    value: str
    reason: str
    mend: str
    is_error: bool = True

    def __str__(self) -> str:
        place = f"{self.file}, row {self.row}, {self.column}"
        return f"{place}: {self.reason.rstrip('.')}. {self.mend}"


def findings_file(findings: Iterable[Finding]) -> str:
    """The findings as CSV. Cells that a spreadsheet would take for formulas get an apostrophe in front."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    for finding in findings:
        severity = "error" if finding.is_error else "warning"
        texts = (finding.column, finding.value, severity, finding.reason, finding.mend)
        writer.writerow([_as_text(finding.file), finding.row, *map(_as_text, texts)])
    return out.getvalue()


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
