"""A small channel with a past, made by the same actions as life: calls held and missed, files in and not in, deals."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from drumbeat.apps.deals.actions import close_deal, submit_deal
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.actions import (
    complete_step,
    miss_promises_due,
    open_due,
    plan_moments,
    publish_version,
    start_routine,
    subscribe,
)
from drumbeat.apps.routines.models import Step
from drumbeat.apps.sales.actions import record_sell_through
from drumbeat.apps.sales.queries import month_before
from tests.world import World, build_world

START = datetime(2026, 6, 1, 6, tzinfo=UTC)
AT = datetime(2026, 11, 6, 14, tzinfo=UTC)
OCTOBER = date(2026, 10, 1)

CALL = """
routine: weekly-call
title: Weekly call
purpose: Both sides talk.
subject: partner
promise: {by: vendor, to: partner, text: We call every Tuesday., kept_by: call}
owner: channel_manager
goals: [trust]
audience: partner.status == "active"
calendar: partner
cadence: {rule: FREQ=WEEKLY;BYDAY=TU, at: "10:00", zone: partner, roll: following}
grace: 1bd
miss_after: 5bd
catch_up: late
steps:
  - {step: call, kind: task, title: Call, minutes: 20, due: 0}
"""
FILE = """
routine: sales-file
title: Sales file
purpose: Figures come in time.
subject: partner
promise: {by: partner, to: vendor, text: The file comes by the third working day., kept_by: file}
owner: channel_manager
goals: [trust]
audience: partner.pos_due
calendar: partner
cadence: {rule: FREQ=MONTHLY;BYMONTHDAY=1, at: "17:00", zone: partner, roll: following, offset: +2bd}
grace: 1bd
miss_after: 10bd
catch_up: late
steps:
  - {step: file, kind: task, title: Send the file, by: operations, minutes: 5, due: 0}
"""


def live(until: datetime = AT) -> None:
    """Calls and files of five months, by Alice: a month's first call is held three days late, August's file never came."""
    at = START
    while at < until:
        at = min(at + timedelta(days=7), until)
        plan_moments(at=at)
        open_due(at=at)
        for step in Step.objects.on_lists().filter(due_at__lte=at).exclude(side="partner", due_at__month=8):
            is_late = step.side == "vendor" and step.due_at.day <= 7
            done_at = step.due_at + timedelta(days=3 if is_late else 0, hours=1)
            complete_step(step, by=step.assignee, at=max(at, done_at), done_at=done_at)
        miss_promises_due(at=at)


def start(world: World) -> None:
    for text, partners in ((CALL, [world.bergmann, world.fjord]), (FILE, [world.bergmann])):
        routine = publish_version(text, by=None, at=START).routine
        start_routine(routine, by=None, at=START)
        subscribe(routine, partners, on=START.date())


def build_channel() -> World:
    world = build_world(at=START)
    start(world)
    live()
    sell(world.bergmann, {month_before(OCTOBER, n): 30_000 - 500 * n for n in range(22)}, by=world.alice)
    sell(world.fjord, {month_before(OCTOBER, n): 50_000 for n in range(0, 12, 2)}, by=world.alice)
    deal(world.bergmann, "Nordlicht AG", 60, 12_000)
    deal(world.bergmann, "Hafen & Söhne", 4, 36_000)
    won = deal(world.bergmann, "Werft GmbH", 90, 9_000)
    close_deal(won, True, by=None, at=AT - timedelta(days=3))
    deal(world.fjord, "Fisk AS", 6, 5_000)
    return world


def sell(partner: Partner, months: dict[date, int], *, by: Account | None = None, at: datetime = AT) -> None:
    for month, amount in months.items():
        record_sell_through(partner, month, Decimal(amount), "EUR", received_at=at, by=by)


def deal(partner: Partner, customer: str, days_ago: int, amount: int):
    at = AT - timedelta(days=days_ago)
    return submit_deal(partner, customer, Decimal(amount), "EUR", by=None, at=at)
