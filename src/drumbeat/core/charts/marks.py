"""The shapes of the marks, drawn around x = 0: shape carries the meaning, colour only supports it. It knows no dates."""

from collections.abc import Iterable
from functools import lru_cache

from drumbeat.core.charts.palette import Palette
from drumbeat.core.charts.svg import element, label

PITCH = 7.0  # the least distance of two neighbours, in units of a strip 30 high
HALF = 2.3  # half the width of a mark
TALL = 10.0
REST = 23.0  # the line
LEAST_RISE = 7.0
MOST_RISE = REST - TALL / 2 - 1

# Half the width of the break in the line; solid marks and those on a stem need none.
HOLES = {"missed": 6.5, "upcoming": 2.3, "due": 2.8, "in_grace": 2.5, "uncertain": 2.5, "moved": 2.3}

# What is drawn once and placed a hundred times on a page: the part of a linked mark that takes the pointer.
HIT = element(
    "rect",
    {"class": "hit", "x": -PITCH / 2, "width": PITCH, "height": 30, "fill": "none", "pointer-events": "all"},
)


def rise(lateness: float) -> float:
    """How high a late mark stands over the line; lateness 0..1, what is beyond is cut off."""
    return round(LEAST_RISE + min(max(lateness, 0.0), 1.0) * (MOST_RISE - LEAST_RISE), 1)


@lru_cache(maxsize=1024)
def shape(state: str, height: float, palette: Palette) -> str:
    """The markup of one state; `height` over the line, which matters to late and overdue alone."""
    match state:
        case "kept":
            return element("rect", {**_body(), **palette.fill("ink")})
        case "late":
            return _stem(height, palette) + element("rect", {**_body(height), **palette.fill("late")})
        case "overdue":
            return _stem(height, palette) + _outline("late", 1.4, palette, height=height, inset=0.7)
        case "missed":
            return _outline("missed", 1.4, palette, inset=0.4)
        case "waived":
            return element(
                "path", {"d": f"M0 {REST - 3.6}l3.2 3.6l-3.2 3.6l-3.2-3.6z", **palette.fill("faint")}
            )
        case "upcoming" | "moved":
            return _outline("faint", 1, palette, inset=0.5)
        case "due":
            return _outline("accent", 1.8, palette, inset=0.2)
        case "in_grace":
            return _outline("ink", 1.2, palette, inset=0.4) + _dot(palette)
        case "uncertain":
            return _outline("ink", 1.2, palette, inset=0.4) + _question(palette)
        case "redated":
            return tick(0.0, palette)
    raise ValueError(f"no shape is drawn for the state {state!r}")


def broken_line(holes: Iterable[tuple[float, float]], width: float, palette: Palette) -> str:
    """The line runs behind solid marks, up to the edge of hollow ones, and is broken wide at a missed one: places with
    half the width of their holes, in order."""
    segments, start = [], 0.0
    for place, hole in holes:
        if hole:
            segments.append((start, place - hole))
            start = max(start, place + hole)
    segments.append((start, width))
    return "".join(_stroke(x1, x2, palette) for x1, x2 in segments if x2 - x1 > 0.5)


def _stroke(x1: float, x2: float, palette: Palette) -> str:
    return element("line", {"x1": x1, "x2": x2, "y1": REST, "y2": REST, **palette.outline("line", 1)})


def tick(x: float, palette: Palette) -> str:
    """The place a promise was moved from."""
    ends = {"x1": x, "x2": x, "y1": REST - 3.5, "y2": REST + 3.5}
    return element("line", {**ends, **palette.outline("faint", 1)})


def _body(height: float = 0.0, inset: float = 0.0) -> dict[str, object]:
    tall = TALL - 2 * inset
    y = REST - height - tall / 2
    return {"x": inset - HALF, "y": y, "width": 2 * (HALF - inset), "height": tall, "rx": 1.2}


def _outline(role: str, thickness: float, palette: Palette, *, inset: float, height: float = 0.0) -> str:
    return element("rect", {**_body(height, inset), **palette.outline(role, thickness)})


def _stem(height: float, palette: Palette) -> str:
    ends = {"x1": 0, "x2": 0, "y1": REST - height + TALL / 2, "y2": REST}
    return element("line", {**ends, **palette.outline("late", 1)})


def _dot(palette: Palette) -> str:
    return element("circle", {"cx": 0, "cy": REST - TALL / 2 - 3.6, "r": 1.3, **palette.fill("late")})


def _question(palette: Palette) -> str:
    sign = {**palette.fill("missed"), "text-anchor": "middle", "font-weight": 600}
    return label(0, REST - TALL / 2 - 2, "?", sign, size=10)
