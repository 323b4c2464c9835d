"""The on-time record against its worked numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.tally import Count, OnTimeRecord


def test_the_worked_example() -> None:
    count = Count(kept=17, late=2, missed=1, waived=2, overdue=1, in_grace=1)
    assert count.judged == 21
    assert count.rate == pytest.approx(0.8095, abs=5e-5)
    low, high = count.wilson() or (0, 0)
    assert (round(100 * low, 2), round(100 * high, 2)) == (60.00, 92.33)


def test_nothing_judged_has_no_rate() -> None:
    assert Count(waived=3, in_grace=2).rate is None
    assert Count(waived=3).wilson() is None
    assert Count(waived=3).percent is None


COUNTS = st.builds(Count, *(st.integers(0, 1000) for _ in range(7)))


@given(COUNTS, COUNTS)
def test_records_add_up_by_counts_never_by_rates(one: Count, other: Count) -> None:
    total = OnTimeRecord(one, other) + OnTimeRecord(other, one)
    assert total.people == total.machine == one + other
    assert total.people.judged == one.judged + other.judged


@given(COUNTS)
def test_a_rate_lies_inside_its_interval(count: Count) -> None:
    interval = count.wilson()
    if interval:
        low, high = interval
        assert -1e-9 <= low <= (count.rate or 0) + 1e-9
        assert (count.rate or 0) - 1e-9 <= high <= 1 + 1e-9
