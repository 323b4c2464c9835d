"""Two hundred days of calls with leaves, moves, pauses, a merger, a closure, a new version, a company day, missed nights and
late people: in the end the book is whole, and told anew it is the same."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random

import pytest

from drumbeat.apps.ledger.actions import make_months, rebuild_ledger
from drumbeat.apps.ledger.models import Entry, Promise, Standing, Tally
from drumbeat.apps.people.actions import ask_leave, declare_company_day, open_account
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.actions import (
    Agreement,
    agree_override,
    claim_steps,
    complete_step,
    finish_step,
    move_occurrence,
    plan_moments,
    publish_version,
    upgrade_routine,
)
from drumbeat.apps.routines.models import Moment, Occurrence, Step, Subscription
from drumbeat.core.refusal import Refused
from drumbeat.workflows.beating import nightly, tick
from drumbeat.workflows.closing import close_partner, merge_partners, split_partners
from drumbeat.workflows.covering import end_leave, grant_leave
from tests.apps.routines.calls import CALL, START, started
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
OUTCOMES = ("kept", "late", "missed", "waived")
NEW = CALL.replace("minutes: 20", "minutes: 30").replace("step: note", "step: tell")


def test_the_book_is_whole_after_two_hundred_days_of_exceptions() -> None:
    world, chance = build_world(at=START), Random(200)
    carla = open_account("carla@polaris.example", "Carla", "channel_manager", "Europe/Berlin", "DE", by=None, at=START)  # fmt: skip
    started(world)
    make_months(START.date(), (START + timedelta(days=300)).date())
    happenings = happenings_of(world, carla)
    for day in range(200):
        at = START + timedelta(days=day)
        if chance.random() > 0.1:  # every tenth night is slept through
            nightly(at=at)
        tick(at=at)
        if day in happenings:
            happenings[day](at)
        if chance.random() < 0.2:
            move_something(chance, world, at)
        work_through(chance, world, at + timedelta(hours=6))
    at = START + timedelta(days=260)
    tick(at=at)
    plan_moments(at=at)
    check_book(at)
    check_hands(world, carla)
    again = plan_moments(at=at)
    assert (again.created, again.moved, again.cancelled) == (0, 0, 0)


def happenings_of(world: World, carla: Account) -> dict:
    merges: list = []

    def leave(person: Account, days: int, covers=None):
        def go(at: datetime) -> None:
            asked = ask_leave(person, (at + timedelta(days=2)).date(), (at + timedelta(days=days)).date(), by=person, at=at)  # fmt: skip
            grant_leave(asked, covers, by=world.dora, at=at)

        return go

    def upgrade(at: datetime) -> None:
        upgrade_routine(publish_version(NEW, by=None, at=at).routine, by=world.dora, at=at)

    def pause(at: datetime) -> None:
        running = Subscription.objects.running().filter(partner=world.kestrel).get()
        until = (at + timedelta(days=25)).date()
        agree_override(running, Agreement("pause", at.date(), "season", until), by=world.bob, at=at)

    def other_day(at: datetime) -> None:
        running = Subscription.objects.running().filter(partner=world.bergmann).get()
        agree_override(running, Agreement("timing", at.date(), "trial", weekday=3), by=world.alice, at=at)

    return {
        5: leave(world.alice, 20, {world.bergmann.pk: world.bob, world.fjord.pk: carla}),
        12: other_day,
        30: lambda at: declare_company_day(date(2026, 7, 7), "Outing", by=None, at=at),
        40: upgrade,
        55: pause,
        70: leave(world.bob, 12),
        75: lambda at: end_leave(world.bob.leaves.latest("pk"), at.date(), by=world.bob, at=at),
        90: lambda at: merges.append(merge_partners(world.fjord, world.bergmann, by=world.dora, at=at)),
        110: lambda at: split_partners(merges[0], by=world.dora, at=at),
        150: lambda at: close_partner(world.kestrel, by=world.dora, at=at),
    }


def move_something(chance: Random, world: World, at: datetime) -> None:
    moments = list(Moment.objects.filter(due_at__gt=at).order_by("due_at")[:4])
    opened = list(Occurrence.objects.open().order_by("pk")[:4])
    subject = chance.choice([*moments, *opened])
    try:
        move_occurrence(subject, (at + timedelta(days=chance.randint(1, 6))).date(), by=world.dora, at=at)
    except Refused:
        return  # a day off, past, over, or asked already


def work_through(chance: Random, world: World, at: datetime) -> None:
    for step in claim_steps("mail", at=at):
        finish_step(step, at=at)
    for step in Step.objects.on_lists().filter(due_at__lte=at + timedelta(hours=12)).order_by("pk"):
        if chance.random() < 0.7:
            complete_step(step, by=step.assignee or world.dora, at=at)


def check_book(at: datetime) -> None:
    outcomes: dict[int, list[str]] = {}
    promised: dict[int, datetime] = {}
    for entry in Entry.objects.order_by("recorded_at", "id"):
        if entry.kind == "promised":
            promised[entry.promise_id] = entry.recorded_at
        else:
            assert entry.recorded_at >= promised[entry.promise_id], "nothing before it was promised"
        if entry.kind in OUTCOMES:
            outcomes.setdefault(entry.promise_id, []).append(entry.kind)
    assert set(promised) == set(Promise.objects.values_list("pk", flat=True))
    assert all(len(kinds) == 1 for kinds in outcomes.values()), "each promise exactly one outcome"
    assert set(outcomes) == set(Standing.objects.exclude(outcome=None).values_list("pk", flat=True))
    assert not Standing.objects.open().filter(miss_at__lte=at).exists()
    counted = Counter(kind for kinds in outcomes.values() for kind in kinds)
    assert min(counted.values()) > 0 and set(counted) == set(OUTCOMES)
    check_tallies(counted)


def check_tallies(counted: Counter[str]) -> None:
    """On-time records told from entries alone are those that were counted along the way."""
    names = ("month", "side", "partner", "routine", "person", "kept_through", *OUTCOMES, "late_seconds")
    before = sorted((row for row in Tally.objects.values_list(*names) if any(row[6:])), key=str)
    assert rebuild_ledger() == 0
    assert sorted(Tally.objects.values_list(*names), key=str) == before
    sums = {name: sum(row[6 + place] for row in before) for place, name in enumerate(OUTCOMES)}
    assert sums == {name: counted[name] for name in OUTCOMES}


def check_hands(world: World, carla: Account) -> None:
    """Covers earned their own record, and one date of one subscription was opened once."""
    judged = set(Standing.objects.exclude(outcome=None).values_list("person", flat=True))
    assert {world.alice.pk, world.bob.pk, carla.pk} <= judged
    dates = Occurrence.objects.values_list("subscription", "nominal_on", "event_id")
    assert len(dates) == len(set(dates))
