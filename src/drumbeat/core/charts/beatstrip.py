"""The beat strip: promises as marks on a line of time, their shape telling the outcome.

It knows shapes and places; why a promise is late, and what a mark links to, it refuses to know.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from drumbeat.core.charts.palette import SCREEN, Palette
from drumbeat.core.charts.spacing import capacity, spread
from drumbeat.core.charts.svg import Svg, element, frame, label, linked, text_width

STATE_WORDS = {
    "kept": "kept on time",
    "late": "kept late",
    "missed": "missed",
    "waived": "waived",
    "upcoming": "to come",
    "due": "due today",
    "overdue": "overdue and open",
    "in_grace": "past due, within grace",
    "redated": "redated by agreement",
    "uncertain": "uncertain, a person must say",
}
MARK_STATES = tuple(STATE_WORDS)

PITCH = 7.0  # the least distance of two neighbours, in units of a strip 30 high
INSET = 4.0
HALF = 2.3  # half the width of a mark
TALL = 10.0
REST = 23.0  # the line
LEAST_RISE = 7.0
MOST_RISE = REST - TALL / 2 - 1


@dataclass(frozen=True, slots=True)
class Mark:
    """One promise. `label` says what and when, the state's words are added; `lateness` 0..1 is the height of the stem.

    `redated` without `moved_from` is the old place itself; any state with `moved_from` leaves a tick there.
    """

    state: str
    at: datetime
    label: str
    url: str | None = None
    lateness: float = 0.0
    moved_from: datetime | None = None

    def __post_init__(self) -> None:
        if self.state not in STATE_WORDS:
            raise ValueError(
                f"mark {self.label!r} has the state {self.state!r}: use one of {', '.join(MARK_STATES)}"
            )

    @property
    def text(self) -> str:
        return f"{self.label} · {STATE_WORDS[self.state]}"


@dataclass(frozen=True, slots=True)
class _Axis:
    """Time to place, half-open window; in units of a strip 30 high."""

    since: datetime
    until: datetime
    width: float

    @property
    def right(self) -> float:
        return max(self.width - INSET, INSET)

    def holds(self, moment: datetime) -> bool:
        return self.since <= moment < self.until

    def place(self, moment: datetime) -> float:
        return INSET + (moment - self.since) / (self.until - self.since) * (self.right - INSET)


def draw_strip(
    marks: Sequence[Mark],
    *,
    since: datetime,
    until: datetime,
    width: float = 470,
    height: float = 30,
    title: str,
    now: datetime | None = None,
    palette: Palette = SCREEN,
) -> Svg:
    """A strip of the marks within [since, until), by time; all moments are aware.

    Strips of one window and width share their axis. Neighbours are nudged apart; where more marks than fit are
    asked for, the last ones stand at equal distance and the description says so.
    """
    if until <= since:
        raise ValueError(f"the strip {title!r} ends at {until} before it begins at {since}: swap the two")
    scale = height / 30
    axis = _Axis(since, until, width / scale)
    within = sorted((mark for mark in marks if axis.holds(mark.at)), key=lambda mark: mark.at)
    fit = capacity(gap=PITCH, low=INSET, high=axis.right)
    shown = within[-fit:]
    places = _places(shown, axis, crowded=len(within) > fit)
    parts = [_line(shown, places, axis.width, palette), _ticks(shown, axis, palette)]
    parts.append(_now_line(shown, places, axis, now, palette))
    parts += [_mark(mark, place, axis.width, palette) for mark, place in zip(shown, places, strict=True)]
    content = "".join(parts)
    if scale != 1:
        content = element("g", {"transform": f"scale({scale:.4g})"}, content)
    return frame(
        "strip",
        width=width,
        height=height,
        title=title,
        desc=_description(shown, axis, hidden=len(marks) - len(within), before=len(within) - len(shown)),
        linked=any(mark.url for mark in shown),
        content=content,
    )


def _places(marks: Sequence[Mark], axis: _Axis, *, crowded: bool) -> list[float]:
    if crowded and len(marks) > 1:
        step = (axis.right - INSET) / (len(marks) - 1)
        return [INSET + step * index for index in range(len(marks))]
    return spread([axis.place(mark.at) for mark in marks], gap=PITCH, low=INSET, high=axis.right)


def _line(marks: Sequence[Mark], places: Sequence[float], width: float, palette: Palette) -> str:
    """The line runs behind solid marks, up to the edge of hollow ones, and is broken wide at a missed one."""
    segments, start = [], 0.0
    for mark, place in zip(marks, places, strict=True):
        hole = _HOLES.get(mark.state, 0.0)
        if hole:
            segments.append((start, place - hole))
            start = max(start, place + hole)
    segments.append((start, width))
    return "".join(_stroke(x1, x2, palette) for x1, x2 in segments if x2 - x1 > 0.5)


def _stroke(x1: float, x2: float, palette: Palette) -> str:
    return element("line", {"x1": x1, "x2": x2, "y1": REST, "y2": REST, **palette.outline("line", 1)})


def _ticks(marks: Sequence[Mark], axis: _Axis, palette: Palette) -> str:
    old = [mark.moved_from for mark in marks if mark.moved_from is not None and axis.holds(mark.moved_from)]
    return "".join(_tick(axis.place(moment), palette) for moment in old)


def _now_line(
    marks: Sequence[Mark], places: Sequence[float], axis: _Axis, now: datetime | None, palette: Palette
) -> str:
    """Between its neighbours even where they were moved, so that nothing to come stands in the past."""
    if now is None or not axis.holds(now):
        return ""
    after = bisect_left([mark.at for mark in marks], now)
    low = places[after - 1] + PITCH / 2 if after else 0.0
    high = places[after] - PITCH / 2 if after < len(places) else axis.width
    x = max(min(axis.place(now), high), min(low, axis.width))
    return element("line", {"x1": x, "x2": x, "y1": 12.0, "y2": 29.0, **palette.outline("accent", 0.75)})


def _mark(mark: Mark, x: float, width: float, palette: Palette) -> str:
    shape = _shape(mark, x, palette)
    reach = {"x": x - PITCH / 2, "y": 0, "width": PITCH, "height": 30, "rx": 2}
    hit = element("rect", {"class": "hit", **reach, "fill": "none", "pointer-events": "all"})
    tip = _tip(mark.text, x, width) if mark.url else ""
    return linked(mark.url, mark.text, {"class": f"mark {mark.state}"}, hit, shape, tip)


def _tip(text: str, x: float, width: float) -> str:
    """Shown by the style sheet while the mark has the focus: what the pointer reads by resting on it."""
    half = text_width(text) / 2
    anchor = "start" if x < half else "end" if x > width - half else "middle"
    return label(
        x, -3, text, {"class": "tip", "text-anchor": anchor, "fill": "currentColor", "display": "none"}
    )


def _shape(mark: Mark, x: float, palette: Palette) -> str:
    if mark.state in _RAISED:
        rise = LEAST_RISE + min(max(mark.lateness, 0.0), 1.0) * (MOST_RISE - LEAST_RISE)
        return _RAISED[mark.state](x, REST - rise, palette)
    if mark.state == "redated" and mark.moved_from is not None:
        return _upcoming(x, palette)
    return _ON_THE_LINE[mark.state](x, palette)


def _body(x: float, y: float, *, inset: float = 0.0) -> dict[str, object]:
    tall = TALL - 2 * inset
    return {"x": x - HALF + inset, "y": y - tall / 2, "width": 2 * (HALF - inset), "height": tall, "rx": 1.2}


def _kept(x: float, palette: Palette) -> str:
    return element("rect", {**_body(x, REST), **palette.fill("ink")})


def _stem(x: float, y: float, palette: Palette) -> str:
    ends = {"x1": x, "x2": x, "y1": y + TALL / 2, "y2": REST}
    return element("line", {**ends, **palette.outline("late", 1)})


def _late(x: float, y: float, palette: Palette) -> str:
    return _stem(x, y, palette) + element("rect", {**_body(x, y), **palette.fill("late")})


def _overdue(x: float, y: float, palette: Palette) -> str:
    return _stem(x, y, palette) + element("rect", {**_body(x, y, inset=0.7), **palette.outline("late", 1.4)})


def _missed(x: float, palette: Palette) -> str:
    return element("rect", {**_body(x, REST, inset=0.4), **palette.outline("missed", 1.4)})


def _waived(x: float, palette: Palette) -> str:
    return element(
        "path", {"d": f"M{x:.1f} {REST - 3.6}l3.2 3.6l-3.2 3.6l-3.2-3.6z", **palette.fill("faint")}
    )


def _upcoming(x: float, palette: Palette) -> str:
    return element("rect", {**_body(x, REST, inset=0.5), **palette.outline("faint", 1)})


def _due(x: float, palette: Palette) -> str:
    return element("rect", {**_body(x, REST, inset=0.2), **palette.outline("accent", 1.8)})


def _in_grace(x: float, palette: Palette) -> str:
    dot = element("circle", {"cx": x, "cy": REST - TALL / 2 - 3.6, "r": 1.3, **palette.fill("late")})
    return _hollow(x, palette) + dot


def _tick(x: float, palette: Palette) -> str:
    ends = {"x1": x, "x2": x, "y1": REST - 3.5, "y2": REST + 3.5}
    return element("line", {**ends, **palette.outline("faint", 1)})


def _uncertain(x: float, palette: Palette) -> str:
    sign = {**palette.fill("missed"), "text-anchor": "middle", "font-weight": 600}
    return _hollow(x, palette) + label(x, REST - TALL / 2 - 2, "?", sign, size=10)


def _hollow(x: float, palette: Palette) -> str:
    return element("rect", {**_body(x, REST, inset=0.4), **palette.outline("ink", 1.2)})


def _description(marks: Sequence[Mark], axis: _Axis, *, hidden: int, before: int) -> str:
    counts = Counter(mark.state for mark in marks)
    told = ", ".join(f"{counts[state]} {STATE_WORDS[state]}" for state in MARK_STATES if counts[state])
    text = f"{_day(axis.since)} to {_day(axis.until)}: {told or 'nothing promised'}."
    if before:
        text += f" The last {len(marks)} of {len(marks) + before}, at equal distance."
    if hidden:
        text += f" {hidden} outside these dates."
    return text


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"


_RAISED: dict[str, Callable[[float, float, Palette], str]] = {"late": _late, "overdue": _overdue}

_ON_THE_LINE: dict[str, Callable[[float, Palette], str]] = {
    "kept": _kept,
    "missed": _missed,
    "waived": _waived,
    "upcoming": _upcoming,
    "due": _due,
    "in_grace": _in_grace,
    "redated": _tick,
    "uncertain": _uncertain,
}

# Half the width of the break in the line; solid marks and those on a stem need none.
_HOLES = {"missed": 6.5, "upcoming": 2.3, "due": 2.8, "in_grace": 2.5, "uncertain": 2.5}
