"""Small pictures drawn as SVG text: values in, markup out. It knows no page, no request and no style sheet."""

from drumbeat.core.charts.bars import Bar, draw_bars
from drumbeat.core.charts.beatstrip import MARK_STATES, Mark, draw_strip
from drumbeat.core.charts.lines import Line, draw_lines, scale_of
from drumbeat.core.charts.load import Week, draw_load
from drumbeat.core.charts.palette import PRINT, SCREEN, Palette
from drumbeat.core.charts.score import Axis, Cell, draw_axis, draw_row
from drumbeat.core.charts.svg import Svg

__all__ = [
    "MARK_STATES",
    "PRINT",
    "SCREEN",
    "Axis",
    "Bar",
    "Cell",
    "Line",
    "Mark",
    "Palette",
    "Svg",
    "Week",
    "draw_axis",
    "draw_bars",
    "draw_lines",
    "draw_load",
    "draw_row",
    "draw_strip",
    "scale_of",
]
