"""Meetings at once and meetings out of hours, against a slow look at every pair."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.calendars import national_calendar
from drumbeat.core.conflicts import Place, clashes, open_at
from drumbeat.core.simulation import Window

meetings = st.lists(st.tuples(st.integers(-1, 3), st.integers(0, 300), st.integers(1, 60)), max_size=15)


@given(meetings)
def test_a_meeting_clashes_when_an_earlier_one_of_the_same_person_still_runs(told) -> None:
    whose, begins, lengths = (np.array(column, np.int64) for column in zip(*told, strict=True)) if told else [
        np.empty(0, np.int64)
    ] * 3  # fmt: skip
    pairs = clashes(whose, begins, begins + lengths)
    for one, other in pairs:
        assert whose[one] == whose[other] >= 0
        assert begins[one] <= begins[other] < begins[one] + lengths[one]
    later = {other for _, other in pairs}
    for one in range(len(told)):
        others = [n for n in range(len(told)) if n != one and whose[n] == whose[one] >= 0]
        strictly = any(begins[n] < begins[one] < begins[n] + lengths[n] for n in others)
        assert not strictly or one in later


def test_a_meeting_is_in_hours_when_it_begins_and_ends_inside_them_on_a_working_day() -> None:
    calendar = national_calendar("DE", None, range(2026, 2027))
    place = Place(ZoneInfo("Europe/Berlin"), calendar)
    told = [(3, 30, 7), (3, 30, 6), (3, 30, 14), (3, 30, 15), (4, 3, 9), (4, 4, 9)]
    begins = np.array(
        [int(datetime(2026, month, day, hour, tzinfo=UTC).timestamp()) for month, day, hour in told]
    )
    window = Window(date(2026, 3, 30), date(2026, 4, 10))
    # 07:00 UTC is nine in Berlin, 15:00 UTC is five; 3 April is Good Friday, 4 April a Saturday.
    assert open_at(place, window, begins, begins + 3600).tolist() == [True, False, True, False, False, False]
