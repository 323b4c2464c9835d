"""What a metric is, and the sets of rows that metrics are counted over."""

from __future__ import annotations

from dataclasses import dataclass

SALES, LIFE, WINDOWS, LABELS = "sales", "life", "windows", "labels"
CHANNEL, DEALS, WHOLE = "channel", "deals", "whole"
PROMISES, WORK, INFLUENCE, FUNDS = "promises", "work", "influence", "funds"
BEGUN, FORECAST, CELLS = "begun", "forecast", "cells"
IN_WINDOW = "dates from --from to before --until"
NO_SALES = "no lines: 0"


@dataclass(frozen=True, slots=True)
class Metric:
    """`bases` are the sets of rows it can be counted over, the usual one first."""

    name: str
    title: str
    definition: str
    formula: str
    unit: str
    bases: tuple[str, ...]
    window: str = IN_WINDOW
    grain: str = "line"
    zero: str = NO_SALES
    missing: str = "a month that isn't delivered isn't in it"
    owner: str = "partner operations"
    version: int = 1
