"""Fiscal years against worked cases of retail, tax and ISO calendars, and the laws they all keep."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.fiscal import (
    ANCHORS,
    CALENDAR_YEAR,
    ISO_YEAR,
    PATTERNS,
    UNITS,
    FiscalCalendar,
    MonthYear,
    WeekYear,
    period_ends,
    period_starts,
    periods_from,
)
from drumbeat.core.recurrence.rule import DAY_CODES
from tests.core.test_vectors import Case, cases

YEARS = st.integers(1900, 2200)
MONTH_YEARS = st.builds(MonthYear, st.integers(1, 12), st.integers(1, 28))
WEEK_YEARS = st.builds(
    WeekYear, st.sampled_from(PATTERNS), st.sampled_from(ANCHORS), st.integers(0, 6), st.integers(1, 12)
)
NRF = WeekYear("4-5-4", "nearest", 5, 2)


def days(texts: list[str]) -> tuple[date, ...]:
    return tuple(map(date.fromisoformat, texts))


def retail(case: Case) -> WeekYear:
    return WeekYear(case["pattern"], case["anchor"], DAY_CODES.index(case["weekday"]), case["before_month"])


@pytest.mark.shared
@pytest.mark.parametrize("case", cases("fiscal", kind="retail-year"))
def test_retail_years(case: Case) -> None:
    fiscal, year = retail(case), case["fiscal_year"]
    assert fiscal.month_starts(year) == days(case["expected"])
    assert period_starts(fiscal, "quarter", year) == days(case["quarters"])
    assert period_starts(fiscal, "year", year) == days([case["start"]])
    assert period_ends(fiscal, "year", year) == days([case["end"]])
    assert len(fiscal.week_starts(year)) == case["weeks"]


@pytest.mark.shared
@pytest.mark.parametrize("case", cases("fiscal", kind="retail-week-starts"))
def test_retail_weeks(case: Case) -> None:
    assert retail(case).week_starts(case["fiscal_year"]) == days(case["expected"])


@pytest.mark.shared
@pytest.mark.parametrize("case", cases("fiscal", kind="fiscal-quarters"))
def test_fiscal_quarters(case: Case) -> None:
    fiscal, year = MonthYear(case["start_month"], case.get("start_day", 1)), case["year_begins_in"]
    assert period_starts(fiscal, "quarter", year) == days(case["expected"])
    assert period_ends(fiscal, "quarter", year) == days(case["ends"])


@pytest.mark.shared
@pytest.mark.parametrize("case", cases("fiscal", kind="iso-weeks"))
def test_iso_weeks(case: Case) -> None:
    assert period_starts(ISO_YEAR, "quarter", case["fiscal_year"]) == days(case["expected"])
    assert len(ISO_YEAR.week_starts(case["fiscal_year"])) == case["weeks"]


def test_the_retail_federation_names_its_years_of_53_weeks() -> None:
    long = [year for year in range(2000, 2029) if len(NRF.week_starts(year)) == 53]
    assert long == [2000, 2006, 2012, 2017, 2023, 2028]


@given(YEARS)
def test_weeks_are_those_of_iso_8601(year: int) -> None:
    starts = ISO_YEAR.week_starts(year)
    assert starts == tuple(date.fromisocalendar(year, week + 1, 1) for week in range(len(starts)))
    assert len(starts) == date(year, 12, 28).isocalendar().week


@given(MONTH_YEARS | WEEK_YEARS, YEARS)
def test_periods_tile_the_years_without_gaps(fiscal: FiscalCalendar, year: int) -> None:
    for unit, months in UNITS.items():
        starts, ends = period_starts(fiscal, unit, year), period_ends(fiscal, unit, year)
        assert len(starts) == 12 // months
        assert all(start < end for start, end in zip(starts, ends, strict=True))
        following = (*starts[1:], fiscal.month_starts(year + 1)[0])
        assert following == tuple(end + timedelta(days=1) for end in ends)


@given(WEEK_YEARS, YEARS)
def test_years_of_weeks_end_on_their_weekday_near_the_month_s_end(fiscal: WeekYear, year: int) -> None:
    end = fiscal.month_starts(year)[0] - timedelta(days=1)
    month_end = date(year, fiscal.first_month, 1) - timedelta(days=1)
    assert end.weekday() == fiscal.weekday
    assert (
        (abs(end - month_end).days <= 3) if fiscal.anchor == "nearest" else 0 <= (month_end - end).days <= 6
    )
    assert len(fiscal.week_starts(year)) in (52, 53)


@given(MONTH_YEARS | WEEK_YEARS, st.sampled_from(sorted(UNITS)), st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_periods_are_found_from_any_day_on(fiscal: FiscalCalendar, unit: str, since: date) -> None:
    found = list(islice(periods_from(fiscal, unit, since), 5))
    assert found[0] >= since
    assert all(earlier < later for earlier, later in pairwise(found))
    known = [
        start for year in range(since.year - 1, since.year + 3) for start in period_starts(fiscal, unit, year)
    ]
    assert found[0] == min(start for start in known if start >= since)


def test_a_plain_year_is_the_calendar_s() -> None:
    assert CALENDAR_YEAR.month_starts(2026)[3] == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (lambda: MonthYear(13), "no month 13"),
        (lambda: MonthYear(4, 31), "day 31"),
        (lambda: WeekYear("4-4-4"), "no pattern"),
        (lambda: WeekYear(anchor="first"), "no anchor"),
        (lambda: WeekYear(weekday=7), "no weekday"),
    ],
)
def test_years_that_do_not_exist_are_refused(wrong, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        wrong()
