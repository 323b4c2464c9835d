"""A pack as a PDF of slides, the same bytes each time. Texts go in as data and are never read as markup."""

from __future__ import annotations

import re
from collections.abc import Mapping

from drumbeat.apps.reports.drawing import page_of
from drumbeat.apps.reports.models import Edition
from drumbeat.apps.reports.pdf import breakable, head_payload, section_payload, typeset
from drumbeat.core.charts import PRINT

from .queries import Words
from .slides import slides_of

STRONG = re.compile(r"\*\*([^*]+)\*\*")


def pack_pdf(edition: Edition, words: Mapping[str, Words], *, for_partner: bool) -> bytes:
    """From the kept data and the words alone; fonts are those shipped."""
    page = page_of(edition, palette=PRINT)
    slides = [one for one in slides_of(page, words, for_partner=for_partner) if not one.is_empty]
    payload = head_payload(page, edition) | {
        "title": page.title,
        "slides": [
            section_payload(one.section)
            | {
                "empty": "" if one.words.text else one.section.empty,
                "words": _paragraphs(one.words.text),
                "is_internal": one.words.is_internal,
            }
            for one in slides
        ],
    }
    return typeset("slides.typ", payload, edition)


def _paragraphs(text: str) -> list[list[tuple[str, bool]]]:
    """Each line as pieces, with those that are strong; lists get their points."""
    return [_pieces(re.sub(r"^- ", "• ", line)) for line in text.splitlines() if line.strip()]


def _pieces(line: str) -> list[tuple[str, bool]]:
    parts = enumerate(STRONG.split(breakable(line)))
    return [(part, number % 2 == 1) for number, part in parts if part]
