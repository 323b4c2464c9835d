"""Leaves: asked, approved, declined, taken back; covers proposed; the work goes over and comes back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from drumbeat.apps.events.models import Event
from drumbeat.apps.ledger.actions import rebuild_ledger
from drumbeat.apps.partners.access import visible_to
from drumbeat.apps.partners.models import Cover
from drumbeat.apps.people.actions import ask_leave, decline_leave, open_account
from drumbeat.apps.people.models import Account, Leave
from drumbeat.apps.people.queries import on_leave
from drumbeat.apps.routines.actions import (
    complete_step,
    follow_assignments,
    open_due,
    plan_moments,
    publish_version,
    start_routine,
    subscribe,
)
from drumbeat.apps.routines.models import Moment
from drumbeat.core.refusal import Refused
from drumbeat.workflows.covering import end_leave, grant_leave, propose_cover
from drumbeat.workflows.handover import hand_over
from tests.apps.routines.calls import START, opened, started, step
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
FROM, BACK = date(2026, 6, 8), date(2026, 6, 22)

OWN = """
routine: own-triage
title: Own triage
purpose: A calm start.
subject: manager
promise: {by: team, to: team, text: The list is clear every day., kept_by: clear}
owner: channel_manager
goals: [craft]
audience: manager.on_duty
calendar: manager
cadence: {rule: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", at: "08:30", zone: manager, roll: skip}
steps:
  - {step: clear, kind: task, title: Clear the list, minutes: 15, due: 0}
"""


@pytest.fixture
def world() -> World:
    world = build_world(at=START)
    started(world)
    return world


@pytest.fixture
def carla(world: World) -> Account:
    return open_account(
        "carla@polaris.example", "Carla Conti", "channel_manager", "Europe/Berlin", "DE", language="de", by=None, at=START
    )  # fmt: skip


def asked(world: World) -> Leave:
    return ask_leave(world.alice, FROM, BACK, by=world.alice, at=START)


def day(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 6, tzinfo=START.tzinfo)


def pass_days(since: date, until: date) -> None:
    while since < until:
        open_due(at=day(since))
        follow_assignments(on=since)
        since += timedelta(days=1)


def test_the_proposal_spreads_by_hours_and_likeness(world: World, carla: Account) -> None:
    shares = {share.person: share for share in propose_cover(asked(world)).shares}
    assert shares[world.bob].minutes_before == 50  # two calls of Kestrel, and notes
    # About equally free, so language decides: Carla speaks German, Bob English.
    assert {one.key for one in shares[carla].partners} == {"bergmann-systemhaus"}
    assert {one.key for one in shares[world.bob].partners} == {"fjord-data"}
    assert (shares[carla].minutes_before, shares[carla].minutes_after) == (0, 50)
    assert shares[world.bob].minutes_after == 100
    assert propose_cover(asked(world)) == propose_cover(asked(world))


def test_during_the_leave_due_work_is_the_covers_and_comes_back_at_the_end(world: World) -> None:
    pass_days(START.date(), date(2026, 6, 6))
    leave = grant_leave(asked(world), by=world.dora, at=day(date(2026, 6, 5)))
    assert Event.objects.get(kind="leave.approved").subject_id == leave.pk
    assert set(Cover.objects.values_list("partner__key", flat=True)) == {"bergmann-systemhaus", "fjord-data"}
    before = opened(world.bergmann)
    assert step(before, "call").assignee == world.alice
    pass_days(date(2026, 6, 8), date(2026, 6, 10))
    occurrence = opened(world.bergmann)
    assert occurrence.nominal_on == date(2026, 6, 9)
    assert step(occurrence, "call").assignee == world.bob and occurrence.promise.standing.person == world.bob
    assert on_leave(date(2026, 6, 9)) == {world.alice.pk: leave}
    assert world.bergmann in visible_to(world.bob, day(date(2026, 6, 9)))
    complete_step(step(occurrence, "call"), by=world.bob, at=day(date(2026, 6, 9)) + timedelta(hours=1))
    pass_days(date(2026, 6, 10), date(2026, 6, 23))
    occurrence.refresh_from_db()
    assert step(occurrence, "note").assignee == world.alice  # still open, so taken back
    assert opened(world.bergmann).promise.standing.person == world.alice
    standing = occurrence.promise.standing
    assert (standing.outcome, standing.person) == ("kept", world.bob)
    assert world.bergmann not in visible_to(world.bob, day(BACK)) and rebuild_ledger() == 0


def test_what_is_due_after_the_return_stays(world: World) -> None:
    leave = ask_leave(world.alice, date(2026, 6, 1), date(2026, 6, 3), by=world.alice, at=START)
    open_due(at=START + timedelta(days=1))
    grant_leave(leave, by=world.dora, at=START + timedelta(days=1))
    occurrence = opened(world.bergmann)
    assert step(occurrence, "call").assignee == world.bob
    assert step(occurrence, "note").assignee == world.alice
    note = step(occurrence, "note").promise
    assert note and note.standing.person == world.alice


def test_back_earlier_or_taken_back_whole(world: World) -> None:
    leave = grant_leave(asked(world), by=world.dora, at=START)
    pass_days(FROM, date(2026, 6, 11))
    leave = end_leave(leave, date(2026, 6, 11), by=world.alice, at=day(date(2026, 6, 11)))
    assert leave.until_on == date(2026, 6, 11) and leave.state == "approved"
    assert step(opened(world.bergmann), "call").assignee == world.alice
    other = ask_leave(world.alice, date(2026, 7, 1), date(2026, 7, 9), by=world.alice, at=START)
    for _ in range(2):
        assert end_leave(other, date(2026, 6, 20), by=world.alice, at=START).state == "cancelled"
    assert Event.objects.filter(kind="leave.cancelled").count() == 2


def test_own_routines_rest_during_the_leave(world: World) -> None:
    own = publish_version(OWN, by=None, at=START).routine
    start_routine(own, by=None, at=START)
    subscribe(own, [world.alice, world.bob], on=START.date())
    plan_moments(at=START)
    leave = grant_leave(asked(world), by=world.dora, at=START)
    mine = Moment.objects.filter(subscription__person=world.alice)
    away = {"due_at__gte": day(FROM), "due_at__lt": day(BACK)}
    assert not mine.filter(**away).exists() and mine.filter(due_at__gte=day(BACK)).exists()
    assert Moment.objects.filter(subscription__person=world.bob, **away).count() == 10
    end_leave(leave, START.date(), by=world.alice, at=START)
    assert mine.filter(**away).count() == 10


def test_who_may_not_and_what_makes_no_sense(world: World) -> None:
    with pytest.raises(Refused, match="your own leave"):
        ask_leave(world.alice, FROM, BACK, by=world.bob, at=START)
    with pytest.raises(Refused, match="before it begins"):
        ask_leave(world.alice, FROM, FROM, by=world.alice, at=START)
    leave = asked(world)
    assert asked(world) == leave
    with pytest.raises(Refused, match="is away from 2026-06-08"):
        ask_leave(world.alice, date(2026, 6, 15), date(2026, 6, 30), by=world.alice, at=START)
    for nobody in (world.alice, world.bob, world.olga):
        with pytest.raises(Refused, match="don't decide"):
            grant_leave(leave, by=nobody, at=START)
    own = ask_leave(world.dora, FROM, BACK, by=world.dora, at=START)
    with pytest.raises(Refused, match="don't decide"):
        grant_leave(own, by=world.dora, at=START)
    assert decline_leave(leave, by=world.dora, at=START).state == "declined"
    with pytest.raises(Refused, match="declined"):
        grant_leave(leave, by=world.dora, at=START)


def test_nobody_covers_from_a_leave(world: World, carla: Account) -> None:
    grant_leave(asked(world), {world.bergmann.pk: world.bob, world.fjord.pk: carla}, by=world.dora, at=START)
    bobs = ask_leave(world.bob, date(2026, 6, 15), date(2026, 6, 30), by=world.bob, at=START)
    with pytest.raises(Refused, match="Bob Baker covers Bergmann"):
        grant_leave(bobs, by=world.dora, at=START)
    later = ask_leave(carla, date(2026, 7, 1), date(2026, 7, 9), by=carla, at=START)
    with pytest.raises(Refused, match="can't cover the own leave"):
        grant_leave(later, {world.kestrel.pk: carla}, by=world.dora, at=START)


def test_a_partner_handed_over_meanwhile_is_no_longer_covered(world: World, carla: Account) -> None:
    grant_leave(asked(world), {world.bergmann.pk: world.bob}, by=world.dora, at=START)
    pass_days(FROM, date(2026, 6, 10))
    hand_over(world.bergmann, carla, date(2026, 6, 10), by=world.dora, at=day(date(2026, 6, 10)))
    assert step(opened(world.bergmann), "call").assignee == carla
