"""Two people write in the same text at once: their changes put together line by line, or said to clash. Knows lines only;
who wrote and when belongs to others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Change:
    """Lines [begin, end) of the common text, replaced by `lines`."""

    begin: int
    end: int
    lines: tuple[str, ...]


def merge(base: str, mine: str, theirs: str) -> str | None:
    """Both changes of `base` in one text; None when they changed the same place differently.

    What was added at the same place (two notes at the end) is kept from both, theirs first.
    """
    if mine in (base, theirs):
        return theirs
    if theirs == base:
        return mine
    lines = _lines(base)
    ours, others = (_changes(lines, _lines(text)) for text in (mine, theirs))
    pairs = [(one, other) for one in ours for other in others]
    if any(_clash(one, other) for one, other in pairs):
        return None
    return "\n".join(_put_together(lines, _in_order(ours, others)))


def _lines(text: str) -> list[str]:
    return text.split("\n") if text else []


def _changes(base: Sequence[str], text: Sequence[str]) -> list[Change]:
    codes = SequenceMatcher(None, base, text, autojunk=False).get_opcodes()
    return [Change(begin, end, tuple(text[a:b])) for tag, begin, end, a, b in codes if tag != "equal"]


def _clash(one: Change, other: Change) -> bool:
    """The same lines replaced by different ones; added lines never clash, unless inside what the other replaced."""
    if one == other:
        return False
    if one.begin == one.end or other.begin == other.end:
        return one.begin < other.begin < one.end or other.begin < one.begin < other.end
    return one.begin < other.end and other.begin < one.end


def _in_order(ours: Sequence[Change], others: Sequence[Change]) -> list[Change]:
    """By place; added lines before what is replaced there, theirs before ours, the same change once."""
    told = [(change.begin, change.end, 0, change) for change in others]
    told += [(change.begin, change.end, 1, change) for change in ours if change not in others]
    return [change for *_, change in sorted(told, key=lambda one: one[:3])]


def _put_together(base: Sequence[str], changes: Sequence[Change]) -> Iterator[str]:
    place = 0
    for change in changes:
        yield from base[place : change.begin]
        yield from change.lines
        place = max(place, change.end)
    yield from base[place:]
