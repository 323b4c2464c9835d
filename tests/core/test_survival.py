"""The median of waits that haven't all ended."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.metrics.survival import median_wait


@pytest.mark.parametrize(
    ("waits", "median"),
    [
        ([], None),
        ([30], 30),
        ([10, 20, 30], 20),
        ([10, 20, 30, 40], 20),
        ([10, 20, -1 - 15, -1 - 15], 20),  # 3/4 are left after 10; the last one at risk ends at 20
        ([10, 20, -1 - 400, -1 - 400], 20),
        ([10, -1 - 400, -1 - 400], None),
        ([0, 0, -1 - 0], 0),
    ],
)
def test_examples(waits, median):
    assert median_wait(waits) == median


@given(st.lists(st.integers(0, 500), min_size=1))
def test_without_open_ends_it_is_the_lower_median(waits):
    assert median_wait(waits) == sorted(waits)[(len(waits) - 1) // 2]


@given(st.lists(st.integers(0, 500), min_size=1), st.lists(st.integers(0, 500)))
def test_those_who_wait_longer_than_all_others_never_shorten_it(ended, more):
    longer = [-1 - (max(ended) + extra) for extra in more]
    before, after = median_wait(ended), median_wait(ended + longer)
    assert after is None or before is None or after >= before
