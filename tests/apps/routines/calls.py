"""A weekly call with three partners on it: what exceptions are made from."""

from __future__ import annotations

from datetime import UTC, datetime

from drumbeat.apps.partners.models import Partner
from drumbeat.apps.routines.actions import plan_moments, publish_version, start_routine, subscribe
from drumbeat.apps.routines.models import Moment, Occurrence, Routine, Step, Subscription
from tests.world import World

START = datetime(2026, 6, 1, 6, tzinfo=UTC)  # a Monday

CALL = """
routine: weekly-word
title: Weekly word
purpose: Both sides talk.
subject: partner
promise: {by: vendor, to: partner, text: We call every Tuesday., kept_by: call}
owner: channel_manager
goals: [trust]
audience: partner.status == "active"
calendar: partner
cadence: {rule: FREQ=WEEKLY;BYDAY=TU, at: "10:00", zone: partner, roll: following}
grace: 1bd
catch_up: late
steps:
  - {step: ahead, kind: mail, title: What we talk about, to: [sales_lead], template: call-agenda, due: -1bd}
  - {step: call, kind: task, title: Call, minutes: 20, due: 0}
  - {step: note, kind: task, title: Note what was said, minutes: 5, due: +1bd, promised: true}
"""


def started(world: World, text: str = CALL) -> Routine:
    routine = publish_version(text, by=None, at=START).routine
    start_routine(routine, by=None, at=START)
    subscribe(routine, [world.bergmann, world.fjord, world.kestrel], on=START.date())
    plan_moments(at=START, routines=[routine])
    return routine


def of(partner: Partner) -> Subscription:
    return Subscription.objects.running().get(partner=partner, routine__key="weekly-word")


def due_days(partner: Partner) -> list[str]:
    moments = Moment.objects.filter(subscription=of(partner)).order_by("due_at")
    return [f"{moment.due_at.astimezone(partner.tz):%a %m-%d %H:%M}" for moment in moments]


def opened(partner: Partner) -> Occurrence:
    return Occurrence.objects.filter(subscription__partner=partner).latest("due_at")


def step(occurrence: Occurrence, key: str) -> Step:
    return occurrence.steps.get(playbook_step__key=key)
