"""Rates over time as lines with their name at the end. It knows the frame and the fall of a line, not its source."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from math import ceil, floor, log10

from drumbeat.core.charts.happenings import ROOM, draw_happenings
from drumbeat.core.charts.palette import SCREEN, Palette
from drumbeat.core.charts.spacing import spread
from drumbeat.core.charts.svg import Svg, element, figure, frame, label, shortened, text_width

LINE = 14.0  # height of a label
FOOT = 18.0
HEAD = 15.0  # room for the name of the upper edge
EDGE = 4.0


@dataclass(frozen=True, slots=True)
class Line:
    """One value per label of the drawing; None is a month without a rate and breaks the line."""

    name: str
    values: tuple[Decimal | float | None, ...]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class _Plot:
    left: float
    right: float
    top: float
    bottom: float
    low: float
    high: float
    count: int

    def place(self, index: int) -> float:
        return self.left + (self.right - self.left) * index / max(self.count - 1, 1)

    def level(self, value: Decimal | float) -> float:
        """Values beyond the scale lie on its edge."""
        share = (min(max(float(value), self.low), self.high) - self.low) / (self.high - self.low)
        return self.bottom - share * (self.bottom - self.top)


def draw_lines(
    lines: Sequence[Line],
    *,
    labels: Sequence[str],
    width: float,
    height: float,
    title: str,
    unit: str = "%",
    low: float = 0,
    high: float = 100,
    happened: Mapping[int, str] = {},
    palette: Palette = SCREEN,
) -> Svg:
    """Lines over the same labels on a scale from `low` to `high`; a strong line (or an only one) in ink, others grey.
    `happened` tells places of labels what happened there; its marks are numbered in order."""
    for line in lines:
        if len(line.values) != len(labels):
            raise ValueError(
                f"line {line.name!r} has {len(line.values)} values for {len(labels)} labels: give one each"
            )
    ends = {line.name: _end_label(line, unit) for line in lines}
    margin = max((text_width(text) for text in ends.values()), default=0) + 8
    top = HEAD + (ROOM if happened else 0)
    plot = _Plot(EDGE, max(width - margin, EDGE + 1), top, height - FOOT, low, high, len(labels))
    parts = [_scale(plot, unit, palette), _feet(plot, labels, palette)]
    parts += [_line(plot, line, _role(line, lines), palette) for line in lines]
    parts.append(_end_labels(plot, lines, ends, palette))
    marks = {
        n: (plot.place(place), plot.bottom, text)
        for n, (place, text) in enumerate(sorted(happened.items()), start=1)
    }
    parts.append(draw_happenings(marks, top=0, palette=palette))
    desc = "; ".join([*(_words(line, labels, unit) for line in lines), *happened.values()]) or "no figures"
    return frame(
        "lines", width=width, height=height, title=title, desc=desc, linked=False, content="".join(parts)
    )


def scale_of(values: Sequence[Decimal | float], *, is_percent: bool) -> tuple[float, float]:
    """Percent from 0 to 100 where all fit; other values from 0, or from the lowest below it, to a round number above all."""
    low, high = float(min([0, *values])), float(max([0, *values]))
    if is_percent and low >= 0 and high <= 100:
        return 0, 100
    step = 10 ** floor(log10(high or 1)) / 2
    return low, ceil(high / step) * step or 1


def _role(line: Line, lines: Sequence[Line]) -> str:
    return "ink" if line.strong or len(lines) == 1 else "grey"


def _end_label(line: Line, unit: str) -> str:
    last = next((value for value in reversed(line.values) if value is not None), None)
    return f"{line.name} {figure(last, compact=True)} {unit}".strip() if last is not None else ""


def _scale(plot: _Plot, unit: str, palette: Palette) -> str:
    """The lower and the upper edge as hairlines, the upper one named."""
    rules = [
        element("line", {"x1": 0, "x2": plot.right, "y1": y, "y2": y, **palette.outline("line", 1)})
        for y in (plot.top, plot.bottom)
    ]
    return "".join(rules) + label(
        0, plot.top - 4, f"{figure(plot.high, compact=True)} {unit}".strip(), palette.fill("faint"), size=10
    )


def _feet(plot: _Plot, labels: Sequence[str], palette: Palette) -> str:
    """Every label when all fit, else the first and the last."""
    step = (plot.right - plot.left) / max(len(labels) - 1, 1)
    all_fit = all(text_width(text) + 4 <= step for text in labels)
    shown = [index for index in range(len(labels)) if all_fit or index in (0, len(labels) - 1)]
    room = step if all_fit else (plot.right - plot.left) / 2
    return "".join(_foot(plot, index, shortened(labels[index], room), palette) for index in shown)


def _foot(plot: _Plot, index: int, text: str, palette: Palette) -> str:
    anchor = "start" if index == 0 else "end" if index == plot.count - 1 else "middle"
    x = 0.0 if index == 0 else plot.place(index)
    return label(x, plot.bottom + 14, text, {**palette.fill("soft"), "text-anchor": anchor})


def _line(plot: _Plot, line: Line, role: str, palette: Palette) -> str:
    runs = [_run(plot, run, role, palette) for run in _runs(line.values)]
    return element("g", {"class": f"line {role}"}, *runs) if runs else ""


def _runs(values: Sequence[Decimal | float | None]) -> Iterator[list[tuple[int, Decimal | float]]]:
    """Unbroken stretches of known values with their places."""
    for known, run in groupby(enumerate(values), key=lambda pair: pair[1] is not None):
        if known:
            yield [(index, value) for index, value in run if value is not None]


def _run(plot: _Plot, run: Sequence[tuple[int, Decimal | float]], role: str, palette: Palette) -> str:
    spots = [(plot.place(index), plot.level(value)) for index, value in run]
    dot = element("circle", {"cx": spots[-1][0], "cy": spots[-1][1], "r": 2.4, **palette.fill(role)})
    if len(spots) == 1:
        return dot
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    joined = {**palette.outline(role, 1.6), "stroke-linejoin": "round", "stroke-linecap": "round"}
    return element("polyline", {"points": path, **joined}) + dot


def _end_labels(plot: _Plot, lines: Sequence[Line], ends: dict[str, str], palette: Palette) -> str:
    """At the height of each last value, moved apart where two would lie on each other."""
    spots = sorted(
        ((plot.level(value), line) for line, value in _last_values(lines)), key=lambda spot: spot[0]
    )
    return "".join(
        label(
            plot.right + 7,
            y + 4,
            ends[line.name],
            palette.fill("ink" if _role(line, lines) == "ink" else "soft"),
        )
        for y, (_, line) in zip(_heights(plot, [level for level, _ in spots]), spots, strict=True)
    )


def _last_values(lines: Sequence[Line]) -> Iterator[tuple[Line, Decimal | float]]:
    for line in lines:
        last = next((value for value in reversed(line.values) if value is not None), None)
        if last is not None:
            yield line, last


def _heights(plot: _Plot, wanted: Sequence[float]) -> list[float]:
    gap = min(LINE, (plot.bottom - plot.top) / max(len(wanted) - 1, 1))
    return spread(wanted, gap=gap, low=plot.top, high=plot.bottom)


def _words(line: Line, labels: Sequence[str], unit: str) -> str:
    told = [
        f"{text} {figure(value)} {unit}".strip() if value is not None else f"{text} not available"
        for text, value in zip(labels, line.values, strict=True)
    ]
    return f"{line.name}: {', '.join(told)}"
