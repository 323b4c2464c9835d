"""A peak of work made flatter by other phases: each piece goes where it makes the highest week least high.

Pieces and weeks are rows and columns of numbers; whose they are, and which may move at all, is decided by who asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Weeks = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Piece:
    """Work that may lie in one of several ways: `options` holds the load of each way, options x weeks; `now` is today's."""

    options: Weeks
    now: int


@dataclass(frozen=True, slots=True)
class Smoothed:
    """The way chosen for each piece, and all weeks before and after."""

    chosen: tuple[int, ...]
    before: Weeks
    after: Weeks

    @property
    def is_better(self) -> bool:
        return bool(self.after.max(initial=0) < self.before.max(initial=0))


def smooth(base: Weeks, pieces: Sequence[Piece]) -> Smoothed:
    """Greedy: piece by piece the way that gives the lowest peak, then the lowest sum of squares, then the first. `base` is
    what can't move. Where that would not lower the peak, everything stays."""
    before = base + sum((piece.options[piece.now] for piece in pieces), np.zeros_like(base))
    weeks, chosen = base.copy(), []
    for piece in pieces:
        tried = weeks + piece.options
        best = min(range(len(tried)), key=lambda way, tried=tried: _height(tried[way]))  # type: ignore[misc]
        chosen.append(best)
        weeks = tried[best]
    if round(float(weeks.max(initial=0)), 9) >= round(float(before.max(initial=0)), 9):
        return Smoothed(tuple(piece.now for piece in pieces), before, before)
    return Smoothed(tuple(chosen), before, weeks)


def _height(weeks: Weeks) -> tuple[float, float]:
    """Rounded, so that equal sums of different order are equal."""
    return round(float(weeks.max(initial=0)), 9), round(float(np.square(weeks).sum()), 6)
