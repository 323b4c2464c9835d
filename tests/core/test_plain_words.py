"""Excerpts are words: the same that the drawn Markdown has, whatever its marks."""

from __future__ import annotations

import html
import time
from pathlib import Path

import nh3
import pytest

import drumbeat
from drumbeat.core.markup import html_of, plain_of

MESSAGES = sorted((Path(drumbeat.__file__).parent / "library" / "messages").glob("*.md"))
TEXTS = (
    "**Bold** and *italic* and __bold__ and _italic_ of snake_case_words",
    'See [the report](https://x.example/a_b_c) and [another](/x.html "title")',
    "# A heading\n\n### Another",
    "> quoted, and\n> once more",
    "- one\n- two\n\n* three\n\n+ four",
    "1. first\n2. second\n\n3) third",
    "`code` stays\n\n```\nand a block\n```",
    "a \\* star and \\_ underscores",
    "2 * 3 * 4 and a|b",
    "<https://x.example/page> and <b>no tag</b>",
    "| Who | What |\n|---|---:|\n| Zoë | **all** of it |",
    "one\n\n---\n\ntwo",
    "Title\n=====\ntext",
    "A line [not a link] (really)",
)


def drawn_words(text: str) -> list[str]:
    """The slow twin: drawn, then the tags taken away."""
    return html.unescape(nh3.clean(html_of(text).replace("<", " <"), tags=set())).split()


def tidy(words: list[str]) -> str:
    """Tags end where words may go on."""
    return "".join(words)


@pytest.mark.parametrize("text", TEXTS)
def test_the_words_of_a_text_are_those_that_are_drawn(text: str) -> None:
    assert tidy(plain_of(text).split()) == tidy(drawn_words(text))


def test_what_only_looks_like_a_mark_stays() -> None:
    assert plain_of("5*6*7 of |x|, a_b_c and 2 ** 3") == "5*6*7 of |x|, a_b_c and 2 ** 3"
    assert plain_of("![A chart](/x.png)") == "A chart", "what a picture shows is words, too"


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.name)
def test_the_words_of_each_mail_that_ships_are_those_that_are_drawn(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert tidy(plain_of(text).split()) == tidy(drawn_words(text))


@pytest.mark.parametrize(
    "piece", ["*", "_", "[", "![a](", "`", "|", "> ", "- ", "**a", "<https:", "#", "\\", "* a_", "---"]
)
def test_no_text_takes_long(piece: str) -> None:
    begun = time.process_time()
    plain_of(piece * (100_000 // len(piece)))
    assert time.process_time() - begun < 1
