"""Caps of mails against a slow look at every stretch of days."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.fatigue import fatigue
from drumbeat.core.simulation import Window, readers_from

FROM = date(2026, 7, 1)  # a Wednesday
LENGTH = 40


@given(
    st.lists(st.lists(st.sampled_from([0, 0, 0, 0, 1, 1, 2]), min_size=LENGTH, max_size=LENGTH), max_size=4)
)
def test_who_gets_more_than_a_cap_is_told_with_the_most_of_each(rows: list[list[int]]) -> None:
    window = Window(FROM, FROM + timedelta(LENGTH))
    mails = np.array(rows, np.uint8).reshape(len(rows), LENGTH)
    expected = {}
    for n, row in enumerate(rows):
        weeks: dict[date, int] = {}
        for day, count in enumerate(row):
            on = FROM + timedelta(day)
            weeks[on - timedelta(on.weekday())] = weeks.get(on - timedelta(on.weekday()), 0) + count
        most = max(row), max(weeks.values()), max(sum(row[at : at + 30]) for at in range(LENGTH))
        if most[0] > 1 or most[1] > 3 or most[2] > 8:
            expected[n] = most
    found = fatigue(mails, window)
    assert {one.contact: (one.a_day, one.a_week, one.in_30_days) for one in found} == expected
    assert [one.a_week for one in found] == sorted((one.a_week for one in found), reverse=True)


def test_readers_are_found_for_many_subjects_at_once() -> None:
    readers = readers_from([[5, 6], [], [7]])
    assert readers.of(np.array([2, 0, 1], np.int32)).tolist() == [7, 5, 6]
    assert readers.of(np.array([], np.int32)).tolist() == []
