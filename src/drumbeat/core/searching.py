"""What somebody searches for, as folded words; and the piece of a text that answers, with its hits told apart. Knows no index:
the database folds by the same rules (`apps/stories/schema`)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MOST_WORDS = 8
WORD = re.compile(r"[^\W_]+")
# Letters that no normal form takes apart.
LONE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an excerpt; a hit is what was searched for."""

    text: str
    is_hit: bool = False


def fold(text: str) -> str:
    """Without case, accents and marks: Müller, MULLER and müller are one."""
    apart = unicodedata.normalize("NFKD", text).lower().translate(LONE)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def words_of(text: str) -> tuple[str, ...]:
    """The first eight words, folded, each once."""
    return tuple(dict.fromkeys(WORD.findall(fold(text))))[:MOST_WORDS]


def as_tsquery(words: Sequence[str]) -> str:
    """Every word must begin a word of the text. Folded words hold letters and digits only, so nothing needs quoting."""
    return " & ".join(f"{word}:*" for word in words)


def excerpt(text: str, words: Sequence[str], *, letters: int = 160) -> tuple[Piece, ...]:
    """About so many letters around the first hit, or from the beginning; white space is one space each."""
    plain = " ".join(text.split())
    hits = [found.span() for found in WORD.finditer(plain) if _is_hit(found.group(), words)]
    begin, end = _window(plain, hits[0][0] if hits else 0, letters)
    within = [(max(first, begin), min(last, end)) for first, last in hits if first < end and last > begin]
    pieces = list(_pieces(plain, begin, end, within))
    before, after = ("… " if begin else ""), (" …" if end < len(plain) else "")
    return tuple(piece for piece in (Piece(before), *pieces, Piece(after)) if piece.text)


def _is_hit(word: str, words: Sequence[str]) -> bool:
    return any(part.startswith(one) for part in WORD.findall(fold(word)) for one in words)


def _window(text: str, hit: int, letters: int) -> tuple[int, int]:
    """From a word's beginning to a word's end, with a third of it before the hit."""
    begin = max(0, hit - letters // 3)
    if begin:
        begin = text.find(" ", begin, hit) + 1 or hit
    end = min(len(text), begin + letters)
    if end < len(text):
        end = max(text.rfind(" ", begin, end), begin) if " " in text[begin:end] else end
    return begin, end


def _pieces(text: str, begin: int, end: int, hits: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    place = begin
    for first, last in hits:
        yield Piece(text[place:first])
        yield Piece(text[first:last], True)
        place = last
    yield Piece(text[place:end])
