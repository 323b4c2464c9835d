"""The slides of a pack: the page of its edition, cut into sections, with the words that people wrote. The partner's version
leaves out what is internal, and leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from drumbeat.apps.reports.drawing import Drawn, Page

from .queries import Words


@dataclass(frozen=True, slots=True)
class Slide:
    """One section with its words; `is_empty` has nothing to show but what somebody writes."""

    section: Drawn
    words: Words

    @property
    def key(self) -> str:
        return self.section.key

    @property
    def is_empty(self) -> bool:
        drawn = self.section
        return not (drawn.rows or drawn.pictures or drawn.sentences or self.words.text)


def slides_of(page: Page, words: Mapping[str, Words], *, for_partner: bool) -> Sequence[Slide]:
    """In the edition's order; to be shown, empty ones are left out and internal ones kept from the partner."""
    return list(_slides(page, words, for_partner))


def _slides(page: Page, words: Mapping[str, Words], for_partner: bool) -> Iterator[Slide]:
    for section in page.sections:
        slide = Slide(section, words.get(section.key, Words()))
        if not (for_partner and slide.words.is_internal):
            yield slide
