"""The moment that an event opens: worked examples, laws, and the sentence that explains it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.core.calendars import WorkingCalendar
from drumbeat.core.explaining import explain
from drumbeat.core.planning import DateMissing, Opening, Setting, triggered_moment
from drumbeat.core.playbook import read_routine

BERLIN = Setting(ZoneInfo("Europe/Berlin"), WorkingCalendar("Berlin", frozenset({5, 6})))
FRIDAY = datetime(2026, 6, 12, 13, 30, tzinfo=UTC)  # 15:30 in Berlin
SATURDAY = datetime(2026, 6, 13, 20, tzinfo=UTC)
PROTECTED = {"deal.protected_until": date(2026, 9, 12)}  # a Saturday

TEXT = """
routine: deal-watch
title: Watch
purpose: Seen in time.
subject: deal
promise: {{by: vendor, to: partner, text: We warn., kept_by: warn}}
owner: channel_manager
goals: [trust]
audience: partner.status == "active"
trigger: {{event: deal.approved}}
due: {due}
grace: 1bd
steps:
  - {{step: early, kind: mail, title: Soon, to: [submitter], template: minutes, due: "{early}"}}
  - {{step: warn, kind: task, title: Warn, due: 0}}
"""


def moment(due, early="opened", at=FRIDAY, dates=PROTECTED):
    routine = read_routine(TEXT.format(due=due, early=early)).routine
    return triggered_moment(routine, BERLIN, Opening("deal.approved", at, dates))


@pytest.mark.parametrize(
    ("due", "at", "expected", "why"),
    [
        ("opened+16bh", FRIDAY, "2026-06-16T15:30", "+16 business hours: Tue 16 Jun 2026 → 15:30 in Europe/Berlin"),
        ("opened+16bh", SATURDAY, "2026-06-16T17:00", "+16 business hours: Tue 16 Jun 2026 → 17:00 in Europe/Berlin"),
        ("opened+1bd", SATURDAY, "2026-06-16T09:00", "+1 working day: Tue 16 Jun 2026 → 09:00 in Europe/Berlin"),
        ("opened+90d", FRIDAY, "2026-09-10T15:30", "+90 days: Thu 10 Sep 2026 → 15:30 in Europe/Berlin"),
        ("opened+1d", FRIDAY, "2026-06-15T15:30", "+1 day: Sat 13 Jun 2026 → not a working day, so the next one: Mon 15 Jun 2026 → 15:30 in Europe/Berlin"),
        ("opened+20min", SATURDAY, "2026-06-13T22:20", "+20 minutes: Sat 13 Jun 2026 → 22:20 in Europe/Berlin"),
        ("opened", FRIDAY, "2026-06-12T15:30", "at once: Fri 12 Jun 2026 → 15:30 in Europe/Berlin"),
        ("opened+2bd@12:00", FRIDAY, "2026-06-16T12:00", "+2 working days: Tue 16 Jun 2026 → 12:00 in Europe/Berlin"),
        ("deal.protected_until", FRIDAY, "2026-09-12T09:00", "its protected until: Sat 12 Sep 2026 → 09:00 in Europe/Berlin"),
        ("deal.protected_until-10bd", FRIDAY, "2026-08-31T09:00", "its protected until −10 working days: Mon 31 Aug 2026 → 09:00 in Europe/Berlin"),
    ],
)  # fmt: skip
def test_a_due_counts_from_the_event_or_from_a_day_that_it_told(due, at, expected, why):
    wanted = moment(due, at=at)
    assert f"{wanted.due_at.astimezone(BERLIN.zone):%Y-%m-%dT%H:%M}" == expected
    day, clock = ("Fri 12 Jun 2026", "13:30") if at is FRIDAY else ("Sat 13 Jun 2026", "20:00")
    assert explain(wanted.why) == f"deal.approved on {day}, {clock} UTC → {why}"


def test_it_opens_with_the_event_whatever_its_steps_say():
    wanted = moment("deal.protected_until", early="deal.protected_until -120d")
    assert wanted.opens_at == FRIDAY
    assert wanted.step_dues[0] < FRIDAY  # due at once
    assert wanted.nominal_on == date(2026, 6, 12)


@pytest.mark.parametrize(
    ("due", "early"), [("deal.protected_until", "opened"), ("opened+5bd", "deal.protected_until")]
)
def test_a_day_that_nobody_told_is_named(due, early):
    with pytest.raises(DateMissing) as caught:
        moment(due, early, dates={})
    assert caught.value.name == "deal.protected_until"


MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@settings(deadline=None, max_examples=60)
@given(MOMENTS, MOMENTS, st.sampled_from(["16bh", "5bd", "30bd", "3d", "2w"]))
def test_a_later_event_is_never_due_earlier_and_none_before_it_happened(one, other, length):
    first, second = sorted((one, other))
    earlier, later = (moment(f"opened+{length}", at=at) for at in (first, second))
    # A day of 23 or 25 hours may turn two moments inside it around, by that hour.
    assert earlier.due_at <= later.due_at + timedelta(hours=1)
    assert first < earlier.due_at <= earlier.deadline_at <= earlier.miss_at
