"""Writes SVG elements as text that is well-formed whatever the words in it. It knows no chart."""

import re
from collections.abc import Mapping
from decimal import Decimal
from html import escape

FONT = "Inter, system-ui, sans-serif"
LETTER = 0.58  # mean advance of a letter or figure of Inter, in em; measured over labels as they occur here

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Svg(str):
    """Finished markup; a template prints it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def element(tag: str, attributes: Mapping[str, object], *children: str) -> str:
    """One element; attributes that are None are left out, children must be markup already."""
    written = "".join(f' {name}="{_value(value)}"' for name, value in attributes.items() if value is not None)
    inner = "".join(children)
    return f"<{tag}{written}>{inner}</{tag}>" if inner else f"<{tag}{written}/>"


def words(text: str) -> str:
    """Text as markup: escaped, and without the characters that XML forbids."""
    return escape(_NOT_XML.sub("\ufffd", text), quote=True)


def titled(text: str) -> str:
    return element("title", {}, words(text))


def label(x: float, y: float, text: str, attributes: Mapping[str, object], *, size: float = 11) -> str:
    """Text in the drawing at the given baseline; attributes carry colour and anchor."""
    return element(
        "text", {"x": x, "y": y, "font-family": FONT, "font-size": size, **attributes}, words(text)
    )


def frame(
    kind: str, *, width: float, height: float, title: str, desc: str, linked: bool, content: str
) -> Svg:
    """The whole drawing. With links inside it is a group: a role of img would hide them from screen readers."""
    attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "class": kind,
        "role": "group" if linked else "img",
        "aria-label": title,
        "viewBox": f"0 0 {number(width)} {number(height)}",
        "width": width,
        "height": height,
    }
    return Svg(element("svg", attributes, titled(title), element("desc", {}, words(desc)), content))


def linked(url: str | None, text: str, attributes: Mapping[str, object], *shapes: str) -> str:
    """Shapes of one meaning: a link named by the text, which takes the focus, where there is somewhere to go."""
    if url is None:
        return element("g", attributes, *shapes)
    return element("a", {**attributes, "href": url, "aria-label": text}, *shapes)


def number(value: float) -> str:
    """A coordinate to a tenth, without needless zeros."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def text_width(text: str, size: float = 11) -> float:
    """Estimated, so that no font must be read; wide scripts count double."""
    wide = 0 if text.isascii() else sum(ord(letter) > 0x2E7F for letter in text)
    return (len(text) + wide) * LETTER * size


def shortened(text: str, room: float, size: float = 11) -> str:
    """The text, cut with an ellipsis where it would be wider than the room."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…" if text else ""


def figure(value: Decimal | float, *, compact: bool = False) -> str:
    """A number for readers: thousands apart, a true minus; compact writes 412k and 1.2M."""
    size = value if value >= 0 else -value
    if compact and size >= 1_000_000:
        text = f"{float(size) / 1_000_000:.1f}".removesuffix(".0") + "M"
    elif compact and size >= 10_000:
        text = f"{float(size) / 1000:.0f}k"
    else:
        text = f"{size:,.0f}" if size >= 100 else f"{size:,.1f}".removesuffix(".0")
    return f"−{text}" if value < 0 and text != "0" else text


def _value(value: object) -> str:
    return number(value) if isinstance(value, float) else words(str(value))
