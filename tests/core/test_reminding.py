"""Reminders: on working days, in reading hours, under the caps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.calendars import national_calendar
from drumbeat.core.playbook import Routine, read_routine
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
from drumbeat.core.worktime import WorkingHours, working_time_between

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
    assert [(str(rule.after), rule.to) for rule in rules_for("partner")] == [
        ("-2bd", "partner"),
        ("1bd", "partner"),
        ("2bd", "manager"),
    ]
    assert {rule.to for rule in rules_for("both")} == {"owner", "director"}


CLOCK = """
routine: deal-word
title: Deal word
purpose: An answer comes.
subject: deal
promise: {by: vendor, to: partner, text: We answer., kept_by: word}
owner: channel_manager
goals: [trust]
audience: "true"
trigger: {event: deal.submitted}
due: %s
calendar: vendor
steps:
  - {step: word, kind: task, title: Decide, minutes: 8, due: 0%s}
  - {step: tell, kind: task, title: Tell, minutes: 8, remind: [{at: -1bd, to: director}], due: 0}
"""


def text(due: str = "opened+16bh", remind: str = "") -> Routine:
    return read_routine(CLOCK % (due, remind)).routine


def test_a_response_within_hours_reminds_by_the_share_of_its_clock() -> None:
    """16 business hours from Monday 11:00 end on Wednesday 11:00; 50, 75 and 90 % are used 8, 4 and 1.6 hours before."""
    start, due = at(6, 8, 11), at(6, 10, 11)
    rules = [rule for rule in rules_for("vendor", text()) if not rule.step]
    told = [(rule.to, moment_of(rule, due, due, HOURS, timedelta(hours=16))) for rule in rules]
    assert told == [
        ("owner", at(6, 9, 11)),
        ("owner", at(6, 9, 15)),
        ("director", at(6, 10, 9, 24)),
        ("director", due),
    ]
    assert working_time_between(start, due, HOURS) == timedelta(hours=16)
    assert [rule.key for rule in rules_for("vendor", text("opened+5bd")) if not rule.step] == ["before", "at-due", "escalated"]  # fmt: skip


def test_what_a_text_says_of_the_step_that_keeps_takes_the_place_of_what_comes_before_due() -> None:
    rules = rules_for("vendor", text(remind=", remind: [-4bh channel_manager, {at: -2bh, to: director}]"))
    assert [(rule.key, rule.to, rule.step) for rule in rules] == [
        ("breached", "director", ""),
        ("text:0:0", "channel_manager", "word"),
        ("text:0:1", "director", "word"),
        ("text:1:0", "director", "tell"),
    ]
    due = at(6, 10, 11)
    assert [moment_of(rule, due, due, HOURS) for rule in rules] == [due, at(6, 9, 15), at(6, 10, 9), at(6, 9, 11)]  # fmt: skip


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
