"""Addresses in letters can be clicked: alone in a paragraph as a button, in a sentence as a link; long ones break on a phone."""

from __future__ import annotations

import pytest

from drumbeat.core.mailhtml import Look, letter_html
from drumbeat.core.markup import html_of

LINK = "https://drumbeat.example/agendas/17-euU_xx_y-z/?a=1&b=2"
SHOWN = LINK.replace("&", "&amp;")


def letter(text: str) -> str:
    return letter_html(html_of(text), Look("Polaris"), subject="x", language="de", foot=(), act="Öffnen")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (f"See {LINK}.", f'See <a href="{SHOWN}" rel="noopener noreferrer">{SHOWN}</a>.'),
        (f"({LINK})", f'(<a href="{SHOWN}" rel="noopener noreferrer">{SHOWN}</a>)'),
        (f"[here]({LINK})", f'<a href="{SHOWN}" rel="noopener noreferrer">here</a>'),
        (f"`{LINK}`", f"<code>{SHOWN}</code>"),
        ("javascript:alert(1) ftp://x.example", "javascript:alert(1) ftp://x.example"),
        ("https:// is no address", "https:// is no address"),
        ('https://x.example/"><script>', '<a href="https://x.example/" rel="noopener noreferrer">https://x.example/</a>"&gt;&lt;script&gt;'),
    ],
)  # fmt: skip
def test_an_address_that_is_written_out_is_a_link(text: str, html: str) -> None:
    assert html_of(text) == f"<p>{html}</p>\n"


def test_one_that_stands_alone_is_a_button_with_a_word() -> None:
    shown = letter(f"Please answer here:\n\n{LINK}\n")
    assert f'<a href="{SHOWN}" class="act"' in shown and ">Öffnen</a>" in shown
    assert f">{SHOWN}<" not in shown, "the address itself is in the plain text"


def test_a_button_keeps_the_words_that_it_was_given() -> None:
    assert ">Say yes</a>" in letter(f"[Say yes]({LINK})")


def test_a_long_word_breaks_where_the_screen_ends() -> None:
    assert "overflow-wrap:anywhere" in letter("x" * 90)
