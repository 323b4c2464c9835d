"""A promise that the machine would keep late each time is warned of where its text is read, and only then."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from drumbeat.core.calendars import national_calendar
from drumbeat.core.planning import Setting, wanted_moments
from drumbeat.core.playbook import Problem, Routine, read_routine

TEXT = """\
routine: figures-sent
title: Figures sent
purpose: They know where they stand.
subject: partner
promise: {{by: vendor, to: partner, text: You have your figures on Wednesday., kept_by: send}}
owner: channel_manager
goals: [trust]
audience: partner.status == "active"
{opens}
grace: {grace}
steps:
  - {{step: look, kind: task, title: Look at them, minutes: 5, due: {look}}}
  - {{step: send, kind: {kind}, title: The figures, {more}, due: "{due}"}}
"""
WEEKLY = "cadence: {rule: FREQ=WEEKLY;BYDAY=WE, at: 10:00}"
CLAIM = "trigger: {event: claim.submitted}\ndue: opened+5bd"
MAIL = {"kind": "mail", "more": "to: [sales_lead], template: minutes"}
REPORT = {"kind": "report", "more": "report: partner-scorecard"}
WEBHOOK = {"kind": "webhook", "more": "endpoint: crm"}
WAIT = {"kind": "wait", "more": "until: mail.answered, timeout: 3bd"}
TASK = {"kind": "task", "more": "minutes: 5"}


def reading(due: str = "0", grace: str = "0bd", look: str = "-2bd", opens: str = WEEKLY, **kind: str):
    return read_routine(TEXT.format(due=due, grace=grace, look=look, opens=opens, **(kind or MAIL)))


def is_always_late(routine: Routine) -> bool:
    """The slow way: a year's moments, in each of which the step is due at its promise's last moment or after."""
    setting = Setting(ZoneInfo("Europe/Berlin"), national_calendar("DE", None, range(2026, 2028)))
    since, until = date(2026, 1, 1), date(2027, 1, 1)
    moments = wanted_moments(routine, setting, phase=0, anchor=since, since=since, until=until)
    return all(moment.step_dues[1] >= moment.deadline_at for moment in moments)


@pytest.mark.parametrize(
    ("due", "grace", "look", "warned"),
    [
        ("0", "0bd", "-2bd", True),
        ("@10:00", "0bd", "-2bd", True),
        ("@17:00", "0bd", "-2bd", True),
        ("+1bd", "1bd", "-2bd", True),
        ("+2bd", "1bd", "-2bd", True),
        ("step.look", "0bd", "0", True),
        ("step.look+2bd", "0bd", "-2bd", True),
        ("0", "1bd", "-2bd", False),
        ("0", "15min", "-2bd", False),
        ("@09:00", "0bd", "-2bd", False),
        ("@17:00", "1bd", "-2bd", False),
        ("-1bd@17:00", "0bd", "-2bd", False),
        ("-1h", "0bd", "-2bd", False),
        ("step.look", "0bd", "-1bd", False),
        ("step.look+1bd", "0bd", "-2bd", False),
        ("step.look+1bd@09:00", "0bd", "-2bd", False),
        ("opened", "0bd", "-2bd", False),
    ],
)
def test_the_warning_says_what_the_planner_would_do(due, grace, look, warned):
    found = reading(due, grace, look)
    assert bool(found.warnings) is warned
    assert is_always_late(found.routine) is warned


def test_the_warning_says_where_why_and_how_to_mend_it():
    assert reading().warnings == (
        Problem(
            "",
            13,
            "steps.send.due",
            "the promise it keeps ends at that moment or before, so this mail would be late each time",
            "make it due earlier, like -1bd, or give the routine a grace beyond it",
        ),
    )


@pytest.mark.parametrize(
    ("kind", "warned"), [(MAIL, True), (REPORT, True), (WEBHOOK, True), (WAIT, False), (TASK, False)]
)
def test_only_what_the_machine_does_when_it_is_due_is_late_by_nature(kind, warned):
    assert bool(reading(**kind).warnings) is warned


@pytest.mark.parametrize(
    ("due", "warned"),
    [("0", True), ("opened+5bd", True), ("opened+4bd", False), ("opened+5bd@09:00", False)],
)
def test_what_an_event_opens_is_judged_from_its_own_due(due, warned):
    assert bool(reading(due, opens=CLAIM).warnings) is warned


@pytest.mark.parametrize(("grace", "warned"), [("0bd", True), ("2bh", False)])
def test_a_promise_of_a_step_has_no_earlier_due_and_needs_grace(grace, warned):
    text = TEXT.format(due="-1bd", grace=grace, look="0", opens=WEEKLY, **MAIL).replace(
        "template: minutes", "template: minutes, promised: true, needs: [look]"
    )
    mends = [warning.mend for warning in read_routine(text).warnings if warning.key == "steps.send.due"]
    assert mends == ["give the routine a grace, like 2bh"] * warned
