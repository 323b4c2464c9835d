"""Overrides: agreed, refused, recorded, safe twice, ended, taken back; planning and the beat respect them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from drumbeat.apps.events.models import Event
from drumbeat.apps.routines.actions import (
    Agreement,
    agree_override,
    end_override,
    keep_override,
    open_due,
    plan_moments,
    withdraw_override,
)
from drumbeat.apps.routines.models import Moment, Override
from drumbeat.core.explaining import explain
from drumbeat.core.refusal import Refused
from drumbeat.workflows.enrolment import enrol
from tests.world import World, build_world

from .calls import START, due_days, of, opened, started, step

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = build_world(at=START)
    started(world)
    return world


def agreed(kind: str, **more: Any) -> Agreement:
    return Agreement(**{"kind": kind, "from_on": START.date(), "reason": "partner_asked"} | more)


def test_another_weekday_moves_what_is_to_come_and_says_why(world: World) -> None:
    before = Moment.objects.get(subscription=of(world.bergmann), nominal_on=date(2026, 6, 9)).pk
    values = agreed("timing", weekday=3, at=time(15), until_on=date(2026, 7, 1))
    override = agree_override(of(world.bergmann), values, by=world.alice, at=START)
    assert due_days(world.bergmann)[:6] == [
        "Fri 06-05 15:00", "Thu 06-11 15:00", "Thu 06-18 15:00", "Thu 06-25 15:00", "Thu 07-02 15:00", "Tue 07-07 10:00",
    ]  # fmt: skip
    assert due_days(world.fjord)[0] == "Tue 06-02 10:00"
    moment = Moment.objects.get(subscription=of(world.bergmann), nominal_on=date(2026, 6, 9))
    assert "Thursday instead of Tuesday" in explain(moment.why) and moment.pk != before
    event = Event.objects.get(kind="override.agreed")
    assert (event.subject_id, event.payload["reason"], event.by_id) == (
        override.subscription_id, "partner_asked", world.alice.pk,
    )  # fmt: skip


def test_the_same_again_is_the_same_and_a_second_of_its_kind_is_refused(world: World) -> None:
    first = agree_override(of(world.bergmann), agreed("timing", weekday=3), by=world.alice, at=START)
    again = agree_override(of(world.bergmann), agreed("timing", weekday=3), by=world.alice, at=START)
    assert again == first and Event.objects.filter(kind="override.agreed").count() == 1
    with pytest.raises(Refused, match="Other day or time is agreed from 2026-06-01 until told otherwise"):
        agree_override(of(world.bergmann), agreed("timing", weekday=4), by=world.alice, at=START)
    with pytest.raises(Refused, match="Pause is agreed"):
        agree_override(of(world.fjord), agreed("pause", until_on=date(2026, 7, 1)), by=world.alice, at=START)
        agree_override(of(world.fjord), agreed("opt_out"), by=world.alice, at=START)


def test_a_pause_opens_nothing_and_a_taken_back_one_brings_everything_back(world: World) -> None:
    before = due_days(world.bergmann)
    pause = agree_override(
        of(world.bergmann), agreed("pause", until_on=date(2026, 6, 20)), by=world.alice, at=START
    )
    assert due_days(world.bergmann) == before[3:]
    assert open_due(at=START + timedelta(days=15)).occurrences == 6  # the two others' three each
    for _ in range(2):
        withdraw_override(pause, by=world.alice, at=START + timedelta(days=15))
    assert due_days(world.bergmann)[: len(before)] == before
    assert Event.objects.filter(kind="override.withdrawn").count() == 1


def test_an_opt_out_keeps_the_subscription_so_that_enrolment_does_not_bring_it_back(world: World) -> None:
    agree_override(of(world.bergmann), agreed("opt_out"), by=world.alice, at=START)
    enrol(at=START)
    plan_moments(at=START)
    assert due_days(world.bergmann) == []
    assert Override.objects.get().review_on == date(2026, 12, 1)


def test_one_without_an_end_asks_for_review_and_may_be_kept(world: World) -> None:
    override = agree_override(
        of(world.bergmann), agreed("timing", phase=0, weekday=2, review_after=2), by=world.alice, at=START
    )
    assert override not in Override.objects.for_review(date(2026, 7, 31))
    assert override in Override.objects.for_review(date(2026, 8, 1))
    at = datetime(2026, 8, 3, tzinfo=UTC)
    assert keep_override(override, 6, by=world.alice, at=at).review_on == date(2027, 2, 3)
    ended = end_override(override, date(2026, 9, 1), by=world.alice, at=at)
    assert (ended.until_on, ended.review_on) == (date(2026, 9, 1), None)
    assert end_override(ended, date(2026, 5, 1), by=world.alice, at=at).withdrawn_at == at


def test_another_owner_takes_open_work_and_what_opens_until_it_ends(world: World) -> None:
    open_due(at=START + timedelta(hours=3))
    occurrence = opened(world.bergmann)
    assert step(occurrence, "call").assignee == world.alice
    values = agreed("owner", owner=world.bob, until_on=date(2026, 6, 9))
    override = agree_override(of(world.bergmann), values, by=world.alice, at=START)
    assert {one.assignee for one in occurrence.steps.all()} == {world.bob}
    occurrence.promise.standing.refresh_from_db()
    assert occurrence.promise.standing.person == world.bob
    open_due(at=START + timedelta(days=7))
    assert step(opened(world.bergmann), "call").assignee == world.bob
    end_override(override, date(2026, 6, 3), by=world.alice, at=START + timedelta(days=7))
    assert step(opened(world.bergmann), "call").assignee == world.alice
    assert opened(world.bergmann).promise.standing.person == world.alice


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (agreed("nap"), "no override 'nap'"),
        (agreed("pause", reason="mood"), "no reason 'mood'"),
        (agreed("pause", until_on=START.date()), "before it begins"),
        (agreed("pause", review_after=30), "too late"),
        (agreed("timing"), "Nothing is changed"),
        (agreed("timing", weekday=7), "no such weekday"),
        (agreed("timing", phase=4), "spreads over 0 working days"),
        (agreed("people"), "Nobody is named"),
        (agreed("people", attendees=("boss",)), "Nobody is called 'boss'"),
        (agreed("owner"), "No owner is named"),
    ],
)
def test_what_makes_no_sense_is_refused(world: World, values: Agreement, message: str) -> None:
    with pytest.raises(Refused, match=message):
        agree_override(of(world.bergmann), values, by=world.alice, at=START)
    assert not Override.objects.exists()


def test_contacts_of_others_and_others_subscriptions_are_refused(world: World) -> None:
    kate = agreed("people", recipients=(f"contact:{world.kate.pk}",))
    with pytest.raises(Refused, match="Nobody is called"):
        agree_override(of(world.bergmann), kate, by=world.alice, at=START)
    petra = agreed("people", recipients=(f"contact:{world.petra.pk}",))
    assert agree_override(of(world.bergmann), petra, by=world.alice, at=START).recipients
    with pytest.raises(Refused, match="isn't yours"):
        agree_override(of(world.kestrel), agreed("opt_out"), by=world.alice, at=START)
    with pytest.raises(Refused, match="isn't yours"):
        withdraw_override(Override.objects.get(), by=world.bob, at=START)
