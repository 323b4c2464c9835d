"""A letter as HTML that mail programs show alike: one column of 600 px, tables, styles on the elements themselves. It is
given clean HTML (core/markup) and knows no row. Dark rooms are served by the only rules that stand in a style sheet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

LOGO_ID = "logo"
FONT = "-apple-system,'Segoe UI',Roboto,Helvetica,Arial,'Hiragino Sans','Noto Sans JP',sans-serif"
INK, SOFT, LINE, PAPER, ROOM = "#1d2430", "#667085", "#e4e7ec", "#ffffff", "#f4f5f7"
STYLES = {
    "p": "margin:0 0 16px",
    "ul": "margin:0 0 16px;padding-left:22px",
    "ol": "margin:0 0 16px;padding-left:22px",
    "li": "margin:0 0 6px",
    "h1": "margin:24px 0 12px;font-size:22px;line-height:1.3",
    "h2": "margin:24px 0 10px;font-size:18px;line-height:1.3",
    "h3": "margin:20px 0 8px;font-size:16px;line-height:1.3",
    "blockquote": f"margin:0 0 16px;padding:2px 0 2px 14px;border-left:3px solid {LINE}",
    "hr": f"border:0;border-top:1px solid {LINE};margin:24px 0",
    "table": "border-collapse:collapse;margin:0 0 16px;width:100%;font-size:14px",
    "th": f"text-align:left;padding:6px 10px 6px 0;border-bottom:1px solid {LINE}",
    "td": f"padding:6px 10px 6px 0;border-bottom:1px solid {LINE};vertical-align:top",
    "pre": "white-space:pre-wrap;font-size:13px;margin:0 0 16px",
}
DARK = (
    ":root{color-scheme:light dark}@media (prefers-color-scheme:dark){"
    ".room{background:#14171c!important}.sheet{background:#1d2127!important;border-left-color:#2b3038!important;border-right-color:#2b3038!important;border-bottom-color:#2b3038!important}"
    ".ink,.ink p,.ink li,.ink td,.ink th,.ink h1,.ink h2,.ink h3{color:#e8eaee!important}"
    ".soft,.soft a{color:#9aa3b2!important}.ink a:not(.act){color:#9db4ff!important}}"
    "@media (max-width:480px){.pad{padding-left:20px!important;padding-right:20px!important}}"
)
_TAG = re.compile(r"<(p|ul|ol|li|h1|h2|h3|blockquote|hr|table|th|td|pre)>")
_LINK = re.compile(r'<a href="([^"]*)"[^>]*>')
# A link that is a paragraph of its own is what the reader is asked to do.
_ACT = re.compile(r'<p>\s*<a href="([^"]*)"[^>]*>([^<]*)</a>\s*</p>')


@dataclass(frozen=True, slots=True)
class Look:
    """The vendor's: name, colour as `#rrggbb`, and whether a logo goes along under LOGO_ID."""

    name: str
    colour: str = "#3a5bc7"
    has_logo: bool = False


def letter_html(
    body: str, look: Look, *, subject: str, language: str, foot: Sequence[str], act: str = "Open"
) -> str:
    """`body` is clean HTML; `foot` are lines of clean HTML below it; `act` stands on buttons whose link has no words."""
    head = (
        f'<img src="cid:{LOGO_ID}" alt="{escape(look.name)}" height="36" style="display:block;height:36px;border:0">'
        if look.has_logo
        else f'<strong style="font-size:15px">{escape(look.name)}</strong>'
    )
    below = "".join(f'<p style="margin:0 0 6px">{line}</p>' for line in foot)
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        f"<title>{escape(subject)}</title><style>{DARK}</style></head>"
        f'<body class="room" style="margin:0;padding:0;background:{ROOM}">'
        f'<table role="presentation" class="room" width="100%" cellpadding="0" cellspacing="0" style="background:{ROOM}">'
        '<tr><td align="center" style="padding:24px 8px">'
        '<table role="presentation" class="sheet" width="600" cellpadding="0" cellspacing="0" '
        f'style="width:100%;max-width:600px;background:{PAPER};border:1px solid {LINE};border-top:3px solid {look.colour}">'
        f'<tr><td class="pad ink" style="padding:22px 36px 0;font-family:{FONT};color:{INK}">{head}</td></tr>'
        f'<tr><td class="pad ink" style="padding:22px 36px 12px;font-family:{FONT};font-size:15px;line-height:1.6;overflow-wrap:anywhere;word-break:break-word;color:{INK}">'
        f"{_styled(body, look.colour, act)}</td></tr></table>"
        '<table role="presentation" width="600" cellpadding="0" cellspacing="0" style="width:100%;max-width:600px">'
        f'<tr><td class="pad soft" style="padding:16px 36px;font-family:{FONT};font-size:12px;line-height:1.5;color:{SOFT}">'
        f"{_links(below, SOFT)}</td></tr></table></td></tr></table></body></html>"
    )


def _styled(body: str, colour: str, act: str) -> str:
    """Acts first, so that their links stay buttons; then every element gets its style."""
    acts = _ACT.sub(lambda match: _button(match[1], act if match[2] == match[1] else match[2], colour), body)
    plain = _TAG.sub(lambda match: f'<{match[1]} style="{STYLES[match[1]]}">', acts)
    return _links(plain, colour)


def _links(html: str, colour: str) -> str:
    return _LINK.sub(
        lambda match: (
            match[0] if 'class="act"' in match[0] else f'<a href="{match[1]}" style="color:{colour}">'
        ),
        html,
    )


def _button(url: str, text: str, colour: str) -> str:
    """A table cell, since some programs give links no padding."""
    return (
        '<table role="presentation" cellpadding="0" cellspacing="0" style="margin:4px 0 20px"><tr>'
        f'<td style="background:{colour};border-radius:6px"><a href="{url}" class="act" style="display:inline-block;'
        f'padding:11px 20px;color:{_ink_on(colour)};font-weight:600;text-decoration:none">{text}</a></td></tr></table>'
    )


def _ink_on(colour: str) -> str:
    """White or black, whichever contrasts more (WCAG 2.2, relative luminance)."""
    linear = [_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5)]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 else "#000000"


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
