"""Due moments against worked tables, a slow twin, and laws."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.calendars import WorkingCalendar, add_working_days, national_calendar, roll
from drumbeat.core.explaining import explain
from drumbeat.core.planning import Setting, is_anchored, phase_of, wanted_moments
from drumbeat.core.playbook import Routine, read_routine
from drumbeat.core.reconciling import reconcile
from drumbeat.library import routine_texts

YEARS = range(2024, 2030)
GERMANY = national_calendar("DE", None, YEARS)
UNITED_STATES = national_calendar("US", None, YEARS)
JAPAN = national_calendar("JP", None, YEARS)
BERLIN = ZoneInfo("Europe/Berlin")


def library(key: str) -> Routine:
    return read_routine(routine_texts()[key]).routine


def moments(
    routine: Routine, calendar: WorkingCalendar, zone: ZoneInfo = BERLIN, phase: int = 0, **window: date
):
    since, until = window.get("since", date(2026, 1, 1)), window.get("until", date(2027, 1, 1))
    setting = Setting(zone, calendar)
    return wanted_moments(routine, setting, phase=phase, anchor=since, since=since, until=until)


@pytest.mark.parametrize(
    ("calendar", "days"),
    [
        (GERMANY, ["01-08", "04-09", "05-08", "07-07"]),
        (UNITED_STATES, ["01-08", "04-07", "05-07", "07-08"]),
        (JAPAN, ["01-08", "04-07", "05-12", "07-07"]),
        (GERMANY.both_with(UNITED_STATES), ["01-08", "04-09", "05-08", "07-08"]),
    ],
    ids=["Germany", "United States", "Japan", "both"],
)
def test_the_monthly_report_falls_on_the_fifth_working_day(
    calendar: WorkingCalendar, days: list[str]
) -> None:
    due = {
        m.nominal_on.month: m.due_at.astimezone(BERLIN)
        for m in moments(library("monthly-partner-report"), calendar)
    }
    assert [f"{due[month]:%m-%d %H:%M}" for month in (1, 4, 5, 7)] == [f"{day} 15:00" for day in days]


def test_local_time_stays_over_a_change_of_offset() -> None:
    due = [m.due_at for m in moments(library("monthly-partner-report"), GERMANY)]
    assert {moment.hour for moment in due} == {13, 14}


def test_grace_runs_over_the_weekend_and_the_miss_comes_with_the_next_due_at_the_latest() -> None:
    first, second = moments(library("monthly-partner-report"), GERMANY)[1:3]
    assert first.due_at == datetime(2026, 2, 6, 14, tzinfo=UTC)
    assert first.deadline_at == datetime(2026, 2, 9, 14, tzinfo=UTC)
    assert first.deadline_at <= first.miss_at <= second.due_at


def test_an_occurrence_opens_on_the_morning_of_its_earliest_step() -> None:
    review = moments(library("quarter-review"), GERMANY)[1]
    earliest = min(review.step_dues).astimezone(BERLIN)
    assert review.opens_at.astimezone(BERLIN) == earliest.replace(hour=0, minute=0)
    assert earliest.date() == add_working_days(review.due_at.astimezone(BERLIN).date(), -20, GERMANY)


def test_a_paused_moment_is_not_wanted_and_a_step_leaves_the_pause_before_it_begins() -> None:
    text = routine_texts()["monthly-checkin"].replace(
        "  roll: following", '  pause: ["05-01..05-31", "07-08..07-10"]\n  roll: following', 1
    )
    paused = [m.nominal_on.month for m in moments(read_routine(text).routine, GERMANY)]
    everything = [m.nominal_on.month for m in moments(library("monthly-checkin"), GERMANY)]
    assert set(everything) - set(paused) == {5}
    assert all(
        not date(2026, 7, 8) <= due.astimezone(BERLIN).date() <= date(2026, 7, 10)
        for moment in moments(read_routine(text).routine, GERMANY)
        for due in moment.step_dues
    )


def test_a_rule_without_further_dates_wants_nothing() -> None:
    text = routine_texts()["pos-chase"].replace(
        "FREQ=MONTHLY;BYMONTHDAY=1", "FREQ=MONTHLY;BYMONTHDAY=1;UNTIL=20250601"
    )
    assert moments(read_routine(text).routine, GERMANY) == []


@pytest.mark.parametrize("key", sorted(key for key, text in routine_texts().items() if "\ncadence:" in text))
@pytest.mark.parametrize("phase", [0, 3])
def test_every_library_routine_agrees_with_a_slow_twin(key: str, phase: int) -> None:
    routine = library(key)
    found = [(m.nominal_on, m.due_at) for m in moments(routine, GERMANY, phase=phase)]
    assert found == slow_twin(routine, GERMANY, BERLIN, phase)
    assert found


def slow_twin(
    routine: Routine, calendar: WorkingCalendar, zone: ZoneInfo, phase: int
) -> list[tuple[date, datetime]]:
    """Day by day through the year, each asked whether the rule takes it; no expander, no shortcuts."""
    from dateutil.rrule import rrulestr

    nominal = rrulestr(f"DTSTART:20260101T000000\nRRULE:{routine.cadence.rule}")
    found = []
    for n in range(365):
        day = date(2026, 1, 1) + timedelta(days=n)
        if not list(nominal.between(midnight(day), midnight(day), inc=True)):
            continue
        due = roll(day, routine.cadence.roll, calendar)
        for _ in range(routine.cadence.offset + phase if due else 0):
            due = roll(due + timedelta(days=1), "following", calendar)
        if due and not any(pause.covers(due) for pause in routine.cadence.pause):
            found.append((day, datetime.combine(due, routine.cadence.at, zone).astimezone(UTC)))
    return found


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def test_phases_are_fixed_within_the_spread_and_even() -> None:
    phases = [phase_of("weekly-partner-call", f"partner-{n}", 4) for n in range(1000)]
    assert phases == [phase_of("weekly-partner-call", f"partner-{n}", 4) for n in range(1000)]
    assert set(phases) == {0, 1, 2, 3, 4}
    assert all(160 < phases.count(phase) < 240 for phase in range(5))


@pytest.mark.parametrize(
    ("rule", "anchored"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", False),
        ("FREQ=MONTHLY;BYMONTHDAY=1", False),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", True),
        ("FREQ=MONTHLY", True),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=5", True),
    ],
)
def test_rules_that_count_from_their_first_day_say_so(rule: str, anchored: bool) -> None:
    assert is_anchored(rule) is anchored


def test_a_trail_is_told_in_one_sentence() -> None:
    moment = moments(library("monthly-partner-report"), GERMANY)[1]
    assert explain(moment.why) == (
        "the rule gives Sun 1 Feb 2026 → not a working day, so the next one: Mon 2 Feb 2026 "
        "→ +4 working days: Fri 6 Feb 2026 → 15:00 in Europe/Berlin"
    )


PLANS = st.dictionaries(st.integers(0, 30), st.integers(0, 3), max_size=20)


@given(wanted=PLANS, arranged=PLANS, touched=st.frozensets(st.integers(0, 30), max_size=8))
def test_applying_the_difference_gives_what_is_wanted_and_doing_it_twice_nothing(
    wanted: dict[int, int], arranged: dict[int, int], touched: frozenset[int]
) -> None:
    changes = reconcile(wanted, arranged, touched=touched)
    after = {
        k: v for k, v in {**arranged, **changes.create, **changes.move}.items() if k not in changes.cancel
    }
    assert {k: v for k, v in after.items() if k not in touched} == {
        k: v for k, v in wanted.items() if k not in touched
    }
    assert {k: v for k, v in after.items() if k in touched} == {
        k: v for k, v in arranged.items() if k in touched
    }
    assert not reconcile(wanted, after, touched=touched)
