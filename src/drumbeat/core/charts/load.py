"""Hours a week against what there is, for small multiples: today thin, the change beside it, the measure across."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from drumbeat.core.charts.palette import SCREEN, Palette
from drumbeat.core.charts.svg import Svg, element, figure, frame, label, linked, titled

HEAD, FOOT = 14.0, 16.0


@dataclass(frozen=True, slots=True)
class Week:
    """`now` and `then` in hours, `then` None where nothing changes; `room` is what there is, across."""

    label: str
    words: str
    now: float
    then: float | None
    room: float
    url: str | None = None


def draw_load(
    weeks: Sequence[Week], *, width: float, height: float, title: str, top: float, palette: Palette = SCREEN
) -> Svg:
    """All charts of one page share `top`, the hours at their upper edge. Only the fullest week carries its figure."""
    slot = width / max(len(weeks), 1)
    zero = height - FOOT
    unit = (zero - HEAD) / max(top, 1e-9)
    fullest = max(range(len(weeks)), key=lambda n: _shown(weeks[n]), default=-1)
    parts = [_week(week, n, slot, zero, unit, n == fullest, palette) for n, week in enumerate(weeks)]
    parts.append(
        element("line", {"x1": 0, "x2": width, "y1": zero, "y2": zero, **palette.outline("line", 1)})
    )
    parts += [
        label(slot * n, height - 3, week.label, palette.fill("soft"))
        for n, week in enumerate(weeks)
        if week.label
    ]
    return frame(
        "load", width=width, height=height, title=title, desc="; ".join(week.words for week in weeks),
        linked=any(week.url for week in weeks), content="".join(parts),
    )  # fmt: skip


def _shown(week: Week) -> float:
    return week.now if week.then is None else week.then


def _week(week: Week, n: int, slot: float, zero: float, unit: float, figured: bool, palette: Palette) -> str:
    x, value = slot * n, _shown(week)
    over = value > week.room + 0.05
    shapes = [titled(week.words)]
    if week.then is not None:
        shapes.append(_bar(x + slot * 0.12, slot * 0.2, week.now, zero, unit, palette.fill("grey")))
    left, wide = (x + slot * 0.36, slot * 0.46) if week.then is not None else (x + slot * 0.18, slot * 0.6)
    shapes.append(_bar(left, wide, value, zero, unit, palette.fill("missed" if over else "ink")))
    y = zero - week.room * unit
    shapes.append(
        element("line", {"x1": x, "x2": x + slot, "y1": y, "y2": y, **palette.outline("accent", 1.5)})
    )
    if figured and value:
        above = zero - value * unit
        crossed = 0 < above - y < 14  # the line would cross the figure: above the line then
        shapes.append(
            label(left, max((y if crossed else above) - 3, 10), figure(round(value, 1)), palette.fill("ink"))
        )
    return linked(week.url, week.words, {"class": "week"}, *shapes)


def _bar(x: float, width: float, value: float, zero: float, unit: float, fill: dict[str, object]) -> str:
    return element("rect", {"x": x, "y": zero - value * unit, "width": width, "height": value * unit, **fill})
