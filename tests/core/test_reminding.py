"""Reminders: on working days, in reading hours, under the caps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.calendars import national_calendar
from drumbeat.core.reminding import (
    CONTACT_CAPS,
    RULES,
    SINGLES_A_DAY,
    Rule,
    digest_moment,
    may_write_to_contact,
    moment_of,
    reading_hours,
    rules_for,
    share_out,
)
from drumbeat.core.worktime import WorkingHours

BERLIN = ZoneInfo("Europe/Berlin")
HOURS = WorkingHours(national_calendar("DE", None, range(2025, 2028)), BERLIN)
OWNER_BEFORE, OWNER_AT_DUE, DIRECTOR = rules_for("vendor")


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("rule", "due", "deadline", "expected"),
    [
        (OWNER_BEFORE, at(6, 10, 15), at(6, 11, 15), at(6, 9, 15)),
        (OWNER_BEFORE, at(6, 15, 15), at(6, 16, 15), at(6, 12, 15)),  # over the weekend
        (OWNER_BEFORE, at(5, 15, 10), at(5, 18, 10), at(5, 13, 10)),  # over Ascension Day
        (OWNER_AT_DUE, at(6, 10, 15), at(6, 11, 15), at(6, 10, 15)),
        (OWNER_AT_DUE, at(6, 10, 22), at(6, 11, 22), at(6, 11, 8)),  # not at night
        (OWNER_AT_DUE, at(6, 12, 19), at(6, 15, 19), at(6, 15, 8)),  # nor at the weekend
        (DIRECTOR, at(6, 10, 15), at(6, 11, 15), at(6, 15, 15)),
    ],
)
def test_a_rule_speaks_on_working_days_in_reading_hours(
    rule: Rule, due: datetime, deadline: datetime, expected: datetime
) -> None:
    assert moment_of(rule, due, deadline, HOURS) == expected


def test_what_the_partner_owes_reminds_the_partner_and_then_tells_the_manager() -> None:
    assert [(rule.days, rule.to) for rule in rules_for("partner")] == [
        (-2, "partner"),
        (1, "partner"),
        (2, "manager"),
    ]
    assert {rule.to for rule in rules_for("both")} == {"owner", "director"}


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 20)).map(
    lambda naive: naive.replace(tzinfo=UTC)
)


@given(moments, st.sampled_from(RULES))
def test_nobody_is_told_at_night_or_on_a_day_off(due: datetime, rule: Rule) -> None:
    moment = moment_of(rule, due, due + timedelta(days=1), HOURS)
    local = moment.astimezone(BERLIN)
    hours = reading_hours(HOURS)
    assert HOURS.calendar.is_working(local.date())
    assert hours.start <= local.time() < hours.end


def test_no_digest_on_a_holiday() -> None:
    assert digest_moment(date(2026, 5, 1), HOURS) is None
    assert digest_moment(date(2026, 5, 4), HOURS) == at(5, 4, 8, 30)


@dataclass(frozen=True)
class Line:
    deadline_at: datetime


@given(st.lists(moments.map(Line)), st.integers(0, 5))
def test_the_oldest_go_singly_up_to_the_cap_and_nothing_is_lost(lines: list[Line], sent: int) -> None:
    singly, digest = share_out(lines, sent)
    assert len(singly) + sent <= max(SINGLES_A_DAY, sent)
    assert sorted(singly + digest, key=id) == sorted(lines, key=id)
    if singly and digest:
        assert max(line.deadline_at for line in singly) <= min(line.deadline_at for line in digest)


@given(st.lists(moments, max_size=60))
def test_a_contact_never_gets_more_than_the_caps(wanted: list[datetime]) -> None:
    written: list[datetime] = []
    for moment in sorted(wanted):
        if may_write_to_contact(written, moment):
            written.append(moment)
    for span, most in CONTACT_CAPS:
        assert all(sum(one - span < other <= one for other in written) <= most for one in written)
