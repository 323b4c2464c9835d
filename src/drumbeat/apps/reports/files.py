"""The files that an edition can be had as, each by the ending of its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .csvfiles import edition_csv
from .document import edition_json
from .letter import edition_text
from .models import Edition
from .workbook import edition_xlsx

ENDINGS = {"pdf": "PDF", "xlsx": "XLSX", "csv": "CSV", "json": "JSON", "md": "Mail"}
MEDIA = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "zip": "application/zip",
    "json": "application/json",
    "md": "text/markdown; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class EditionFile:
    name: str
    media_type: str
    content: bytes


def edition_file(edition: Edition, ending: str) -> EditionFile:
    """Of ENDINGS; a CSV of several tables comes as a ZIP."""
    ending, content = MAKERS[ending](edition)
    return EditionFile(f"{edition.report} {edition.period_from:%Y-%m}.{ending}", MEDIA[ending], content)


def _pdf(edition: Edition) -> tuple[str, bytes]:
    # Drawing pages loads a typesetter: only who makes a PDF pays for it.
    from .pdf import edition_pdf

    return "pdf", edition_pdf(edition)


MAKERS: dict[str, Callable[[Edition], tuple[str, bytes]]] = {
    "pdf": _pdf,
    "xlsx": lambda edition: ("xlsx", edition_xlsx(edition)),
    "csv": edition_csv,
    "json": lambda edition: ("json", edition_json(edition)),
    "md": lambda edition: ("md", edition_text(edition).encode()),
}
