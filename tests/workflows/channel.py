"""A running routine on the cast's partners, ready to be performed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from drumbeat.apps.ledger.models import Standing
from drumbeat.apps.messages.models import Message
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.actions import open_due, plan_moments, publish_version, start_routine, subscribe
from drumbeat.apps.routines.models import Occurrence, Step
from drumbeat.library import routine_texts

START = datetime(2026, 6, 1, 3, tzinfo=UTC)  # a Monday
DUE = datetime(2026, 6, 2, 8, tzinfo=UTC)  # Tuesday 10:00 in Berlin
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MAIL = "{step: word, kind: mail, title: A word, to: [sales_lead], template: pos-reminder, due: 0}"

MEETING = """
{step: ahead, kind: mail, title: Agenda, to: [channel_manager, sales_lead], template: call-agenda, due: -1h}
{step: word, kind: meeting, title: Weekly call, attendees: [channel_manager, sales_lead], minutes: 30, agenda: weekly-call, due: 0}
{step: notes, kind: task, title: Write minutes, minutes: 5, needs: [word], due: +1h}
{step: share, kind: mail, title: Minutes, to: [attendees], template: minutes, needs: [notes], due: +2h}
"""


def text_of(steps: str, *, kept_by: str = "word", subject: str = "partner") -> str:
    """A weekly routine (Tuesday 10:00, where the subject is) with these steps, one line each."""
    lines = "\n".join(f"  - {line.strip()}" for line in steps.strip().splitlines())
    return f"""
routine: weekly-word
title: Weekly word
purpose: Both sides know.
subject: {subject}
promise: {{by: vendor, to: partner, text: A word every Tuesday., kept_by: {kept_by}}}
owner: channel_manager
goals: [trust]
audience: {"partner.status == 'active'" if subject == "partner" else "manager.on_duty"}
calendar: {subject}
cadence: {{rule: FREQ=WEEKLY;BYDAY=TU, at: "10:00", zone: {subject}, roll: following}}
grace: 1bd
miss_after: 10bd
steps:
{lines}
"""


def run(text: str, subjects: Iterable[Partner | Account], at: datetime) -> list[Occurrence]:
    """Publishes, starts, subscribes, plans, and opens what is due by `at`."""
    routine = publish_version(text, by=None, at=START).routine
    start_routine(routine, by=None, at=START)
    subscribe(routine, subjects, on=START.date())
    plan_moments(at=START)
    open_due(at=at)
    return list(Occurrence.objects.filter(subscription__routine=routine).order_by("due_at", "subscription"))


def library(key: str) -> str:
    return routine_texts()[key]


def step_of(occurrence: Occurrence, key: str) -> Step:
    return Step.objects.select_related("occurrence").get(occurrence=occurrence, playbook_step__key=key)


def addresses() -> list[str]:
    return sorted(message.to_address for message in Message.objects.all())


def outcome(occurrence: Occurrence) -> str | None:
    return Standing.objects.get(promise=occurrence.promise_id).outcome
