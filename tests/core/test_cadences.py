"""Rules of business as sources of dates, and what becomes of them on the way to a due moment."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.cadences import read_source
from drumbeat.core.calendars import (
    WorkingCalendar,
    add_working_days,
    nth_working_day,
    working_days_between,
)
from drumbeat.core.duedays import Setting, out_of_blackout
from drumbeat.core.explaining import explain
from drumbeat.core.fiscal import CALENDAR_YEAR, FiscalCalendar, MonthYear, WeekYear
from drumbeat.core.planning import phase_of, wanted_moments
from drumbeat.core.playbook import Blackout, Pause, read_routine
from drumbeat.core.recurrence import RuleError
from tests.core.playbook.texts import GOOD
from tests.core.test_planning import BERLIN, GERMANY, UNITED_STATES
from tests.shared import CHECKOUT

RETAIL = WeekYear("4-5-4", "nearest", 5, 2)
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
CADENCE = GOOD[GOOD.index("cadence:") : GOOD.index("grace:")]


def moments(
    cadence: str, fiscal: FiscalCalendar = CALENDAR_YEAR, phase: int = 0, zone: ZoneInfo = BERLIN, **window
):
    """Due moments of 2026 in Germany of a routine with this cadence."""
    routine = read_routine(GOOD.replace(CADENCE, f"cadence: {cadence}\n")).routine
    since, until = window.get("since", date(2026, 1, 1)), window.get("until", date(2027, 1, 1))
    setting = Setting(zone, window.get("calendar", GERMANY), fiscal=fiscal)
    return wanted_moments(routine, setting, phase=phase, anchor=date(2026, 1, 1), since=since, until=until)


def due_days(cadence: str, *args, zone: ZoneInfo = BERLIN, **more) -> list[date]:
    return [moment.due_at.astimezone(zone).date() for moment in moments(cadence, *args, zone=zone, **more)]


@given(anchor=DAYS, since=DAYS, step=st.integers(1, 60))
def test_every_nth_working_day_counts_from_its_anchor_wherever_one_looks(
    anchor: date, since: date, step: int
) -> None:
    source = read_source(f"every {step}bd")
    found = list(islice(source.dates(anchor, since, GERMANY, CALENDAR_YEAR), 6))
    first = next(source.dates(anchor, anchor, GERMANY, CALENDAR_YEAR))
    assert found[0] >= max(first, since)
    assert all(GERMANY.is_working(day) for day in found)
    assert all(working_days_between(one, other, GERMANY) == step for one, other in pairwise(found))
    assert working_days_between(first, found[0], GERMANY) % step == 0


@pytest.mark.parametrize(
    ("rule", "words", "anchored"),
    [
        ("every 5bd", "every 5 working days", True),
        ("every 1bd", "every working day", True),
        ("fiscal:quarter", "on the first day of every fiscal quarter", False),
        ("FREQ=MONTHLY;BYMONTHDAY=1", "on the 1st of every month", False),
    ],
)
def test_rules_say_what_they_are(rule: str, words: str, anchored: bool) -> None:
    assert (read_source(rule).words(), read_source(rule).is_anchored) == (words, anchored)


@pytest.mark.parametrize(
    "rule", ["every 0bd", "every bd", "every 5d", "every 1000bd", "fiscal:", "fiscal:week", "each"]
)
def test_rules_that_mean_nothing_are_refused_with_a_mend(rule: str) -> None:
    with pytest.raises(RuleError) as refused:
        read_source(rule)
    assert refused.value.mend


@pytest.mark.parametrize("calendar", [GERMANY, UNITED_STATES], ids=["Germany", "United States"])
@pytest.mark.parametrize("n", [1, 2, 5, 10, -1, -2, -5])
def test_the_nth_working_day_of_a_month_is_a_rule_a_roll_and_an_offset(
    calendar: WorkingCalendar, n: int
) -> None:
    day, roll, shift = (1, "following", n - 1) if n > 0 else (-1, "preceding", n + 1)
    offset = f", offset: {shift:+d}bd" if shift else ""
    found = due_days(f"{{rule: FREQ=MONTHLY;BYMONTHDAY={day}, roll: {roll}{offset}}}", calendar=calendar)
    assert found == [nth_working_day(2026, month, n, calendar) for month in range(1, 13)]


def test_the_last_working_day_of_a_quarter_is_a_rule_and_a_roll() -> None:
    rule = "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1"
    found = due_days(f'{{rule: "{rule}", roll: preceding}}')
    assert found == [nth_working_day(2026, month, -1, GERMANY) for month in (3, 6, 9, 12)]


def test_fiscal_rules_follow_the_vendor_s_year() -> None:
    cadence = "{rule: 'fiscal:quarter', roll: none}"
    assert [f"{day:%m-%d}" for day in due_days(cadence)] == ["01-01", "04-01", "07-01", "10-01"]
    assert [f"{day:%m-%d}" for day in due_days(cadence, MonthYear(2))] == ["02-01", "05-01", "08-01", "11-01"]
    assert [f"{day:%m-%d}" for day in due_days(cadence, RETAIL)] == ["02-01", "05-03", "08-02", "11-01"]
    months = due_days("{rule: 'fiscal:month', roll: none}", RETAIL)
    assert {(later - earlier).days for earlier, later in pairwise(months)} == {28, 35}


def test_the_last_working_day_of_a_fiscal_period_is_the_one_before_the_next_begins() -> None:
    found = due_days("{rule: 'fiscal:quarter', offset: -1bd}", RETAIL)
    assert found == [date(2026, 1, 30), date(2026, 4, 30), date(2026, 7, 31), date(2026, 10, 30)]


def test_between_the_first_and_the_third_week_of_the_quarter_spread_over_partners() -> None:
    cadence = "{rule: 'fiscal:quarter', spread: 14bd}"
    phases = Counter(phase_of("pulse-call", f"partner-{n}", 14) for n in range(300))
    assert len(phases) == 15
    assert max(phases.values()) < 2.5 * 300 / 15
    for quarter, begin in enumerate(
        (date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1))
    ):
        first_day = add_working_days(begin - timedelta(days=1), 1, GERMANY)
        after_three_weeks = add_working_days(first_day, 15, GERMANY)
        days = {due_days(cadence, phase=phase)[quarter] for phase in phases}
        assert len(days) == 15
        assert min(days) == first_day
        assert max(days) < after_three_weeks


@pytest.mark.parametrize(
    ("then", "days"),
    [
        ("following", [date(2026, 11, 24), date(2026, 12, 30), date(2027, 1, 25)]),
        ("preceding", [date(2026, 11, 24), date(2026, 12, 18), date(2027, 1, 25)]),
        ("skip", [date(2026, 11, 24), date(2027, 1, 25)]),
    ],
)
def test_a_moment_inside_a_blackout_moves_out_or_is_left_out(then: str, days: list[date]) -> None:
    cadence = f"{{rule: FREQ=MONTHLY;BYMONTHDAY=24, blackout: {{days: ['12-21..12-29'], then: {then}}}}}"
    window = {"since": date(2026, 11, 1), "until": date(2027, 2, 1)}
    assert due_days(cadence, **window) == days
    steps = {
        due.astimezone(BERLIN).date() for moment in moments(cadence, **window) for due in moment.step_dues
    }
    assert not any(date(2026, 12, 21) <= day <= date(2026, 12, 29) for day in steps)


def test_a_blackout_is_told() -> None:
    cadence = "{rule: FREQ=MONTHLY;BYMONTHDAY=22, blackout: {days: ['12-21..12-26']}}"
    assert explain(moments(cadence)[-1].why) == (
        "the rule gives Tue 22 Dec 2026 → nothing falls due on that day, so moved to Mon 28 Dec 2026 "
        "→ 09:00 in Europe/Berlin"
    )


def test_a_gap_is_told() -> None:
    sunday = "{rule: FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=29, at: '02:30', roll: none}"
    moment = moments(sunday)[0]
    assert moment.due_at == datetime.fromisoformat("2026-03-29T01:30Z")
    assert explain(moment.why).endswith("02:30 in Europe/Berlin → the clock jumps over that time, so 03:30")


@given(day=DAYS, first=DAYS, length=st.integers(0, 60), then=st.sampled_from(["following", "preceding"]))
def test_out_of_a_blackout_is_the_nearest_working_day_outside(
    day: date, first: date, length: int, then: str
) -> None:
    blackout = Blackout((Pause(first, first + timedelta(days=length), yearly=False),), then)
    found = out_of_blackout(day, blackout, GERMANY)
    assert found
    assert not blackout.covers(found)
    if blackout.covers(day):
        assert GERMANY.is_working(found)
        step = timedelta(days=1 if then == "following" else -1)
        between = day + step
        while between != found:
            assert blackout.covers(between) or not GERMANY.is_working(between)
            between += step
    else:
        assert found == day


GUIDE = (CHECKOUT / "docs/guide/cadences.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("cadence", re.findall(r"^cadence: .*$", GUIDE, re.MULTILINE))
def test_every_example_of_the_guide_is_a_cadence(cadence: str) -> None:
    assert read_routine(GOOD.replace(CADENCE, f"{cadence}\n")).routine.cadence.rule
