"""An edition as PDF, the same bytes each time. Texts go in as data and are never read as markup."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from drumbeat.core.charts import PRINT

from .drawing import Drawn, Page, page_of
from .models import Edition

PACKAGE = Path(str(files("drumbeat")))
TEMPLATES = PACKAGE / "library" / "reports"
FONTS = PACKAGE / "fonts"
LONG_WORD = re.compile(r"\S{25,}")


def edition_pdf(edition: Edition) -> bytes:
    """Drawn from the kept data alone; fonts are those shipped, no package and no other file is read."""
    page = page_of(edition, palette=PRINT)
    payload = head_payload(page, edition) | {
        "name": page.title,
        "title": breakable(page.title),
        "sections": [section_payload(section) for section in page.sections],
    }
    return typeset("report.typ", payload, edition)


def typeset(template: str, payload: Mapping[str, Any], edition: Edition) -> bytes:
    """A template of the library with data, dated as the edition is."""
    made = typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(payload, ensure_ascii=False)},
        format="pdf",
        timestamp=int(edition.built_at.timestamp()),
    )
    return bytes(made)


def head_payload(page: Page, edition: Edition) -> dict[str, Any]:
    return {
        "vendor": page.vendor,
        "subject": page.subject,
        "period": page.period,
        "as_of": page.as_of,
        "date": [edition.built_at.year, edition.built_at.month, edition.built_at.day],
        "lede": [breakable(text) for text in page.lede],
        "definitions": list(page.definitions),
    }


def breakable(text: str) -> str:
    """With places to break (U+200B) in words longer than a column, which would run over the edge."""
    return LONG_WORD.sub(lambda word: "\u200b".join(re.findall(".{1,12}", word[0])), text)


def section_payload(section: Drawn) -> dict[str, Any]:
    return {
        "kind": section.kind,
        "title": section.title,
        "sentences": [breakable(text) for text in section.sentences],
        "columns": [[cell.text, cell.is_number] for cell in section.columns],
        "rows": [[breakable(cell.text) for cell in row.cells] for row in section.rows],
        "empty": section.empty,
        "more": section.more,
        "happened": list(section.happened),
        "pictures": [
            {"svg": str(picture.svg), "name": breakable(picture.name), "note": picture.note}
            for picture in section.pictures
        ],
    }
