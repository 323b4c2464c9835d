"""Recurrence rules: refusals that help, bounds, windows, words, and a slow twin day by day."""

import time
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.recurrence import RuleError, describe, expand, is_subdaily, never_occurs, parse_rule
from drumbeat.core.recurrence.rule import DAY_CODES

BEGIN = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("text", "part", "position", "reason"),
    [
        ("", "nothing", 0, "is no rule part"),
        ("INTERVAL=2", "FREQ", 0, "is missing"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY", 13, "32 is out of range"),
        ("FREQ=MONTHLY;BYMONTHDAY=", "BYMONTHDAY=", 13, "is no rule part"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,,2", "BYMONTHDAY", 13, "nothing is out of range"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL", 11, "0 is no count"),
        ("FREQ=DAILY;COUNT=٣", "COUNT", 11, "٣ is no count"),
        ("FREQ=DAILY;", "nothing", 11, "is no rule part"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ", 11, "is given twice"),
        ("FREQ=DAILY;COUNT=1;UNTIL=20260101", "UNTIL", 19, "ends what COUNT ends already"),
        ("FREQ=DAILY;UNTIL=20260231", "UNTIL", 11, "20260231 is no date"),
        ("FREQ=YEARLY;BYDAY=54MO", "BYDAY", 12, "54MO has no such number"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS", 13, "chooses among nothing"),
        ("FREQ=MONTHLY;SKIP=FORWARD", "SKIP", 13, "needs a calendar"),
        ("FREQ=YEARLY;RSCALE=HEBREW", "RSCALE", 12, "the calendar HEBREW is not known here"),
        ("RRULE:FREQ=DAILY", "RRULE:FREQ", 0, "is no rule part"),
    ],
)
def test_refusals_name_part_place_and_reason(text: str, part: str, position: int, reason: str) -> None:
    with pytest.raises(RuleError) as refusal:
        parse_rule(text)
    error = refusal.value
    assert (error.part, error.position, error.reason) == (part, position, reason)
    assert error.mend.endswith(".")
    assert f"character {position + 1}" in str(error)


@given(st.text(max_size=60) | st.text(alphabet="FREQ=DAILYBYMONTH;,-+0123456789WKST", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert parse_rule(text).text == text
    except RuleError as refusal:
        assert refusal.mend


def test_small_letters_are_read() -> None:
    assert [*expand(parse_rule("freq=weekly;byday=tu;count=2"), BEGIN)] == [
        date(2026, 1, 6),
        date(2026, 1, 13),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=2",
        "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=DAILY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=HOURLY;INTERVAL=26;BYHOUR=10",
        "FREQ=SECONDLY;INTERVAL=2;BYSECOND=1",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
        "FREQ=DAILY;UNTIL=20251231",
    ],
)
def test_a_rule_that_never_occurs_ends_by_itself(text: str) -> None:
    began = time.process_time()
    assert never_occurs(parse_rule(text), datetime(2026, 1, 1, 9))
    assert time.process_time() - began < 1


def test_rare_rules_are_waited_for() -> None:
    leap_monday = parse_rule("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO")
    assert not never_occurs(leap_monday, BEGIN)
    assert [*expand(leap_monday, date(2044, 3, 1), count=1)] == [date(2072, 2, 29)]
    far = parse_rule("FREQ=YEARLY;INTERVAL=400")
    assert [*expand(far, date(2026, 5, 1), count=2)] == [date(2026, 5, 1), date(2426, 5, 1)]
    assert [*expand(far, date(2026, 1, 1), start=date(2100, 1, 1), count=1)] == [date(2426, 1, 1)]


@pytest.mark.parametrize("freq", ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "SECONDLY"])
def test_the_calendar_ends_quietly_with_the_year_9999(freq: str) -> None:
    last = datetime(9999, 12, 31, 23, 59, 59)
    assert [*expand(parse_rule(f"FREQ={freq}"), last)] == [last]
    assert [*expand(parse_rule(f"FREQ={freq};INTERVAL=999999999"), last)] == [last]
    first = datetime(1, 1, 1)
    assert [*expand(parse_rule(f"FREQ={freq};WKST=SU"), first, count=1)] == [first]


def test_a_far_window_costs_no_more_than_a_near_one() -> None:
    tuesdays = parse_rule("FREQ=WEEKLY;BYDAY=TU")
    began = time.process_time()
    for _ in range(100):
        days = [*expand(tuesdays, date(13, 1, 1), start=date(2026, 1, 1), until=date(2027, 1, 1))]
    assert len(days) == 52
    assert time.process_time() - began < 1


def test_count_counts_from_dtstart_whatever_the_window() -> None:
    rule = parse_rule("FREQ=DAILY;COUNT=5")
    assert [*expand(rule, BEGIN, start=date(2026, 1, 4))] == [date(2026, 1, 4), date(2026, 1, 5)]
    assert [*expand(rule, BEGIN, count=0)] == []


def test_until_in_utc_is_an_instant_of_the_zone() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    rule = parse_rule("FREQ=DAILY;UNTIL=20260703T070000Z")
    nine = datetime(2026, 7, 1, 9)
    assert len([*expand(rule, nine, zone=berlin)]) == 3
    assert len([*expand(rule, nine)]) == 2
    before_the_second_half = parse_rule("FREQ=HOURLY;UNTIL=20261025T003000Z")
    hours = [*expand(before_the_second_half, datetime(2026, 10, 25, 1, 30), zone=berlin)]
    assert hours == [datetime(2026, 10, 25, 1, 30), datetime(2026, 10, 25, 2, 30)]
    assert rule.until == datetime(2026, 7, 3, 7, tzinfo=UTC)


def test_dates_know_no_hours() -> None:
    assert [*expand(parse_rule("FREQ=DAILY;BYHOUR=9,10"), BEGIN, count=2)] == [BEGIN, date(2026, 1, 2)]
    with pytest.raises(RuleError, match="time of day"):
        expand(parse_rule("FREQ=HOURLY"), BEGIN)


def test_a_huge_set_is_not_built_to_choose_from() -> None:
    digits = ",".join(map(str, range(60)))
    hours = ",".join(map(str, range(24)))
    rule = parse_rule(
        f"FREQ=YEARLY;BYDAY=MO,TU;BYHOUR={hours};BYMINUTE={digits};BYSECOND={digits};BYSETPOS=-1"
    )
    assert next(expand(rule, datetime(2026, 1, 1))) == datetime(2026, 12, 29, 23, 59, 59)


@pytest.mark.parametrize(("freq", "expected"), [("DAILY", False), ("YEARLY", False), ("HOURLY", True)])
def test_rules_finer_than_the_day_are_known(freq: str, expected: bool) -> None:
    assert is_subdaily(parse_rule(f"FREQ={freq}")) is expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("FREQ=DAILY", "every day"),
        ("FREQ=DAILY;INTERVAL=3", "every third day"),
        ("FREQ=WEEKLY", "every week"),
        ("FREQ=WEEKLY;BYDAY=TU", "every Tuesday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "every second Monday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "on Monday and Thursday of every second week"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every Monday to Friday"),
        ("FREQ=DAILY;BYDAY=SA,SU", "every Saturday and Sunday"),
        ("FREQ=MONTHLY;BYMONTHDAY=1", "on the 1st of every month"),
        ("FREQ=MONTHLY;BYMONTHDAY=2,13,23", "on the 2nd, 13th and 23rd of every month"),
        ("FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=-1", "on the last day of every 6th month"),
        ("FREQ=MONTHLY;BYDAY=3TU", "on the third Tuesday of every month"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "on the last Friday of every month"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "on the last weekday of every month"),
        ("FREQ=YEARLY", "every year"),
        ("FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=1", "on 1 January, April, July and October"),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "on the fourth Thursday of November"),
        ("FREQ=YEARLY;INTERVAL=2;BYMONTH=6;BYMONTHDAY=30", "on 30 June of every second year"),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=10", "every Tuesday, 10 times"),
        ("FREQ=DAILY;UNTIL=20261224", "every day, until 24 December 2026"),
        ("FREQ=YEARLY;BYWEEKNO=20", "FREQ=YEARLY;BYWEEKNO=20"),
        ("FREQ=HOURLY", "FREQ=HOURLY"),
        ("FREQ=DAILY;BYHOUR=9", "FREQ=DAILY;BYHOUR=9"),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13"),
    ],
)
def test_rules_are_said_in_english(text: str, words: str) -> None:
    assert describe(parse_rule(text)) == words


def listed(values: st.SearchStrategy[Any], size: int = 4) -> st.SearchStrategy[str]:
    return st.lists(values, min_size=1, max_size=size, unique=True).map(lambda v: ",".join(map(str, v)))


month_days = listed(st.integers(1, 31) | st.integers(-31, -1))
plain_days = listed(st.sampled_from(DAY_CODES))
any_days = listed(st.builds(lambda n, day: f"{n or ''}{day}", st.integers(-5, 5), st.sampled_from(DAY_CODES)))
months = listed(st.integers(1, 12))


@st.composite
def rule_texts(draw: st.DrawFn) -> str:
    freq = draw(st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY"]))
    optional = {
        "BYMONTH": months,
        "BYMONTHDAY": month_days if freq != "WEEKLY" else None,
        "BYDAY": any_days if freq in ("YEARLY", "MONTHLY") else plain_days,
        "BYYEARDAY": listed(st.integers(1, 366) | st.integers(-366, -1), 20) if freq == "YEARLY" else None,
        "WKST": st.sampled_from(DAY_CODES),
    }
    parts = [f"FREQ={freq}", f"INTERVAL={draw(st.integers(1, 5))}"]
    parts += [
        f"{name}={draw(values)}"
        for name, values in optional.items()
        if values is not None and draw(st.booleans())
    ]
    return ";".join(parts)


dates = st.dates(date(2000, 1, 1), date(2030, 12, 31))


@given(rule_texts(), dates)
def test_the_twin_that_asks_every_day_agrees(text: str, dtstart: date) -> None:
    rule = parse_rule(text)
    wanted = (dtstart + timedelta(days=i) for i in range(3000))
    slow = [day for day in wanted if is_asked_for(rule, dtstart, day)]
    assert [*expand(rule, dtstart, until=dtstart + timedelta(days=3000))] == slow


def is_asked_for(rule: Any, dtstart: date, day: date) -> bool:
    """The table of RFC 5545 read as a question about one day."""
    month_days, year_days = monthrange(day.year, day.month)[1], date(day.year, 12, 31).timetuple().tm_yday
    year_day = day.timetuple().tm_yday
    free = not (rule.by_month_day or rule.by_day or rule.by_year_day)
    by_month = rule.by_month or ((dtstart.month,) if free and rule.freq.name == "YEARLY" else ())
    has_day = free and rule.freq.name in ("YEARLY", "MONTHLY")
    by_month_day = rule.by_month_day or ((dtstart.day,) if has_day else ())
    by_day = rule.by_day or (((0, dtstart.weekday()),) if rule.freq.name == "WEEKLY" else ())
    in_month = rule.freq.name == "MONTHLY" or bool(rule.by_month)
    number, size = (day.day, month_days) if in_month else (year_day, year_days)
    return (
        periods_since(rule, dtstart, day) % rule.interval == 0
        and (not by_month or day.month in by_month)
        and (not by_month_day or day.day in by_month_day or day.day - month_days - 1 in by_month_day)
        and (not rule.by_year_day or {year_day, year_day - year_days - 1} & {*rule.by_year_day} != set())
        and (not by_day or any(is_weekday(day, n, wanted, number, size) for n, wanted in by_day))
    )


def periods_since(rule: Any, dtstart: date, day: date) -> int:
    week = [each - timedelta(days=(each.weekday() - rule.week_start) % 7) for each in (dtstart, day)]
    return {
        "YEARLY": day.year - dtstart.year,
        "MONTHLY": (day.year - dtstart.year) * 12 + day.month - dtstart.month,
        "WEEKLY": (week[1] - week[0]).days // 7,
        "DAILY": (day - dtstart).days,
    }[rule.freq.name]


def is_weekday(day: date, n: int, wanted: int, number: int, size: int) -> bool:
    return day.weekday() == wanted and n in (0, (number - 1) // 7 + 1, -((size - number) // 7 + 1))


@given(rule_texts(), dates, st.integers(0, 4000), st.integers(0, 1500))
def test_a_window_is_the_same_as_filtering(text: str, dtstart: date, skip: int, width: int) -> None:
    start = dtstart + timedelta(days=skip)
    until = start + timedelta(days=width)
    rule = parse_rule(text)
    everything = [*expand(rule, dtstart, until=until)]
    assert everything == sorted(set(everything))
    assert [*expand(rule, dtstart, start=start, until=until)] == [day for day in everything if day >= start]


@given(rule_texts(), dates, st.integers(1, 30))
def test_count_in_the_rule_is_count_of_the_caller(text: str, dtstart: date, count: int) -> None:
    counted = [*expand(parse_rule(f"{text};COUNT={count}"), dtstart)]
    assert counted == [*islice(expand(parse_rule(text), dtstart), count)]


@given(st.sampled_from(["BACKWARD", "FORWARD"]), month_days, dates)
def test_skipped_days_come_in_order_without_doubles(skip: str, numbers: str, dtstart: date) -> None:
    rule = parse_rule(f"RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY={numbers};SKIP={skip}")
    found = [*expand(rule, dtstart, count=60)]
    assert found == sorted(set(found))
    assert len(found) == 60
    start = dtstart + timedelta(days=400)
    assert [*expand(rule, dtstart, start=start, count=5)] == [day for day in found if day >= start][:5]
