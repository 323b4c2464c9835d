"""Smoothing: the worked peak of the domain, and its laws: the peak never rises, the total stays, what is fixed stays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.core.smoothing import Piece, smooth

WEEKS = 14
REVIEW = ((-8, 45), (0, 90), (1, 20), (20, 10))  # working days from due, minutes


def review_due_on(working_day: int) -> np.ndarray:
    weeks = np.zeros(WEEKS)
    for offset, minutes in REVIEW:
        weeks[(working_day + offset - 1) // 5] += minutes / 60
    return weeks


def test_fourteen_reviews_come_down_from_a_peak_of_26_and_a_half_hours_to_16_and_three_quarters() -> None:
    options = np.array([review_due_on(day) for day in range(10, 20)])
    smoothed = smooth(np.full(WEEKS, 5.5), [Piece(options, 0)] * 14)
    assert smoothed.before[:3].round(1).tolist() == [16.0, 26.5, 10.2]
    assert smoothed.after[:4].round(2).tolist() == [10.0, 16.75, 15.75, 15.67]
    assert smoothed.before.sum() == pytest.approx(115.5) and smoothed.after.sum() == pytest.approx(115.5)
    assert smoothed.is_better and pytest.approx(0.37, abs=0.005) == 1 - 16.75 / 26.5


@st.composite
def pieces(draw: st.DrawFn) -> Piece:
    """The same hours, placed in other weeks by each option."""
    hours = draw(st.lists(st.sampled_from([0.25, 0.5, 1.5]), min_size=1, max_size=3))
    places = st.lists(st.integers(0, 5), min_size=len(hours), max_size=len(hours))
    options = []
    for option in draw(st.lists(places, min_size=1, max_size=5)):
        weeks = np.zeros(6)
        np.add.at(weeks, option, hours)
        options.append(weeks)
    return Piece(np.array(options), draw(st.integers(0, len(options) - 1)))


@settings(max_examples=200)
@given(st.lists(pieces(), max_size=12), st.lists(st.integers(0, 9), min_size=6, max_size=6))
def test_the_peak_never_rises_the_total_stays_and_what_cannot_move_stays(
    work: list[Piece], fixed: list[int]
) -> None:
    base = np.array(fixed, float)
    smoothed = smooth(base, work)
    assert smoothed.after.max() <= smoothed.before.max() + 1e-9
    assert smoothed.after.sum() == pytest.approx(smoothed.before.sum())
    assert (smoothed.after >= base - 1e-9).all()
    moved = base + sum(
        (piece.options[way] for piece, way in zip(work, smoothed.chosen, strict=True)), np.zeros(6)
    )
    assert moved == pytest.approx(smoothed.after)


def test_nothing_moves_where_it_would_not_help() -> None:
    options = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert smooth(np.array([0.0, 5.0]), [Piece(options, 0)]).chosen == (0,)
    assert smooth(np.array([5.0, 5.0]), [Piece(options, 1)]).chosen == (1,)
