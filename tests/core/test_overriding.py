"""Agreed differences against a worked table, and laws: outside their days nothing changes, identities stay."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.calendars import national_calendar
from drumbeat.core.explaining import explain
from drumbeat.core.overriding import Override
from drumbeat.core.planning import Setting, Wanted, moved_moment, wanted_moments
from drumbeat.core.playbook import Routine, read_routine

BERLIN = ZoneInfo("Europe/Berlin")
GERMANY = national_calendar("DE", None, range(2025, 2028))
SETTING = Setting(BERLIN, GERMANY)
SINCE, UNTIL = date(2026, 3, 1), date(2026, 7, 1)
MONDAYS = """
routine: monday-word
title: Monday word
purpose: Both sides talk.
subject: partner
promise: {by: vendor, to: partner, text: We call every Monday., kept_by: call}
owner: channel_manager
goals: [trust]
audience: "true"
calendar: partner
cadence: {rule: FREQ=WEEKLY;BYDAY=MO, at: "10:00", zone: partner, roll: following, spread: 3bd}
grace: 1bd
steps:
  - {step: prepare, kind: task, title: Prepare, minutes: 5, due: -1bd}
  - {step: call, kind: task, title: Call, minutes: 20, due: 0}
"""
ROUTINE: Routine = read_routine(MONDAYS).routine


def moments(*overrides: Override, phase: int = 0) -> list[Wanted]:
    return wanted_moments(
        ROUTINE, SETTING, phase=phase, anchor=SINCE, since=SINCE, until=UNTIL, overrides=overrides
    )


def due_days(*overrides: Override, phase: int = 0) -> dict[date, datetime]:
    return {m.nominal_on: m.due_at.astimezone(BERLIN) for m in moments(*overrides, phase=phase)}


MARCH = (date(2026, 3, 3), date(2026, 6, 1))


@pytest.mark.parametrize(
    ("override", "rule_day", "due"),
    [
        (Override(*MARCH, weekday=1), date(2026, 3, 2), datetime(2026, 3, 2, 10)),  # before it begins
        (Override(*MARCH, weekday=1), date(2026, 3, 9), datetime(2026, 3, 10, 10)),
        (
            Override(*MARCH, weekday=4),
            date(2026, 3, 30),
            datetime(2026, 4, 7, 10),
        ),  # Good Friday, Easter Monday
        (Override(*MARCH, weekday=1), date(2026, 6, 1), datetime(2026, 6, 1, 10)),  # over
        (Override(*MARCH, at=time(14, 30)), date(2026, 3, 9), datetime(2026, 3, 9, 14, 30)),
        (Override(*MARCH, phase=2), date(2026, 3, 9), datetime(2026, 3, 11, 10)),
        (Override(*MARCH, weekday=3, at=time(8)), date(2026, 3, 9), datetime(2026, 3, 12, 8)),
        (Override(date(2026, 3, 3), None, weekday=1), date(2026, 6, 22), datetime(2026, 6, 23, 10)),
    ],
)
def test_a_due_day_is_where_it_was_agreed(override: Override, rule_day: date, due: datetime) -> None:
    assert due_days(override)[rule_day].replace(tzinfo=None) == due


def test_why_says_what_stands_instead_of_what_since_when_and_until_when() -> None:
    found = {m.nominal_on: explain(m.why) for m in moments(Override(*MARCH, weekday=1, at=time(14)))}
    assert found[date(2026, 3, 9)] == (
        "the rule gives Mon 9 Mar 2026 → Tuesday instead of Monday, 14:00 instead of 10:00, "
        "agreed 3 Mar 2026 until 1 Jun 2026: Tue 10 Mar 2026 → 14:00 in Europe/Berlin"
    )
    assert "agreed" not in found[date(2026, 6, 8)]
    forever = moments(Override(date(2026, 3, 3), None, phase=2))[3]
    assert "shifted by +2 working days instead of 0 working days" in explain(forever.why)
    assert "until told otherwise" in explain(forever.why)
    assert len(forever.why) < 300


def test_a_pause_is_tested_on_the_final_due_day_and_steps_leave_it() -> None:
    rest = Override(date(2026, 4, 7), date(2026, 4, 14), is_rest=True)
    plain, rested = due_days(), due_days(rest)
    assert set(plain) - set(rested) == {date(2026, 4, 6), date(2026, 4, 13)}  # Easter Monday rolls into it
    after = next(m for m in moments(rest) if m.nominal_on == date(2026, 4, 20))
    assert after.step_dues[0].astimezone(BERLIN).date() == date(2026, 4, 17)
    weekend = Override(date(2026, 4, 17), date(2026, 4, 20), is_rest=True)
    after = next(m for m in moments(weekend) if m.nominal_on == date(2026, 4, 20))
    assert after.step_dues[0].astimezone(BERLIN).date() == date(2026, 4, 16)


days = st.dates(min_value=date(2026, 2, 1), max_value=date(2026, 8, 1))
changes = st.fixed_dictionaries(
    {},
    optional={
        "weekday": st.integers(0, 6),
        "at": st.times().map(lambda at: at.replace(second=0, microsecond=0)),
        "phase": st.integers(0, 3),
        "is_rest": st.booleans(),
    },
)


@st.composite
def overrides(draw: st.DrawFn) -> Override:
    since = draw(days)
    length = draw(st.none() | st.integers(1, 90))
    return Override(since, since + timedelta(days=length) if length else None, **draw(changes))


@given(st.lists(overrides(), max_size=3), st.integers(0, 3))
def test_what_falls_outside_all_agreed_days_falls_as_ever(agreed: list[Override], phase: int) -> None:
    plain, found = due_days(phase=phase), due_days(*agreed, phase=phase)
    assert set(found) <= set(plain)
    for nominal, due in plain.items():
        if not any(one.covers(due.date()) for one in agreed):
            assert found[nominal] == due


@given(st.lists(overrides(), max_size=3))
def test_what_is_due_is_due_on_a_working_day_and_never_in_a_rest(agreed: list[Override]) -> None:
    for due in due_days(*agreed).values():
        assert GERMANY.is_working(due.date())
        assert not any(one.is_rest and one.covers(due.date()) for one in agreed)


@given(days.filter(GERMANY.is_working), st.times())
def test_a_moved_moment_is_due_where_it_was_put_with_its_steps_and_grace(on: date, at: time) -> None:
    due_at = datetime.combine(on, at.replace(second=0, microsecond=0), tzinfo=BERLIN)
    moment = moved_moment(ROUTINE, SETTING, date(2026, 4, 20), due_at, next_due_at=None, why="")
    assert moment.due_at == due_at and moment.nominal_on == date(2026, 4, 20)
    assert moment.opens_at <= min(moment.step_dues) <= due_at < moment.deadline_at <= moment.miss_at
