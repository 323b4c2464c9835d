"""Rules by the hour and less: what they can never meet is known at once."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.recurrence import expand, parse_rule


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY;INTERVAL=4;BYMONTH=2;BYSECOND=1",  # from second 0 on, every fourth
        "FREQ=MINUTELY;INTERVAL=5;BYMINUTE=33,41,46",
        "FREQ=HOURLY;INTERVAL=6;BYHOUR=4",
        "FREQ=SECONDLY;BYDAY=FR,TU;BYSETPOS=3",  # a second holds one
        "FREQ=MINUTELY;BYSECOND=1,2;BYSETPOS=-3",
    ],
)
def test_below_the_day_what_the_interval_never_meets_is_empty_at_once(rule: str) -> None:
    assert list(expand(parse_rule(rule), datetime(2018, 10, 1, 9), count=1)) == []


@given(
    st.sampled_from(["HOURLY", "MINUTELY"]),
    st.integers(1, 90),
    st.sets(st.integers(0, 23), max_size=2),
    st.sets(st.integers(0, 59), min_size=1, max_size=2),
)
def test_below_the_day_empty_means_that_a_walk_finds_nothing(
    freq: str, interval: int, hours: set[int], minutes: set[int]
) -> None:
    """A day and night of steps of every remainder, walked one by one."""
    parts = [f"FREQ={freq}", f"INTERVAL={interval}"] + [f"BYHOUR={','.join(map(str, hours))}"] * bool(hours)
    parts += [f"BYMINUTE={','.join(map(str, minutes))}"] * (freq == "MINUTELY")
    begin, step = datetime(2025, 1, 1, 5, 7), interval * (60 if freq == "HOURLY" else 1)
    walked = (begin + timedelta(minutes=step * n) for n in range(1_440))
    fits = [
        moment
        for moment in walked
        if (not hours or moment.hour in hours) and (freq == "HOURLY" or moment.minute in minutes)
    ]
    found = list(expand(parse_rule(";".join(parts)), begin, count=1))
    assert found == fits[:1]
