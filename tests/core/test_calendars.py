"""Working days: the worked tables, the conventions, and the laws of rolling and counting."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.calendars import (
    ROLL_CONVENTIONS,
    CalendarError,
    WorkingCalendar,
    add_working_days,
    national_calendar,
    nth_working_day,
    roll,
    working_days_between,
)

YEARS = range(2025, 2028)
GERMANY = national_calendar("DE", None, YEARS)
US = national_calendar("US", None, YEARS)
JAPAN = national_calendar("JP", None, YEARS)
BOTH = GERMANY.both_with(US)
NEVER = WorkingCalendar("Never", frozenset(range(7)))

days = st.dates(date(2025, 1, 1), date(2027, 12, 31))
calendars = st.builds(
    WorkingCalendar,
    name=st.just("Any"),
    weekend=st.frozensets(st.integers(0, 6), max_size=5),
    holidays=st.frozensets(st.dates(date(2025, 12, 1), date(2026, 2, 28)), max_size=20),
)


@pytest.mark.parametrize(
    ("month", "germany", "us", "japan", "both"),
    [(1, 8, 8, 8, 8), (4, 9, 7, 7, 9), (5, 8, 7, 12, 8), (7, 7, 8, 7, 8)],
)
def test_fifth_working_day_of_2026(month: int, germany: int, us: int, japan: int, both: int) -> None:
    for calendar, expected in ((GERMANY, germany), (US, us), (JAPAN, japan), (BOTH, both)):
        assert nth_working_day(2026, month, 5, calendar) == date(2026, month, expected)
        first = roll(date(2026, month, 1), "following", calendar)
        assert first is not None
        assert add_working_days(first, 4, calendar) == date(2026, month, expected)


@pytest.mark.parametrize(
    ("month", "last", "expected"),
    [(1, 31, 30), (2, 28, 27), (3, 31, 31), (4, 30, 30), (5, 31, 29), (6, 30, 30)],
)
def test_last_working_day_in_germany_2026(month: int, last: int, expected: int) -> None:
    assert roll(date(2026, month, last), "preceding", GERMANY) == date(2026, month, expected)
    assert nth_working_day(2026, month, -1, GERMANY) == date(2026, month, expected)


@pytest.mark.parametrize(
    ("convention", "saturday_31_january", "sunday_1_february", "easter_sunday"),
    [
        ("following", (2, 2), (2, 2), (4, 7)),
        ("modified_following", (1, 30), (2, 2), (4, 7)),
        ("preceding", (1, 30), (1, 30), (4, 2)),
        ("modified_preceding", (1, 30), (2, 2), (4, 2)),
        ("nearest", (1, 30), (2, 2), (4, 7)),
        ("skip", None, None, None),
        ("none", (1, 31), (2, 1), (4, 5)),
    ],
)
def test_conventions_in_germany_2026(
    convention: str,
    saturday_31_january: tuple[int, int] | None,
    sunday_1_february: tuple[int, int] | None,
    easter_sunday: tuple[int, int] | None,
) -> None:
    for day, expected in (
        (date(2026, 1, 31), saturday_31_january),
        (date(2026, 2, 1), sunday_1_february),
        (date(2026, 4, 5), easter_sunday),
    ):
        assert roll(day, convention, GERMANY) == (date(2026, *expected) if expected else None)


def test_nearest_takes_the_later_of_two_equally_near() -> None:
    wednesday = date(2026, 6, 10)
    calendar = WorkingCalendar("Closed Wednesdays", frozenset({2}))
    assert roll(wednesday, "nearest", calendar) == date(2026, 6, 11)


def test_a_word_that_is_no_convention_is_answered_with_those_there_are() -> None:
    with pytest.raises(CalendarError, match="modified_following"):
        roll(date(2026, 1, 1), "sideways", GERMANY)


def test_a_calendar_without_working_days_is_an_error_not_a_loop() -> None:
    for question in (
        lambda: roll(date(2026, 1, 1), "following", NEVER),
        lambda: roll(date(2026, 1, 1), "nearest", NEVER),
        lambda: add_working_days(date(2026, 1, 1), -3, NEVER),
    ):
        with pytest.raises(CalendarError, match="no working day within 400 days"):
            question()
    assert roll(date(2026, 1, 1), "skip", NEVER) is None


@pytest.mark.parametrize("edge", [date.min, date.max])
def test_the_ends_of_the_calendar_are_an_error_too(edge: date) -> None:
    closed = WorkingCalendar("Closed at the edges", frozenset(), frozenset({date.min, date.max}))
    with pytest.raises(CalendarError):
        roll(edge, "preceding" if edge == date.min else "following", closed)


def test_weekends_are_those_of_the_country() -> None:
    assert national_calendar("SA", None, YEARS).weekend == {4, 5}
    assert national_calendar("JP", None, YEARS).weekend == {5, 6}
    assert not national_calendar("IL", None, YEARS).is_working(date(2026, 6, 12))


def test_weekend_days_declared_working_days_are_worked() -> None:
    sunday = date(2026, 1, 4)
    china = national_calendar("CN", None, YEARS)
    assert china.is_working(sunday)
    assert not china.both_with(GERMANY).is_working(sunday)


def test_subdivisions_and_company_days_take_days_off() -> None:
    corpus_christi, outing = date(2026, 6, 4), date(2026, 6, 19)
    bavaria = national_calendar("DE", "BY", YEARS, frozenset({outing}))
    assert (GERMANY.is_working(corpus_christi), bavaria.is_working(corpus_christi)) == (True, False)
    assert not bavaria.is_working(outing)
    assert bavaria.name == "DE-BY"


@pytest.mark.parametrize(
    ("country", "subdivision"), [("XX", None), ("DE", "ZZ"), ("", None), ("MC", "1"), ("utils", None)]
)
def test_places_without_a_calendar_are_refused_with_a_mend(country: str, subdivision: str | None) -> None:
    with pytest.raises(CalendarError) as refusal:
        national_calendar(country, subdivision, YEARS)
    assert refusal.value.mend


@pytest.mark.parametrize("n", [0, 24, -24])
def test_a_month_has_only_so_many_working_days(n: int) -> None:
    with pytest.raises(CalendarError, match="It has 20"):
        nth_working_day(2026, 2, n, GERMANY)


def test_working_days_between_is_half_open_and_signed() -> None:
    friday, monday = date(2026, 6, 12), date(2026, 6, 15)
    assert working_days_between(friday, monday, GERMANY) == 1
    assert working_days_between(monday, friday, GERMANY) == -1
    assert working_days_between(friday, friday, GERMANY) == 0


@given(days, st.sampled_from([c for c in ROLL_CONVENTIONS if c != "none"]), calendars)
def test_rolling_lands_on_a_working_day_and_stays_there(
    day: date, convention: str, calendar: WorkingCalendar
) -> None:
    rolled = roll(day, convention, calendar)
    if rolled is None:
        assert convention == "skip"
        assert not calendar.is_working(day)
    else:
        assert calendar.is_working(rolled)
        assert roll(rolled, convention, calendar) == rolled


@given(days, st.integers(-60, 60), calendars)
def test_working_days_there_and_back_again(day: date, n: int, calendar: WorkingCalendar) -> None:
    begin = roll(day, "following", calendar)
    assert begin is not None
    end = add_working_days(begin, n, calendar)
    assert add_working_days(end, -n, calendar) == begin
    assert working_days_between(begin, end, calendar) == n


@given(days, calendars, calendars)
def test_both_work_when_each_works(day: date, ours: WorkingCalendar, theirs: WorkingCalendar) -> None:
    both = ours.both_with(theirs)
    assert both.is_working(day) == (ours.is_working(day) and theirs.is_working(day))
    assert hash(both) == hash(ours.both_with(theirs))


@given(days, st.integers(1, 40), calendars)
def test_the_slow_twin_counts_alike(day: date, n: int, calendar: WorkingCalendar) -> None:
    later = (day + timedelta(days=i) for i in range(1, 2000))
    worked = [each for each in later if calendar.is_working(each)]
    assert add_working_days(day, n, calendar) == worked[n - 1]
