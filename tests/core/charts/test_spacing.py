from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.charts.spacing import capacity, spread


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        ([10, 50], [10, 50]),
        ([50, 50], [45, 55]),
        ([0, 0, 0], [0, 10, 20]),
        ([100, 100], [90, 100]),
        ([20, 22, 60], [16, 26, 60]),
        ([], []),
    ],
)
def test_neighbours_move_apart_by_as_little_as_possible(wanted, places):
    assert spread(wanted, gap=10, low=0, high=100) == pytest.approx(places)


def test_too_many_are_refused():
    with pytest.raises(ValueError, match="take fewer"):
        spread([1, 2, 3], gap=10, low=0, high=15)


@given(st.lists(st.floats(-50, 150), max_size=11))
def test_places_keep_gap_and_bounds(wanted):
    places = spread(sorted(wanted), gap=10, low=0, high=100)
    assert capacity(gap=10, low=0, high=100) == 11
    assert all(-1e-6 <= place <= 100 + 1e-6 for place in places)
    assert all(b - a >= 10 - 1e-6 for a, b in pairwise(places))
