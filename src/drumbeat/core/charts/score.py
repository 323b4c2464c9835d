"""The score: rows of marks over one axis of weeks or days, read like music.

A column that holds one occurrence shows its mark; one that holds several shows a chord, their outcomes stacked. What a
row is about, and where a mark leads, it refuses to know.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from drumbeat.core.charts.beatstrip import STATE_WORDS
from drumbeat.core.charts.marks import HOLES, broken_line, rise, shape
from drumbeat.core.charts.palette import SCREEN, Palette
from drumbeat.core.charts.svg import FONT, Svg, element, frame, number, words

HEIGHT = 30.0
FOOT, TALL, WIDE = 28.0, 12.0, 6.0  # a chord stands on the foot of the marks
LEAST = 2.2  # so that one miss among two hundred is seen
LATE, COMING = ("late", "overdue"), ("due", "upcoming", "in_grace")


@dataclass(frozen=True, slots=True)
class Axis:
    """Days from `since` to before `until`, in columns of `days` each; `now` is the place of this moment in days."""

    since: date
    until: date
    days: int
    now: float | None = None
    width: float = 900.0

    @property
    def columns(self) -> int:
        return -(-(self.until - self.since).days // self.days)

    @property
    def pitch(self) -> float:
        return self.width * self.days / (self.until - self.since).days

    def place(self, days: float) -> float:
        return self.width * days / (self.until - self.since).days

    def column_of(self, on: date) -> int:
        return (on - self.since).days // self.days

    def middle(self, column: int) -> float:
        return min((column + 0.5) * self.pitch, self.width - self.pitch / 4)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a column holds: states with their numbers, in words; `moves` is where a single one to come can be moved."""

    column: int
    counts: Mapping[str, int]
    text: str
    url: str | None = None
    lateness: float = 0.0
    on: date | None = None
    moves: str | None = None
    size: int = field(init=False)

    def __post_init__(self) -> None:
        if unknown := [state for state in self.counts if state not in STATE_WORDS]:
            raise ValueError(
                f"{self.text!r} has the state {unknown[0]!r}: use one of {', '.join(STATE_WORDS)}"
            )
        object.__setattr__(self, "size", sum(self.counts.values()))

    def count(self, *states: str) -> int:
        return sum(self.counts.get(state, 0) for state in states)


def draw_row(cells: Sequence[Cell], axis: Axis, *, title: str, palette: Palette = SCREEN) -> Svg:
    """One row. Rows of one axis stand under each other as lines of one page: month lines and now-line run through."""
    holes = [(axis.middle(cell.column), _hole(cell)) for cell in cells]
    parts = [
        *(_upright(place, "line", 0.75, palette) for place, _ in months(axis)),
        broken_line(holes, axis.width, palette),
        _upright(axis.place(axis.now), "accent", 1, palette) if axis.now is not None else "",
        *(_cell(cell, axis, palette) for cell in cells),
    ]
    return frame(
        "score",
        width=axis.width,
        height=HEIGHT,
        title=title,
        desc=_description(cells),
        linked=any(cell.url for cell in cells),
        content="".join(parts),
    )


def draw_axis(axis: Axis, palette: Palette = SCREEN) -> Svg:
    """The head of the page: months, and the days under them where there is room."""
    told = [
        _label(place + 4, 11, f"{on:%B}" if axis.pitch > 24 else f"{on:%b}", palette)
        for place, on in months(axis)
    ]
    if axis.days == 1:
        told += [_label(axis.place(n) + 2, 25, str(on.day), palette) for n, on in _told_days(axis)]
    uprights = [_upright(place, "line", 0.75, palette) for place, _ in months(axis)]
    if axis.now is not None:
        uprights.append(_upright(axis.place(axis.now), "accent", 1, palette))
    title = f"{axis.since:%d %B %Y} to {axis.until - timedelta(days=1):%d %B %Y}"
    content = "".join(uprights + told)
    return frame(
        "score", width=axis.width, height=HEIGHT, title=title, desc="", linked=False, content=content
    )


def months(axis: Axis) -> Iterator[tuple[float, date]]:
    """Place and first day of each month that begins on the axis; the one the axis begins in stands at its start."""
    on = axis.since
    while on < axis.until:
        following = (on.replace(day=1) + timedelta(days=32)).replace(day=1)
        if (min(following, axis.until) - on).days > 7:  # the last days of December before a year of weeks
            yield axis.place((on - axis.since).days), on
        on = following


def _told_days(axis: Axis) -> Iterator[tuple[int, date]]:
    """Mondays; every day where a column is wide enough for its number."""
    for n in range((axis.until - axis.since).days):
        on = axis.since + timedelta(days=n)
        if axis.pitch > 18 or on.weekday() == 0:
            yield n, on


def _label(x: float, y: float, text: str, palette: Palette) -> str:
    return element(
        "text", {"x": x, "y": y, "font-family": FONT, "font-size": 11, **palette.fill("faint")}, words(text)
    )


def _upright(x: float, role: str, thickness: float, palette: Palette) -> str:
    return element("line", {"x1": x, "x2": x, "y1": 0.0, "y2": HEIGHT, **palette.outline(role, thickness)})


def _hole(cell: Cell) -> float:
    if cell.size == 1:
        return HOLES.get(next(iter(cell.counts)), 0.0)
    return WIDE / 2 if cell.count(*COMING) == cell.size else 0.0


def _cell(cell: Cell, axis: Axis, palette: Palette) -> str:
    """Written out by hand: a page holds two thousand. The title is the name for ears and what a pointer sees."""
    drawn = _single(cell, palette) if cell.size == 1 else _chord(cell, palette)
    start = f'class="mark {_tone(cell)}" transform="translate({axis.middle(cell.column):.1f})"'
    told = f"<title>{words(cell.text)}</title>"
    if cell.url is None:
        return f"<g {start}>{told}{drawn}</g>"
    width = number(min(axis.pitch, 20.0))
    hit = f'<rect class="hit" x="{number(-min(axis.pitch, 20.0) / 2)}" width="{width}" height="30" fill="none" pointer-events="all"/>'
    moves = f' data-moves="{words(cell.moves)}" data-on="{cell.on}"' if cell.moves else ""
    return f'<a {start} href="{words(cell.url)}"{moves}>{told}{hit}{drawn}</a>'


def _tone(cell: Cell) -> str:
    return next(iter(cell.counts)) if cell.size == 1 else "chord"


def _single(cell: Cell, palette: Palette) -> str:
    return shape(next(iter(cell.counts)), rise(cell.lateness), palette)


def _chord(cell: Cell, palette: Palette) -> str:
    """From the foot up: kept in ink, late filled amber, missed hollow red; what is to come alone is an outline."""
    if cell.count(*COMING) == cell.size:
        role, thickness = ("accent", 1.8) if cell.count("due") else ("faint", 1)
        return _box(FOOT, TALL, palette.outline(role, thickness), inset=0.5)
    judged = cell.size - cell.count(*COMING)
    shares = [
        (cell.count("kept", "redated"), palette.fill("ink")),
        (cell.count("waived"), palette.fill("faint")),
        (cell.count(*LATE, "uncertain"), palette.fill("late")),
        (cell.count("missed"), palette.outline("missed", 1.2)),
    ]
    heights = _heights([share for share, _ in shares], judged)
    foot, parts = FOOT, []
    for height, (_, look) in zip(heights, shares, strict=True):
        if height:
            parts.append(_box(foot, height, look, inset=0.6 if look["fill"] == "none" else 0.0))
            foot -= height + 1.0
    return "".join(parts)


def _heights(shares: Sequence[int], total: int) -> list[float]:
    """Of each share; none that is there is too small to be seen."""
    room = TALL - LEAST * sum(map(bool, shares))
    return [LEAST + room * share / total if share else 0.0 for share in shares]


def _box(foot: float, height: float, look: Mapping[str, object], *, inset: float) -> str:
    tall = max(height - 2 * inset, 0.8)
    place = {
        "x": inset - WIDE / 2,
        "y": foot - height + inset,
        "width": WIDE - 2 * inset,
        "height": tall,
        "rx": 1,
    }
    return element("rect", {**place, **look})


def _description(cells: Sequence[Cell]) -> str:
    told = {state: sum(cell.count(state) for cell in cells) for state in STATE_WORDS}
    return ", ".join(f"{count} {STATE_WORDS[state]}" for state, count in told.items() if count) or "nothing"
