"""HTML of a mail as plain lines, quotations marked by `> `. Reads tags in one pass; runs nothing, fetches nothing."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

LONGEST = 200_000
TOKEN = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})([^<>]{0,2000})>|<[!?/][^<>]{0,4000}>|([^<]+)|<")
BLOCKS = frozenset(
    [
        "p",
        "div",
        "br",
        "tr",
        "li",
        "ul",
        "ol",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "pre",
        "section",
        "article",
        "blockquote",
        "td",
        "dd",
        "dt",
    ]
)
UNSEEN = frozenset(["style", "script", "head", "title", "noscript", "template"])


def text_of_html(source: str) -> str:
    """The words a reader sees, block by block."""
    source = re.sub(r"<!--.{0,20000}?-->", " ", source[:LONGEST], flags=re.DOTALL)
    lines = "".join(_pieces(source)).replace("\xa0", " ").split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def _pieces(source: str) -> Iterator[str]:
    quoted, unseen = 0, 0
    for found in TOKEN.finditer(source):
        closing, tag, attributes, words = found[1], (found[2] or "").lower(), found[3] or "", found[4]
        if tag in UNSEEN:
            unseen = max(0, unseen + (-1 if closing else 1)) if not attributes.endswith("/") else unseen
        elif tag == "blockquote":
            quoted = max(0, quoted + (-1 if closing else 1))
        if unseen:
            continue
        if tag in BLOCKS:
            yield "\n" + "> " * min(quoted, 5)
        elif words:
            yield re.sub(r"\s+", " ", html.unescape(words))
