"""The beat's one statement against a slow twin: a loop that opens moment by moment, on small worlds of any shape."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drumbeat.apps.ledger.models import Entry, Promise
from drumbeat.apps.partners.queries import manager_of
from drumbeat.apps.people.actions import ask_leave
from drumbeat.apps.people.models import Leave
from drumbeat.apps.routines.actions import (
    Agreement,
    agree_override,
    plan_moments,
    publish_version,
    start_routine,
    subscribe,
)
from drumbeat.apps.routines.actions.opening import open_due
from drumbeat.apps.routines.models import Moment, Occurrence, Override, PlaybookStep, Step, Subscription
from drumbeat.workflows.covering import grant_leave
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
START = datetime(2026, 6, 1, 6, tzinfo=UTC)
MACHINE_KINDS = ("mail", "report", "branch", "meeting", "subroutine")

TEXT = """
routine: {key}
title: Word
purpose: Both sides talk.
subject: partner
promise: {{by: {by}, to: {to}, text: We talk., kept_by: call}}
owner: channel_manager
goals: [trust]
audience: partner.status == "active"
calendar: partner
cadence: {{rule: FREQ=WEEKLY;BYDAY=TU, at: "10:00", zone: partner, roll: following}}
grace: 1bd
catch_up: {catch_up}
overlap: {overlap}
steps:
  - {{step: ahead, kind: mail, title: Ahead, to: [sales_lead], template: call-agenda, due: -2bd}}
  - {{step: call, kind: task, title: Call, minutes: 20, due: 0}}
  - {{step: gold, kind: task, title: Gold, minutes: 5, due: 0, when: partner.tier == "gold"}}
  - {{step: note, kind: task, title: Note, minutes: 5, due: +1bd, promised: true}}
"""

routines = st.fixed_dictionaries(
    {
        "catch_up": st.sampled_from(["late", "skip", "merge"]),
        "overlap": st.sampled_from(["beside", "hold"]),
        "sides": st.sampled_from([("vendor", "partner"), ("both", "both")]),
    }
)
worlds = st.fixed_dictionaries(
    {
        "routines": st.lists(routines, min_size=1, max_size=2),
        "beats": st.lists(st.integers(1, 400), min_size=1, max_size=2),  # hours between them
        "limit": st.sampled_from([1, 3, 5000]),
        "leave": st.none() | st.tuples(st.integers(0, 10), st.integers(1, 15)),
        "owner": st.booleans(),
    }
)


@pytest.fixture
def world(db: None) -> World:
    return build_world(at=START)


@given(shape=worlds)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_beat_opens_what_a_slow_twin_opens(world: World, shape: dict[str, Any]) -> None:
    with transaction.atomic():
        furnish(world, shape)
        at = START
        for hours in shape["beats"]:
            at += timedelta(hours=hours)
            known = set(Occurrence.objects.values_list("pk", flat=True))
            expected = twin(at)
            assert open_due(at=at, limit=shape["limit"]).occurrences == len(expected)
            assert (
                told(Occurrence.objects.exclude(pk__in=known).select_related("promise__standing")) == expected
            )
        transaction.set_rollback(True)


def furnish(world: World, shape: dict[str, Any]) -> None:
    for n, one in enumerate(shape["routines"]):
        by, to = one["sides"]
        text = TEXT.format(key=f"word-{n}", by=by, to=to, catch_up=one["catch_up"], overlap=one["overlap"])
        routine = publish_version(text, by=None, at=START).routine
        start_routine(routine, by=None, at=START)
        subscribe(routine, [world.bergmann, world.kestrel, world.fjord], on=START.date())
    plan_moments(at=START)
    if shape["owner"]:
        subscription = Subscription.objects.filter(partner=world.fjord).order_by("pk").first()
        agree_override(
            subscription, Agreement("owner", START.date(), "other", owner=world.bob), by=world.dora, at=START
        )
    if shape["leave"]:
        after, days = shape["leave"]
        since = START.date() + timedelta(days=after)
        leave = ask_leave(world.alice, since, since + timedelta(days=days), by=world.alice, at=START)
        grant_leave(leave, {world.bergmann.pk: world.bob}, by=world.dora, at=START)


def twin(at: datetime) -> dict[tuple, dict]:
    """What one beat must open, told moment by moment from what stands before it."""
    moments = list(
        Moment.objects.select_related(
            "version", "subscription__partner", "subscription__routine"
        ).prefetch_related("version__playbook_steps")
    )
    busy = set(Occurrence.objects.open().values_list("subscription_id", flat=True))
    keepers, opened = Keepers(at), dict[tuple, dict]()
    for moment in sorted(moments, key=lambda one: (one.subscription_id, one.nominal_on)):
        left = [one for one in moments if _precedes(one, moment) and _identity(one) not in opened]
        if moment.opens_at > at:
            continue
        if moment.version.overlap == "hold" and (left or moment.subscription_id in busy):
            continue
        opened[_identity(moment)] = row = _opened(moment, moments, keepers)
        if not row["closed"]:
            busy.add(moment.subscription_id)
    return opened


def _identity(moment: Moment) -> tuple:
    return moment.subscription_id, moment.nominal_on


def _precedes(one: Moment, other: Moment) -> bool:
    return one.subscription_id == other.subscription_id and one.nominal_on < other.nominal_on


def _opened(moment: Moment, moments: Iterable[Moment], keepers: Keepers) -> dict:
    version, partner, at = moment.version, moment.subscription.partner, keepers.at
    has_later = any(_precedes(moment, one) and one.opens_at <= at for one in moments)
    slept = moment.deadline_at <= at and (
        version.catch_up == "skip" or (version.catch_up == "merge" and has_later)
    )
    routine = moment.subscription.routine.key
    promise = (
        "routine", routine, version.owing, version.owed, "person", partner.pk, keepers.hand(moment, moment.due_at),
        at, moment.due_at, moment.deadline_at, moment.miss_at,
    )  # fmt: skip
    missed = slept and version.catch_up == "skip"
    steps = [] if slept else [_step(text, moment, keepers) for text in version.playbook_steps.all()]
    return {
        "version": version.pk, "due_at": moment.due_at, "opened_at": at, "closed": missed, "why": moment.why,
        "promise": promise, "entries": ["promised", "missed"] if missed else ["promised"], "steps": steps,
    }  # fmt: skip


def _step(text: PlaybookStep, moment: Moment, keepers: Keepers) -> tuple:
    due_at, deadline_at = moment.step_dues[text.position], moment.step_deadlines[text.position]
    is_machine = text.kind in MACHINE_KINDS
    hand = keepers.hand(moment, due_at)
    is_managers = text.by == "channel_manager"
    promise = None
    if text.promised:
        promise = (
            "step", moment.subscription.routine.key, "vendor", "partner", "person", moment.subscription.partner_id,
            hand if is_managers else None, keepers.at, due_at, deadline_at, deadline_at + (moment.miss_at - moment.deadline_at),
        )  # fmt: skip
    waits = text.starts_held or (text.has_condition and not is_machine)
    return (text.key, text.kind, is_machine, "held" if waits else "open", hand if is_managers else None, text.by,
            moment.opens_at if text.kind in ("meeting", "wait") else due_at, due_at, promise)  # fmt: skip


class Keepers:
    """Whose each subscription is on the day of the beat, and who stands in for what falls due before the return."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.known: dict[int, tuple[int | None, list[tuple[datetime, int]]]] = {}

    def hand(self, moment: Moment, due_at: datetime) -> int | None:
        subscription = moment.subscription
        if subscription.pk not in self.known:
            self.known[subscription.pk] = self._look_up(subscription)
        person, covers = self.known[subscription.pk]
        return next((cover for back_at, cover in covers if due_at < back_at), person)

    def _look_up(self, subscription: Subscription) -> tuple[int | None, list[tuple[datetime, int]]]:
        partner, on = subscription.partner, self.at.date()
        agreed = Override.objects.in_force(on).filter(kind="owner", subscription=subscription).first()
        person = agreed.owner if agreed else manager_of(partner, on)
        if person is None:
            return None, []
        leaves = Leave.objects.filter(person=person, state="approved", from_on__lte=on, until_on__gt=on)
        return person.pk, [
            (datetime.combine(leave.until_on, time(), tzinfo=person.tz), cover.person_id)
            for leave in leaves
            for cover in leave.covers.filter(partner=partner)
        ]


def told(occurrences: Iterable[Occurrence]) -> dict[tuple, dict]:
    """The rows that the beat has written, in the same words."""
    return {
        (one.subscription_id, one.nominal_on): {
            "version": one.version_id, "due_at": one.due_at, "opened_at": one.opened_at,
            "closed": one.closed_at is not None, "why": one.why, "promise": _promise(one.promise),
            "entries": list(Entry.objects.filter(promise_id=one.promise_id).order_by("id").values_list("kind", flat=True)),
            "steps": [_row(step) for step in one.steps.select_related("playbook_step", "promise__standing").order_by("playbook_step__position")],
        }
        for one in occurrences
    }  # fmt: skip


def _row(step: Step) -> tuple:
    return (step.playbook_step.key, step.kind, step.is_machine, step.state, step.assignee_id, step.role,
            step.starts_at, step.due_at, _promise(step.promise) if step.promise else None)  # fmt: skip


def _promise(row: Promise) -> tuple:
    standing = row.standing
    assert (standing.partner_id, standing.person_id) == (row.partner_id, row.person_id)
    assert (standing.due_at, standing.deadline_at, standing.miss_at) == (
        row.original_due_at, row.original_deadline_at, row.original_miss_at,
    )  # fmt: skip
    return (row.origin, row.routine, row.owing, row.owed, row.kept_through, row.partner_id, row.person_id,
            row.promised_at, row.original_due_at, row.original_deadline_at, row.original_miss_at)  # fmt: skip
