"""What happened along a time chart: numbered marks over its places, told in words beneath and in its table. Knows no date."""

from __future__ import annotations

from collections.abc import Mapping

from drumbeat.core.charts.palette import Palette
from drumbeat.core.charts.svg import element, label, titled

ROOM = 18.0  # what the row of marks takes of the height
RADIUS = 7.0


def draw_happenings(told: Mapping[int, tuple[float, float, str]], *, top: float, palette: Palette) -> str:
    """Number -> (x, y, words): a hairline from `top` down to y, and its number above."""
    return "".join(_mark(n, x, words, top, bottom, palette) for n, (x, bottom, words) in told.items())


def _mark(n: int, x: float, words: str, top: float, bottom: float, palette: Palette) -> str:
    middle = top + RADIUS + 1
    hair = {
        "x1": x,
        "x2": x,
        "y1": middle + RADIUS,
        "y2": bottom,
        "stroke-dasharray": "1 3",
        **palette.outline("accent", 1),
    }
    ring = {"cx": x, "cy": middle, "r": RADIUS, **palette.outline("accent", 1)}
    number = {**palette.fill("accent"), "text-anchor": "middle"}
    return element(
        "g",
        {"class": "happened"},
        titled(words),
        element("line", hair),
        element("circle", ring),
        label(x, middle + 3.5, str(n), number, size=10),
    )
