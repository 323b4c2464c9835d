"""What a report is made of. It holds no report: each is a file of its own in `compositions`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .periods import PeriodRule
from .scope import Scope
from .sections.shapes import Section

Builder = Callable[[Scope], Section | list[Section]]
PARTNER, PERSON, CHANNEL = "partner", "person", "channel"
EVERY = (PARTNER, PERSON, CHANNEL)


@dataclass(frozen=True, slots=True)
class Composition:
    """`title` takes {subject} and {period}; `subjects` says what it is meant to be about. Only what is `for_partners` may be
    sent to the people of a partner: it shows nothing but that partner's own. `blueprint` is what a saved report was composed
    from, kept with its editions."""

    name: str
    purpose: str
    title: str
    period: PeriodRule
    subjects: tuple[str, ...]
    for_partners: bool
    sections: tuple[Builder, ...]
    blueprint: dict[str, Any] | None = None
