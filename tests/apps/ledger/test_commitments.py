"""Commitments: said, acknowledged, then judged like every promise; what nobody acknowledged counts for nobody."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from drumbeat.apps.ledger.actions import (
    acknowledge_commitment,
    agree_to_date,
    ask_release,
    decide_ask,
    decline_commitment,
    give_chase,
    keep_commitment,
    miss_overdue,
    propose_commitment,
    question_commitment,
    rebuild_ledger,
    withdraw_commitment,
)
from drumbeat.apps.ledger.models import Commitment, Promise, Standing
from drumbeat.apps.ledger.queries import commitments_of, on_time_record, open_commitments, unanswered_since
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account
from drumbeat.core.refusal import Refused
from tests.world import AT, World, build_world

pytestmark = pytest.mark.django_db

FRIDAY = date(2026, 3, 6)
DUE = datetime(2026, 3, 6, 16, tzinfo=UTC)  # 17:00 in Berlin
YEAR = {"from_on": date(2026, 1, 1), "until_on": date(2027, 1, 1)}


@pytest.fixture
def world() -> World:
    return build_world()


def said(world: World, owner: Contact | Account | None = None, text: str = "Send the list") -> Commitment:
    return propose_commitment(
        text, owner or world.petra, FRIDAY, origin="meeting", partner=world.bergmann, by=world.alice, at=AT
    )


def record(world: World, side: str, at: datetime = DUE) -> tuple[int, ...]:
    people = on_time_record(side=side, at=at, partner=world.bergmann, **YEAR).people
    return people.kept, people.late, people.missed, people.overdue


def test_only_an_acknowledged_one_is_a_promise(world: World) -> None:
    commitment = said(world)
    assert commitment.due_at == DUE and Promise.objects.count() == 0
    assert record(world, "partner", DUE + timedelta(days=1)) == (0, 0, 0, 0)
    commitment = acknowledge_commitment(commitment, by=None, at=AT)
    acknowledge_commitment(commitment, by=None, at=AT)
    promise = Promise.objects.get()
    assert (promise.owing, promise.owed, promise.origin, promise.text) == (
        "partner", "vendor", "meeting", "Send the list",
    )  # fmt: skip
    assert promise.standing.person == world.alice, "she looks after the partner, so she chases it"
    assert record(world, "partner", DUE + timedelta(days=1)) == (0, 0, 0, 1)


def test_both_sides_have_their_record(world: World) -> None:
    ours, theirs = said(world, world.bob), said(world)
    for one in (ours, theirs):
        acknowledge_commitment(one, by=None, at=AT)
    assert {one.pk for one in commitments_of(world.alice)} == {theirs.pk}
    assert {one.pk for one in commitments_of(world.bob)} == {ours.pk}
    keep_commitment(ours, by=world.bob, at=datetime(2026, 3, 6, 10, tzinfo=UTC))
    keep_commitment(theirs, by=world.alice, at=DUE + timedelta(hours=1))
    assert record(world, "vendor") == (1, 0, 0, 0)
    assert record(world, "partner") == (0, 1, 0, 0)
    assert rebuild_ledger() == 0


def test_is_missed_by_time_and_redated_by_the_ledger(world: World) -> None:
    missed, moved = (acknowledge_commitment(said(world), by=None, at=AT) for _ in range(2))
    new_due = DUE + timedelta(days=30)
    ask = ask_release(moved.promise, "redate", by=world.alice, at=AT, reason="illness", new_due_at=new_due)
    decide_ask(ask, True, by=world.dora, at=AT)
    assert [pk for pk, _ in miss_overdue(at=DUE + timedelta(days=14))] == [missed.promise_id]
    assert Standing.objects.get(promise=moved.promise_id).due_at == new_due


def test_is_questioned_and_redated_before_the_yes(world: World) -> None:
    commitment = said(world)
    with pytest.raises(Refused, match="Nothing is asked"):
        question_commitment(commitment, " ", by=None, at=AT)
    with pytest.raises(Refused, match="other day is past"):
        question_commitment(commitment, "", wanted_on=date(2026, 3, 1), by=None, at=AT)
    question_commitment(commitment, "Which list?", wanted_on=date(2026, 3, 13), by=None, at=AT)
    agreed = agree_to_date(commitment, by=world.alice, at=AT)
    assert (agreed.state, agreed.due_at) == ("acknowledged", DUE + timedelta(days=7))
    assert agreed.promise.original_due_at == agreed.due_at
    with pytest.raises(Refused, match="acknowledged already"):
        question_commitment(agreed, "But", by=None, at=AT)


def test_a_declined_one_never_counts(world: World) -> None:
    commitment = decline_commitment(said(world), "Not ours", by=None, at=AT)
    decline_commitment(commitment, by=None, at=AT)
    with pytest.raises(Refused, match="declined already"):
        acknowledge_commitment(commitment, by=None, at=AT)
    with pytest.raises(Refused, match="Nobody has acknowledged"):
        keep_commitment(commitment, by=world.alice, at=AT)
    assert Promise.objects.count() == 0 and open_commitments(world.bergmann) == []


def test_a_slip_is_withdrawn_until_it_is_a_promise(world: World) -> None:
    slip, real = said(world), acknowledge_commitment(said(world), by=None, at=AT)
    withdraw_commitment(slip, by=world.alice, at=AT)
    with pytest.raises(Refused, match="promise already"):
        withdraw_commitment(real, by=world.alice, at=AT)
    with pytest.raises(Refused, match="taken back"):
        acknowledge_commitment(slip, by=None, at=AT)
    assert open_commitments(world.bergmann) == [real]


def test_nobody_says_yes_too_late_or_for_strangers(world: World) -> None:
    commitment = said(world)
    with pytest.raises(Refused, match="somebody else's"):
        acknowledge_commitment(commitment, by=world.bob, at=AT)
    with pytest.raises(Refused, match="day is past already"):
        acknowledge_commitment(commitment, by=None, at=DUE)
    with pytest.raises(Refused, match="day is past"):
        propose_commitment("Old", world.petra, date(2026, 3, 1), origin="mail", by=world.alice, at=AT)


def test_knows_who_has_not_answered(world: World) -> None:
    waits = said(world)
    acknowledge_commitment(said(world), by=None, at=AT)
    assert list(unanswered_since(world.bergmann, AT)) == [waits]
    assert not unanswered_since(world.bergmann, AT - timedelta(hours=1))


def test_whoever_takes_the_partner_over_chases_what_it_owes(world: World) -> None:
    theirs = acknowledge_commitment(said(world), by=None, at=AT)
    ours = acknowledge_commitment(said(world, world.alice), by=None, at=AT)
    assert give_chase(world.bergmann, world.bob) == 1
    assert [one.pk for one in commitments_of(world.bob)] == [theirs.pk]
    assert [one.pk for one in commitments_of(world.alice)] == [ours.pk]
