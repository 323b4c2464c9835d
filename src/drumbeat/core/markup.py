"""Markdown made safe HTML, for mails and pages, or its bare words, for excerpts. Knows nothing of where it is shown; links may not
run scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

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
# What is taken away, and what stays of it, in this order. Fifty letters are shown at once: parsing each would take too long.
MARKS = tuple(
    (re.compile(pattern, re.MULTILINE), stays)
    for pattern, stays in (
        (r"^[ ]{0,3}(?:```|~~~)[^\n]*$", ""),
        (r"^[ |:]*-{2,}[-| :]*$|^ {0,3}(?:[*_] ?){3,}$|^ {0,3}=+ *$", ""),
        (r"^[ ]{0,3}(?:>[ ]?)+", ""),
        (r"^[ ]*(?:#{1,6}|[-*+]|\d{1,9}[.)])[ ]+", ""),
        (r"!?\[([^\]\n]{0,500})\]\([^()\s]{0,2000}(?:[ ]+\"[^\"\n]{0,200}\")?\)", r"\1"),
        (r"<((?:https?:|mailto:)[^<>\s]{1,2000})>", r"\1"),
        (r"`([^`\n]{1,500})`", r"\1"),
        (r"(\*\*|__)(?=\S)([^\n]{1,500}?\S)\1", r"\2"),
        (r"(?<!\w)([*_])(?=[^\s*_])([^\n]{0,500}?[^\s*_])\1(?!\w)", r"\2"),
        (r"(?:^ *\||\| *$| \| )", " "),
        (r"\\([!-/:-@\[-`{-~])", r"\1"),
    )
)
# An address that stands for itself; what ends a sentence or a bracket after it belongs to the sentence.
_ADDRESS = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?()\[\]、。]")


def html_of(text: str) -> str:
    """CommonMark with tables as HTML; addresses written out are links. What is HTML already in the text is shown, not obeyed."""
    return nh3.clean(_parser().render(text), tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES)


def plain_of(text: str) -> str:
    """The words of Markdown without its marks, for an excerpt; what only looks like a mark stays where it means something."""
    for pattern, stays in MARKS:
        text = pattern.sub(stays, text)
    return text


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
    parser.core.ruler.push("addresses", _link_addresses)
    return parser


def _link_addresses(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline" and "://" in token.content:
            token.children = list(_with_links(token.children or []))


def _with_links(tokens: list[Token]) -> Iterator[Token]:
    """What is a link already stays as it is."""
    depth = 0
    for token in tokens:
        depth += (token.type == "link_open") - (token.type == "link_close")
        if token.type == "text" and not depth:
            yield from _split(token.content)
        else:
            yield token


def _split(text: str) -> Iterator[Token]:
    end = 0
    for found in _ADDRESS.finditer(text):
        yield _said(text[end : found.start()])
        yield Token("link_open", "a", 1, attrs={"href": found[0]})
        yield _said(found[0])
        yield Token("link_close", "a", -1)
        end = found.end()
    yield _said(text[end:])


def _said(text: str) -> Token:
    return Token("text", "", 0, content=text)
