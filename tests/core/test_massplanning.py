"""Planning by arrays against planning one by one: the same law, over every kind of rule, calendar and zone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.core.arrays import LocalClock, WorkingDays, date_of, day_number
from drumbeat.core.calendars import (
    ROLL_CONVENTIONS,
    CalendarError,
    WorkingCalendar,
    add_working_days,
    national_calendar,
    roll,
)
from drumbeat.core.fiscal import CALENDAR_YEAR, MonthYear, WeekYear
from drumbeat.core.massplanning import broadcast, dues_of
from drumbeat.core.planning import Setting, wanted_moments
from drumbeat.core.playbook import Blackout, Cadence, Pause, Routine, read_routine
from drumbeat.core.worktime import localize
from drumbeat.library import routine_texts

YEARS = range(2020, 2032)
NATIONS = {code: national_calendar(code, None, YEARS) for code in ("DE", "US", "JP", "CN", "SA", "IL")}
CALENDARS = [
    *NATIONS.values(),
    NATIONS["DE"].both_with(NATIONS["US"]),
    NATIONS["SA"].both_with(NATIONS["CN"]),
]
# Changes by an hour, by half of one, around midnight, and a day that never was.
ZONES = (
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Africa/Cairo",
    "America/Santiago", "Asia/Tokyo", "Pacific/Chatham", "Asia/Beirut",
)  # fmt: skip
RULES = (
    "FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU",
    "FREQ=WEEKLY", "FREQ=MONTHLY;BYMONTHDAY=1", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;BYDAY=3TU",
    "FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=1", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=WEEKLY;BYDAY=SA;COUNT=9", "FREQ=DAILY;UNTIL=20260315", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    "every 1bd", "every 5bd", "every 13bd", "fiscal:month", "fiscal:quarter", "fiscal:year",
)  # fmt: skip
FISCAL = (CALENDAR_YEAR, MonthYear(4), WeekYear("4-4-5", "nearest", 5, 2), WeekYear("5-4-4", "last", 6, 10))
BEGIN, END = date(2025, 1, 1), date(2027, 6, 1)
DAYS = st.dates(BEGIN, END)
LEAP_DAYS = st.dates(date(2000, 1, 1), date(2000, 12, 31))
PLAIN: Routine = read_routine(routine_texts()["monthly-partner-report"]).routine


@st.composite
def pauses(draw: st.DrawFn) -> Pause:
    if draw(st.booleans()):
        first = draw(LEAP_DAYS)
        last = date(2000, 1, 1) + (
            first - date(2000, 1, 1) + timedelta(draw(st.integers(0, 90)))
        ) % timedelta(366)
        return Pause(first, last, True)
    first = draw(DAYS)
    return Pause(first, first + timedelta(draw(st.integers(0, 60))), False)


@st.composite
def cadences(draw: st.DrawFn) -> Cadence:
    stretches = st.lists(pauses(), max_size=2).map(tuple)
    return Cadence(
        rule=draw(st.sampled_from(RULES)),
        at=draw(st.sampled_from([time(0), time(2, 30), time(9), time(15, 45), time(23, 59)])),
        zone="partner",
        roll=draw(st.sampled_from(ROLL_CONVENTIONS)),
        offset=draw(st.integers(-25, 25)),
        spread=10,
        starts_on=draw(st.none() | DAYS),
        ends_on=draw(st.none() | DAYS),
        pause=draw(stretches),
        blackout=Blackout(draw(stretches), draw(st.sampled_from(["following", "preceding", "skip"]))),
    )


@settings(max_examples=120, deadline=None)
@given(
    cadences(),
    st.sampled_from(CALENDARS),
    st.sampled_from(ZONES),
    st.sampled_from(FISCAL),
    DAYS,
    DAYS,
    st.integers(0, 400),
)
def test_arrays_want_what_planning_wants_for_each_phase(
    cadence: Cadence, calendar: WorkingCalendar, zone: str, fiscal, anchor: date, since: date, length: int
) -> None:
    setting = Setting(ZoneInfo(zone), calendar, fiscal=fiscal)
    window = {"anchor": anchor, "since": since, "until": since + timedelta(length)}
    dues = dues_of(cadence, setting, phases=(0, 3, 10), **window)
    for place, phase in enumerate((0, 3, 10)):
        wanted = wanted_moments(replace(PLAIN, cadence=cadence), setting, phase=phase, **window)
        assert [int(moment.due_at.timestamp()) for moment in wanted] == dues.of(place).tolist()
        kept = dues.nominal[dues.kept[place]]
        assert [moment.nominal_on for moment in wanted] == [date_of(day) for day in kept]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(CALENDARS), DAYS, st.integers(-60, 60), st.sampled_from(ROLL_CONVENTIONS))
def test_tables_of_working_days_answer_like_the_calendar(
    calendar: WorkingCalendar, day: date, n: int, convention: str
) -> None:
    table, days = (
        WorkingDays(calendar, day_number(day) - 200, day_number(day) + 200),
        np.array([day_number(day)]),
    )
    assert date_of(table.add(days, n)[0]) == add_working_days(day, n, calendar)
    rolled, kept = table.roll(days, convention)
    assert (date_of(rolled[0]) if kept[0] else None) == roll(day, convention, calendar)


@pytest.mark.parametrize("zone", [*ZONES, "Pacific/Apia"])
def test_a_clock_of_arrays_goes_like_the_zone_through_gaps_and_folds(zone: str) -> None:
    first, known = (date(2011, 6, 1), 500) if zone == "Pacific/Apia" else (BEGIN, 900)
    clock = LocalClock(ZoneInfo(zone), day_number(first), day_number(first) + known)
    days = np.arange(day_number(first), day_number(first) + known)
    for at in (time(0), time(0, 30), time(1, 59, 59), time(2), time(2, 30), time(3), time(23, 30)):
        instants = clock.instants(days, at.hour * 3600 + at.minute * 60 + at.second)
        slow = [localize(date_of(day), at, ZoneInfo(zone)) for day in days]
        assert instants.tolist() == [int(moment.timestamp()) for moment in slow]
        shown = [moment.astimezone(ZoneInfo(zone)) for moment in slow]
        on, second = clock.local(instants)
        assert on.tolist() == [day_number(moment.date()) for moment in shown]
        assert second.tolist() == [_second(moment) for moment in shown]


def _second(moment: datetime) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def test_a_calendar_without_working_days_is_refused_with_words() -> None:
    idle = WorkingCalendar("never", frozenset(range(7)))
    setting = Setting(ZoneInfo("UTC"), idle)
    window = {"anchor": BEGIN, "since": BEGIN, "until": END}
    with pytest.raises(CalendarError, match="never"):
        dues_of(PLAIN.cadence, setting, phases=(0,), **window)


@given(st.lists(st.lists(st.integers(0, 10**9), max_size=5), min_size=1, max_size=6), st.data())
def test_broadcasting_gives_each_id_the_moments_of_its_row(
    rows: list[list[int]], data: st.DataObject
) -> None:
    row_of = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=20))
    found = broadcast(
        [np.array(sorted(row), np.int64) for row in rows],
        np.array(row_of, np.intp),
        np.arange(len(row_of), dtype=np.int32),
    )
    pairs = zip(found.ids.tolist(), found.due_at.view(np.int64).tolist(), strict=True)
    assert sorted(pairs) == sorted((n, moment) for n, row in enumerate(row_of) for moment in rows[row])


WINDOWS = st.tuples(DAYS, st.integers(0, 200), st.integers(0, 200))


def pairs_of(
    cadence: Cadence, setting: Setting, anchor: date, since: date, until: date, phase: int = 2
) -> list:
    dues = dues_of(cadence, setting, phases=(phase,), anchor=anchor, since=since, until=until)
    kept = dues.kept[0]
    return list(zip(dues.nominal[kept].tolist(), dues.due_at[0][kept].tolist(), strict=True))


@settings(max_examples=80, deadline=None)
@given(cadences(), st.sampled_from(CALENDARS), DAYS, WINDOWS)
def test_windows_compose_and_dues_come_in_order(
    cadence: Cadence, calendar: WorkingCalendar, anchor: date, window: tuple[date, int, int]
) -> None:
    setting, since = Setting(ZoneInfo("Europe/Berlin"), calendar), window[0]
    middle = since + timedelta(window[1])
    end = middle + timedelta(window[2])
    whole = pairs_of(cadence, setting, anchor, since, end)
    parts = pairs_of(cadence, setting, anchor, since, middle) + pairs_of(
        cadence, setting, anchor, middle, end
    )
    assert whole == parts
    moments = [moment for _, moment in whole]
    assert moments == sorted(moments)


@settings(max_examples=80, deadline=None)
@given(cadences(), st.sampled_from(CALENDARS), DAYS, st.integers(0, 10))
def test_nothing_falls_into_pauses_rolls_find_working_days_and_phases_stay_in_the_spread(
    cadence: Cadence, calendar: WorkingCalendar, since: date, phase: int
) -> None:
    window = {"anchor": since, "since": since, "until": since + timedelta(300)}
    dues = dues_of(cadence, Setting(ZoneInfo("UTC"), calendar), phases=(0, phase), **window)
    for place in (0, 1):
        for day in dues.due_on[place][dues.kept[place]]:
            on = date_of(day)
            assert not cadence.rests_on(on)
            if cadence.roll != "none":
                assert calendar.is_working(on)
    if not cadence.blackout.days and cadence.roll != "none":
        for plain, shifted in zip(dues.due_on[0], dues.due_on[1], strict=True):
            assert date_of(shifted) == add_working_days(date_of(plain), phase, calendar)
