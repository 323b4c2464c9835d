"""Response clocks: the worked cases of the field, and what holds for every clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.calendars import national_calendar
from drumbeat.core.clocks import Reading, Turn, read_clock
from drumbeat.core.worktime import WorkingHours, working_time_between

BERLIN, NEW_YORK, TOKYO = (ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Asia/Tokyo"))
GERMANY, AMERICA, JAPAN = (
    WorkingHours(national_calendar(country, None, range(2026, 2027)), zone)
    for country, zone in (("DE", BERLIN), ("US", NEW_YORK), ("JP", TOKYO))
)


def at(zone: ZoneInfo, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=zone)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def due(turns: list[Turn], side: str, allowance: float, now: datetime, **sides: WorkingHours) -> Reading:
    return read_clock(turns, side, hours(allowance), sides, at=now)


def test_a_weekend_does_not_run() -> None:
    start = at(BERLIN, 6, 12, 15, 30)
    reading = due([Turn(start, "vendor")], "vendor", 16, start, vendor=GERMANY)
    assert reading.due_at == at(BERLIN, 6, 16, 15, 30)


def test_a_holiday_and_two_zones() -> None:
    start = at(BERLIN, 7, 2, 20)
    reading = due([Turn(start, "vendor")], "vendor", 16, start, vendor=AMERICA)
    assert reading.due_at == at(NEW_YORK, 7, 7, 14) == at(BERLIN, 7, 7, 20)


def test_a_question_pauses_one_clock_and_starts_the_other() -> None:
    turns = [
        Turn(at(BERLIN, 5, 13, 11), "vendor"),
        Turn(at(BERLIN, 5, 13, 15), "partner"),
        Turn(at(BERLIN, 5, 18, 10), "vendor"),
    ]
    now = at(BERLIN, 5, 18, 10)
    ours = due(turns, "vendor", 16, now, vendor=GERMANY, partner=GERMANY)
    theirs = due(turns, "partner", 16, now, vendor=GERMANY, partner=GERMANY)
    assert (ours.used, ours.due_at) == (hours(4), at(BERLIN, 5, 19, 14))
    assert (theirs.used, theirs.due_at, theirs.is_running) == (hours(11), None, False)
    unpaused = due(turns[:1], "vendor", 16, now, vendor=GERMANY)
    assert unpaused.due_at == at(BERLIN, 5, 18, 11)


def test_a_clock_that_starts_in_a_row_of_holidays() -> None:
    start = at(BERLIN, 9, 18, 16)
    reading = due([Turn(start, "partner")], "partner", 8, start, partner=JAPAN)
    assert reading.due_at == at(TOKYO, 9, 24, 17) == at(BERLIN, 9, 24, 10)


def test_a_stopped_clock_says_when_and_runs_no_more() -> None:
    turns = [Turn(at(BERLIN, 6, 8, 9), "vendor"), Turn(at(BERLIN, 6, 8, 12), None)]
    reading = due(turns, "vendor", 16, at(BERLIN, 6, 30, 12), vendor=GERMANY)
    assert (reading.used, reading.is_running, reading.stopped_at) == (hours(3), False, turns[1].at)
    assert (reading.due_at, reading.is_breached, reading.share) == (None, False, 3 / 16)


def test_a_breach_keeps_the_moment_it_came() -> None:
    turns = [Turn(at(BERLIN, 6, 8, 9), "vendor"), Turn(at(BERLIN, 6, 10, 9), "partner")]
    reading = due(turns, "vendor", 8, at(BERLIN, 6, 11, 9), vendor=GERMANY, partner=GERMANY)
    assert (reading.used, reading.is_breached, reading.due_at) == (hours(16), True, at(BERLIN, 6, 8, 17))


def test_turns_out_of_order_are_refused() -> None:
    turns = [Turn(at(BERLIN, 6, 9, 9), "vendor"), Turn(at(BERLIN, 6, 8, 9), "partner")]
    with pytest.raises(ValueError, match="sort them"):
        due(turns, "vendor", 8, at(BERLIN, 6, 11, 9), vendor=GERMANY)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)).map(
    lambda naive: naive.replace(tzinfo=UTC)
)


@given(st.lists(moments, min_size=1, max_size=6, unique=True), moments)
def test_both_sides_together_use_what_each_worked_in_its_turns(starts: list[datetime], now: datetime) -> None:
    turns = [Turn(start, ("vendor", "partner")[n % 2]) for n, start in enumerate(sorted(starts))]
    for side, theirs in (("vendor", GERMANY), ("partner", AMERICA)):
        reading = read_clock(turns, side, hours(40), {"vendor": GERMANY, "partner": AMERICA}, at=now)
        ends = [turn.at for turn in turns[1:]] + [max(now, turns[-1].at)]
        spans = [
            (max(turn.at, turn.at), min(end, now))
            for turn, end in zip(turns, ends, strict=True)
            if turn.side == side
        ]
        assert reading.used == sum(
            (working_time_between(begin, end, theirs) for begin, end in spans if begin < end), timedelta()
        )


@given(moments, st.integers(1, 60))
def test_at_its_due_moment_the_allowance_is_used_up(start: datetime, allowance: int) -> None:
    turns = [Turn(start, "vendor")]
    first = read_clock(turns, "vendor", hours(allowance), {"vendor": GERMANY}, at=start)
    assert first.due_at is not None
    then = read_clock(turns, "vendor", hours(allowance), {"vendor": GERMANY}, at=first.due_at)
    assert (then.used, then.is_breached) == (hours(allowance), False)
