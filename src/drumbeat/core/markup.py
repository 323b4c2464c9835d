"""Markdown made safe HTML, for mails and pages. Knows nothing of where it is shown; links may not run scripts."""

from __future__ import annotations

from functools import cache

import nh3
from markdown_it import MarkdownIt

TAGS = {
    "a",
    "b",
    "blockquote",
    "br",
    "code",
    "em",
    "h1",
    "h2",
    "h3",
    "hr",
    "i",
    "li",
    "ol",
    "p",
    "pre",
    "strong",
    "ul",
}
TAGS |= {"table", "tbody", "td", "th", "thead", "tr"}
SCHEMES = {"http", "https", "mailto"}


def html_of(text: str) -> str:
    """CommonMark with tables as HTML. What is HTML already in the text is shown, not obeyed."""
    return nh3.clean(_parser().render(text), tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES)


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
