"""A lived-in spring for the cast: a weekly call with some of it kept, late and missed, and a file that partners owe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from drumbeat.apps.ledger.actions import ask_release, propose_commitment
from drumbeat.apps.ledger.models import Ask, Commitment
from drumbeat.apps.meetings.actions import Arrangement, Point, arrange_meeting
from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.messages.models import Message
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.people.actions import ask_leave
from drumbeat.apps.people.models import Account, Leave
from drumbeat.apps.reports.actions import build_edition
from drumbeat.apps.reports.models import Edition
from drumbeat.apps.routines.actions import (
    Agreement,
    agree_override,
    complete_step,
    miss_promises_due,
    open_due,
    plan_moments,
    publish_version,
    start_routine,
    subscribe,
)
from drumbeat.apps.routines.models import Override, Routine, Step
from drumbeat.apps.scorecards.actions import publish_scorecard, score_month
from drumbeat.library import scorecard_texts
from tests.world import World, build_world

START = datetime(2026, 5, 1, 6, tzinfo=UTC)
AT = datetime(2026, 6, 9, 6, 30, tzinfo=UTC)  # a Tuesday, 08:30 in Berlin
PAUSE = Agreement("pause", date(2026, 12, 21), "season", date(2027, 1, 7))

WEEKLY = """
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
  - {step: prepare, kind: task, title: Prepare, minutes: 5, due: -1bd}
  - {step: call, kind: task, title: Call, minutes: 20, due: 0, needs: [prepare]}
"""

FILE = """
routine: their-file
title: Their file
purpose: Figures to talk about.
subject: partner
promise: {by: partner, to: vendor, text: You send the file by Wednesday., kept_by: file}
owner: channel_manager
goals: [trust]
audience: partner.status == "active"
calendar: partner
cadence: {rule: FREQ=WEEKLY;BYDAY=WE, at: "12:00", zone: partner, roll: following}
grace: 1bd
catch_up: late
steps:
  - {step: file, kind: task, by: sales_lead, title: Send the file, due: 0}
"""


@dataclass(frozen=True)
class Scene:
    world: World
    weekly: Routine
    file: Routine
    mine: Step
    other: Step
    ask: Ask
    meeting: Meeting
    other_meeting: Meeting
    letter: Message
    other_letter: Message
    edition: Edition
    other_edition: Edition
    pack: Edition
    other_pack: Edition
    commitment: Commitment
    other_commitment: Commitment
    override: Override
    other_override: Override
    leave: Leave


def build_scene() -> Scene:
    world = build_world(at=START)
    partners = [world.bergmann, world.kestrel, world.fjord]
    weekly, file = (start(text, partners) for text in (WEEKLY, FILE))
    live_until(AT, world)
    mine, other = (open_call(partner) for partner in (world.bergmann, world.kestrel))
    late = open_call(world.fjord)
    ask = ask_release(
        late.occurrence.promise, "waive", by=world.alice, at=AT, reason="holiday", note="Nils is away"
    )
    meeting = arrange(world, world.bergmann, world.alice, [world.petra, world.alice])
    other_meeting = arrange(world, world.kestrel, world.bob, [world.kate, world.bob])
    undertaken = [
        propose_commitment(
            "Send the list", owner, date(2026, 6, 12), origin="meeting", origin_id=one.pk, by=by, at=AT
        )
        for one, owner, by in ((meeting, world.petra, world.alice), (other_meeting, world.kate, world.bob))
    ]
    letters = [Message.objects.filter(partner=one.partner).first() for one in (meeting, other_meeting)]
    editions = [
        build_edition("partner-scorecard", partner=one.partner, at=AT) for one in (meeting, other_meeting)
    ]
    packs = [build_edition("quarter-pack", partner=one.partner, at=AT) for one in (meeting, other_meeting)]
    overrides = [agree_override(one.occurrence.subscription, PAUSE, by=None, at=AT) for one in (mine, other)]
    publish_scorecard(scorecard_texts()["partner-health"], by=None, at=AT)
    score_month(on=date(2026, 5, 1), at=AT)
    score_month(on=AT.date(), at=AT)
    leave = ask_leave(world.alice, date(2026, 8, 3), date(2026, 8, 17), by=world.alice, at=AT)
    return Scene(
        world, weekly, file, mine, other, ask, meeting, other_meeting, *letters, *editions, *packs, *undertaken, *overrides, leave
    )  # fmt: skip


def arrange(world: World, partner: Partner, organiser: Account, guests: list[Account | Contact]) -> Meeting:
    return arrange_meeting(
        Arrangement(
            f"review-{partner.key}",
            title="Quarterly review",
            organiser=organiser,
            guests=guests,
            starts_at=AT + timedelta(days=2, hours=2),
            minutes=90,
            zone=partner.zone,
            partner=partner,
            points=[Point("What we promised last time", "both"), Point("The price list", "partner")],
        ),
        at=AT,
    )


def start(text: str, partners: list[Partner]) -> Routine:
    routine = publish_version(text, by=None, at=START).routine
    start_routine(routine, by=None, at=START)
    subscribe(routine, partners, on=START.date())
    plan_moments(at=START, routines=[routine])
    return routine


def live_until(at: datetime, world: World) -> None:
    """Day by day: calls are made on time, every third of Alice's a day too late; files come or don't."""
    day = START
    while day < at:
        open_due(at=day)
        for step in Step.objects.on_lists().filter(due_at__lt=day, due_at__gte=day - timedelta(days=1)):
            if (
                step.side == "vendor"
                and step.occurrence.nominal_on.day % 3
                and step.due_at < at - timedelta(days=3)
            ):
                done_at = step.due_at - timedelta(minutes=5)
                complete_step(step, by=step.assignee or world.dora, at=day, done_at=done_at)
        miss_promises_due(at=day)
        day += timedelta(days=1)
    open_due(at=at)


def open_call(partner: Partner) -> Step:
    calls = Step.objects.on_lists().filter(
        occurrence__subscription__partner=partner, playbook_step__key="call"
    )
    return calls.select_related("occurrence__promise__standing").latest("due_at")
