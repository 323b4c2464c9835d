"""The beat strip: promises as marks on a line of time, their shape telling the outcome.

It knows shapes and places; why a promise is late, and what a mark links to, it refuses to know.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from drumbeat.core.charts.marks import HIT, HOLES, PITCH, broken_line, rise, shape, tick
from drumbeat.core.charts.palette import SCREEN, Palette
from drumbeat.core.charts.spacing import capacity, spread
from drumbeat.core.charts.svg import Svg, element, frame, text_width, words

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

INSET = 4.0  # what is left free at both ends, in units of a strip 30 high


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

    @property
    def shape(self) -> str:
        return "moved" if self.state == "redated" and self.moved_from is not None else self.state


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
    holes = [(place, HOLES.get(mark.shape, 0.0)) for mark, place in zip(shown, places, strict=True)]
    parts = [broken_line(holes, axis.width, palette), _ticks(shown, axis, palette)]
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


def _ticks(marks: Sequence[Mark], axis: _Axis, palette: Palette) -> str:
    old = [mark.moved_from for mark in marks if mark.moved_from is not None and axis.holds(mark.moved_from)]
    return "".join(tick(axis.place(moment), palette) for moment in old)


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
    """Written out by hand: a page may hold thousands."""
    drawn, told = shape(mark.shape, rise(mark.lateness), palette), words(mark.text)
    start = f'class="mark {mark.state}" transform="translate({x:.1f})"'
    if mark.url is None:
        return f"<g {start}><title>{told}</title>{drawn}</g>"
    tip = (
        f'<text class="tip" y="-3" text-anchor="{_anchor(mark.text, x, width)}" display="none">{told}</text>'
    )
    return f'<a {start} href="{words(mark.url)}" aria-label="{told}">{HIT}{drawn}{tip}</a>'


def _anchor(text: str, x: float, width: float) -> str:
    """So that the words shown over a mark, while it has the focus or the pointer, stay over the strip."""
    half = text_width(text) / 2
    return "start" if x < half else "end" if x > width - half else "middle"


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
