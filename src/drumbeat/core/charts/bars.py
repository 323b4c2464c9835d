"""Bars from a common zero with their figures beside them. It knows heights and labels, not what is counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite

from drumbeat.core.charts.happenings import ROOM, draw_happenings
from drumbeat.core.charts.palette import SCREEN, Palette
from drumbeat.core.charts.svg import Svg, element, figure, frame, label, linked, shortened, text_width, titled

SMALL = 11.0
FOOT = 18.0  # room for the labels under the bars
HEAD = 16.0  # room for a figure above the highest bar
NOTE = 14.0  # one more line above for notes
LETTERS = 16.0  # what a figure takes of the height
WIDEST = 56.0
APART = 4.0  # between the figures of two bars


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, or its place where the value is not available (None); `strong` is drawn in ink, `target` as a line across, `note` above and in the text alternative."""

    label: str
    value: Decimal | float | None
    note: str = ""
    strong: bool = False
    target: Decimal | float | None = None
    url: str | None = None

    def __post_init__(self) -> None:
        for number in (self.value, self.target):
            if number is not None and not isfinite(number):
                raise ValueError(
                    f"bar {self.label!r} has the value {number}: leave out what is not available"
                )


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where things stand: `slot` is the width each bar may use, `unit` the height of one."""

    bars: Sequence[Bar]
    slot: float
    thick: float
    zero: float
    unit: float
    base: float

    def middle(self, index: int) -> float:
        return self.slot * (index + 0.5)

    def level(self, value: Decimal | float) -> float:
        return self.zero - float(value) * self.unit


def draw_bars(
    bars: Sequence[Bar],
    *,
    width: float,
    height: float,
    title: str,
    unit: str = "",
    target_label: str = "",
    happened: Mapping[int, str] = {},
    palette: Palette = SCREEN,
) -> Svg:
    """Bars in the order given; without a strong one the last is drawn in ink.

    Figures stand on every bar when all fit, else on the ink ones; `target_label` names the target lines at the right.
    `happened` tells places of bars what happened there; its marks are numbered in order.
    """
    last = next((bar.target for bar in reversed(bars[-1:]) if bar.target is not None), None)
    aim = f"{target_label} {figure(last, compact=True)}" if target_label and last is not None else ""
    plot = _plot(bars, width - (text_width(aim) + 8 if aim else 0), height, ROOM if happened else 0)
    inked = {index for index, bar in enumerate(bars) if bar.strong} or {len(bars) - 1}
    figured = set(range(len(bars))) if _all_figures_fit(plot) else inked
    parts = [_bar(plot, index, unit, index in inked, index in figured, palette) for index in range(len(bars))]
    parts.append(_zero_line(plot, palette))
    parts.append(_notes(plot, palette, ROOM if happened else 0))
    parts.append(_happened(plot, happened, palette))
    if aim and last is not None:
        parts.append(label(plot.slot * len(bars) + 6, plot.level(last) + 4, aim, palette.fill("accent")))
    desc = "; ".join([*(_words(bar, unit) for bar in bars), *happened.values()]) or "no figures"
    links = any(bar.url for bar in bars)
    return frame(
        "bars", width=width, height=height, title=title, desc=desc, linked=links, content="".join(parts)
    )


def _plot(bars: Sequence[Bar], width: float, height: float, above: float) -> _Plot:
    levels = [0.0, *(float(bar.value) for bar in bars if bar.value is not None)]
    levels += [float(bar.target) for bar in bars if bar.target is not None]
    top = above + HEAD + (NOTE if any(bar.note for bar in bars) else 0)
    foot = FOOT + (HEAD if min(levels) < 0 else 0)
    space = max(height - top - foot, 1.0)
    unit = space / max(max(levels) - min(levels), 1e-9)
    slot = max(width, 1.0) / max(len(bars), 1)
    thick = min(slot * 0.78, WIDEST)
    return _Plot(bars, slot, thick, top + max(levels) * unit, unit, height)


def _all_figures_fit(plot: _Plot) -> bool:
    values = [bar.value for bar in plot.bars if bar.value is not None]
    return all(text_width(figure(value, compact=True)) + APART <= plot.slot for value in values)


def _bar(plot: _Plot, index: int, unit: str, inked: bool, figured: bool, palette: Palette) -> str:
    bar, x = plot.bars[index], plot.middle(index)
    shapes = [] if bar.value is None else [_body(plot, x, bar.value, inked, palette)]
    if bar.target is not None:
        shapes.append(_target(plot, x, plot.level(bar.target), palette))
    if figured and bar.value is not None:
        shapes.append(_figure(plot, bar, bar.value, x, unit if inked else "", inked, palette))
    foot = shortened(bar.label, plot.slot - 2)
    if foot:
        shapes.append(label(x, plot.base - 4, foot, {**palette.fill("soft"), "text-anchor": "middle"}))
    return linked(
        bar.url,
        _words(bar, unit),
        {"class": "bar strong" if inked else "bar"},
        titled(_words(bar, unit)),
        *shapes,
    )


def _body(plot: _Plot, x: float, value: Decimal | float, inked: bool, palette: Palette) -> str:
    top, bottom = sorted((plot.level(value), plot.zero))
    body = {"x": x - plot.thick / 2, "y": top, "width": plot.thick, "height": bottom - top}
    return element("rect", {**body, **palette.fill("ink" if inked else "grey")})


def _target(plot: _Plot, x: float, y: float, palette: Palette) -> str:
    reach = min(plot.slot, plot.thick * 1.15) / 2
    return element(
        "line", {"x1": x - reach, "x2": x + reach, "y1": y, "y2": y, **palette.outline("accent", 1.5)}
    )


def _figure(
    plot: _Plot, bar: Bar, value: Decimal | float, x: float, unit: str, inked: bool, palette: Palette
) -> str:
    """At the end of the bar: outside, or inside where a target line would cross it and the bar is high enough."""
    text = figure(value, compact=True)
    if unit and text_width(f"{text} {unit}") <= plot.thick:
        text = f"{text} {unit}"
    end, away = plot.level(value), -1 if value >= 0 else 1
    crossed = bar.target is not None and -2 < (plot.level(bar.target) - end) * away < LETTERS
    inside = crossed and abs(end - plot.zero) > LETTERS
    middle = end + away * (-LETTERS if inside else LETTERS) / 2
    role = "paper" if inside and inked else "ink"
    return label(x, middle + 4, text, {**palette.fill(role), "text-anchor": "middle"})


def _zero_line(plot: _Plot, palette: Palette) -> str:
    right = plot.slot * len(plot.bars)
    return element(
        "line", {"x1": 0, "x2": right, "y1": plot.zero, "y2": plot.zero, **palette.outline("line", 1)}
    )


def _notes(plot: _Plot, palette: Palette, above: float) -> str:
    """Left to right on one line; a note that would run into the one before is kept for the text alternative."""
    drawn, free, right = [], 0.0, plot.slot * len(plot.bars)
    for index, bar in enumerate(plot.bars):
        half = text_width(bar.note, SMALL) / 2
        x = min(max(plot.middle(index), half), max(right - half, half))
        if bar.note and x - half >= free:
            drawn.append(label(x, above + 10, bar.note, {**palette.fill("soft"), "text-anchor": "middle"}))
            free = x + half + 6
    return "".join(drawn)


def _happened(plot: _Plot, happened: Mapping[int, str], palette: Palette) -> str:
    """The lines end above the figures of their bars."""
    told = {}
    for n, (place, text) in enumerate(sorted(happened.items()), start=1):
        highest = min(plot.zero, plot.level(float(plot.bars[place].value or 0)))
        told[n] = (plot.middle(place), highest - LETTERS, text)
    return draw_happenings(told, top=0, palette=palette)


def _words(bar: Bar, unit: str) -> str:
    value = "not available" if bar.value is None else f"{figure(bar.value)} {unit}".rstrip()
    text = f"{bar.label}: {value}"
    if bar.target is not None:
        text += f" of {figure(bar.target)} {unit}".rstrip()
    return f"{text}, {bar.note}" if bar.note else text
