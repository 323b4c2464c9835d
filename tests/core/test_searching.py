"""What is searched for, and the excerpt that answers: examples, and laws over any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.searching import WORD, as_tsquery, excerpt, fold, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Müller GmbH", ("muller", "gmbh")),
        ("  o'Brien & Søn ", ("o", "brien", "son")),
        ("petra@bergmann.example", ("petra", "bergmann", "example")),
        ("Straße STRASSE", ("strasse",)),
        ("東京 商事", ("東京", "商事")),
        ("':* | !x \\ <->", ("x",)),
        ("", ()),
        ("a b c d e f g h i j", ("a", "b", "c", "d", "e", "f", "g", "h")),
    ],
)
def test_words_are_folded_and_told_once(text: str, words: tuple[str, ...]) -> None:
    assert words_of(text) == words


@given(st.text(max_size=80))
def test_a_query_holds_nothing_but_words(text: str) -> None:
    words = words_of(text)
    assert all(WORD.fullmatch(word) for word in words)
    assert as_tsquery(words).count(":*") == len(words)


def shown(text: str, query: str, letters: int = 160) -> str:
    return "".join(
        f"[{piece.text}]" if piece.is_hit else piece.text
        for piece in excerpt(text, words_of(query), letters=letters)
    )


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("The price list\nis late", "price", "The [price] list is late"),
        ("Grüße aus Köln", "koln", "Grüße aus [Köln]"),
        ("prices, priced and surprise", "price", "[prices], [priced] and surprise"),
        ("Nothing here", "price", "Nothing here"),
        ("", "price", ""),
    ],
)
def test_hits_are_told_apart(text: str, query: str, expected: str) -> None:
    assert shown(text, query) == expected


def test_a_long_text_is_cut_around_the_first_hit() -> None:
    text = "word " * 100 + "needle " + "more " * 100
    assert shown(text, "needle", 30) == "… word [needle] more more more …"


@given(st.text(max_size=300), st.text(max_size=12), st.integers(20, 120))
def test_an_excerpt_is_a_part_of_the_text(text: str, query: str, letters: int) -> None:
    pieces = excerpt(text, words_of(query), letters=letters)
    told = "".join(piece.text for piece in pieces)
    assert told.removeprefix("… ").removesuffix(" …") in " ".join(text.split()) or "…" in text
    assert len(told) <= letters + 4
    assert all(fold(piece.text) for piece in pieces if piece.is_hit)
