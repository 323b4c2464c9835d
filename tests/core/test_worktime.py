"""Local times as instants, and business-hour clocks with the worked cases of the channel."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.calendars import CalendarError, national_calendar
from drumbeat.core.worktime import WorkingHours, add_working_time, localize, working_time_between

YEARS = range(2025, 2028)
BERLIN, NEW_YORK, TOKYO = (ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Asia/Tokyo"))
GERMAN = WorkingHours(national_calendar("DE", None, YEARS), BERLIN)
AMERICAN = WorkingHours(national_calendar("US", None, YEARS), NEW_YORK)
JAPANESE = WorkingHours(national_calendar("JP", None, YEARS), TOKYO)


def bh(hours: float) -> timedelta:
    return timedelta(hours=hours)


def berlin(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


def test_a_time_in_a_gap_moves_on_and_in_a_fold_is_the_first() -> None:
    assert localize(date(2026, 3, 29), time(2, 30), BERLIN) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert localize(date(2026, 10, 25), time(2, 30), BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert localize(date(2026, 10, 25), time(2, 30, fold=1), BERLIN).hour == 0
    assert localize(date(2026, 6, 1), time(9), BERLIN).tzinfo is UTC


def test_clock_over_a_weekend() -> None:
    assert add_working_time(berlin(6, 12, 15, 30), bh(16), GERMAN) == berlin(6, 16, 15, 30)


def test_clock_over_a_holiday_in_another_zone() -> None:
    due = add_working_time(berlin(7, 2, 20), bh(16), AMERICAN)
    assert due == datetime(2026, 7, 7, 14, tzinfo=NEW_YORK) == berlin(7, 7, 20)


def test_clock_paused_by_a_question() -> None:
    start, question, answer = berlin(5, 13, 11), berlin(5, 13, 15), berlin(5, 18, 10)
    used = working_time_between(start, question, GERMAN)
    assert used == bh(4)
    assert working_time_between(question, answer, GERMAN) == bh(11)
    assert add_working_time(answer, bh(16) - used, GERMAN) == berlin(5, 19, 14)
    assert add_working_time(start, bh(16), GERMAN) == berlin(5, 18, 11)


def test_clock_that_starts_after_a_row_of_holidays() -> None:
    due = add_working_time(berlin(9, 18, 16), bh(8), JAPANESE)
    assert due == datetime(2026, 9, 24, 17, tzinfo=TOKYO) == berlin(9, 24, 10)


def test_no_span_is_the_moment_itself_even_at_night() -> None:
    assert add_working_time(berlin(6, 13, 3), bh(0), GERMAN) == berlin(6, 13, 3)


def test_hours_back_reach_into_the_day_before() -> None:
    assert add_working_time(berlin(6, 15, 10), bh(-4), GERMAN) == berlin(6, 12, 14)
    assert working_time_between(berlin(6, 15, 10), berlin(6, 12, 14), GERMAN) == bh(-4)


def test_a_night_with_a_change_of_offset_counts_real_hours() -> None:
    night = WorkingHours(national_calendar("SA", None, YEARS), BERLIN, time(0), time(6))
    assert working_time_between(berlin(3, 29, 0), berlin(3, 29, 12), night) == bh(5)
    assert working_time_between(berlin(10, 25, 0), berlin(10, 25, 12), night) == bh(7)


def test_hours_that_never_open_are_refused() -> None:
    with pytest.raises(CalendarError, match="never open"):
        WorkingHours(GERMAN.calendar, BERLIN, time(17), time(9))


moments = st.datetimes(
    datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.sampled_from([BERLIN, TOKYO])
)
spans = st.timedeltas(timedelta(seconds=1), timedelta(hours=200))
sides = st.sampled_from([GERMAN, AMERICAN, JAPANESE])


@given(moments, spans, sides)
def test_time_added_has_passed_when_it_is_due(moment: datetime, span: timedelta, hours: WorkingHours) -> None:
    due = add_working_time(moment, span, hours)
    assert working_time_between(moment, due, hours) == span
    assert working_time_between(moment, due - timedelta(microseconds=1), hours) < span


@given(moments, spans, sides)
def test_time_taken_back_is_left(moment: datetime, span: timedelta, hours: WorkingHours) -> None:
    begin = add_working_time(moment, -span, hours)
    assert working_time_between(begin, moment, hours) == span


@given(moments, spans, spans, sides)
def test_spans_add_up(moment: datetime, one: timedelta, two: timedelta, hours: WorkingHours) -> None:
    step = add_working_time(moment, one, hours)
    assert add_working_time(step, two, hours) == add_working_time(moment, one + two, hours)


@given(moments, st.integers(1, 20), sides)
def test_the_minute_by_minute_twin_agrees(moment: datetime, days: int, hours: WorkingHours) -> None:
    begin = moment.astimezone(UTC).replace(second=0, microsecond=0)
    ticks = (begin + timedelta(minutes=i) for i in range(0, days * 1440, 15))
    running = sum(is_open(tick, hours) for tick in ticks)
    between = working_time_between(begin, begin + timedelta(days=days), hours)
    assert abs(between - running * timedelta(minutes=15)) <= days * timedelta(minutes=15)


def is_open(moment: datetime, hours: WorkingHours) -> bool:
    local = moment.astimezone(hours.zone)
    return hours.calendar.is_working(local.date()) and hours.start <= local.time() < hours.end
