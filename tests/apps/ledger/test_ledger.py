"""The book: one outcome a promise, counts that always agree with it, nobody deciding for himself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from drumbeat.apps.ledger import statements
from drumbeat.apps.ledger.actions import (
    ask_release,
    correct_promises,
    decide_ask,
    keep_promises,
    make_months,
    miss_overdue,
    miss_promises,
    rebuild_ledger,
)
from drumbeat.apps.ledger.models import Ask, Entry, Promise, Standing, Tally
from drumbeat.apps.ledger.queries import beats, on_time_record
from drumbeat.apps.people.models import Account
from drumbeat.core.refusal import Refused
from tests.world import World, build_world

pytestmark = pytest.mark.django_db

AT = datetime(2026, 6, 1, 8, tzinfo=UTC)
DUE = datetime(2026, 6, 5, 15, tzinfo=UTC)
DEADLINE = datetime(2026, 6, 8, 15, tzinfo=UTC)
MISS = datetime(2026, 6, 22, 15, tzinfo=UTC)
JUNE = {"from_on": date(2026, 6, 1), "until_on": date(2026, 7, 1)}

WRITE = f"""
WITH promised AS (
    SELECT %(id)s::bigint AS promise_id, 'routine' AS origin, 'bench' AS routine, %(owing)s AS owing, 'partner' AS owed,
           %(through)s AS kept_through, %(partner)s::bigint AS partner_id, %(person)s::bigint AS person_id,
           %(due)s::timestamptz AS due_at, %(deadline)s::timestamptz AS deadline_at, %(miss)s::timestamptz AS miss_at,
           '' AS text
), {statements.WRITE_PROMISES} SELECT 1
"""


@pytest.fixture
def world() -> World:
    return build_world(at=AT)


def promised(
    world: World, *, owing: str = "vendor", through: str = "person", person: Account | None = None
) -> Promise:
    number = Promise.objects.count() + 1000
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE,
            {
                "id": number, "owing": owing, "through": through, "partner": world.bergmann.pk,
                "person": (person or world.alice).pk, "due": DUE, "deadline": DEADLINE, "miss": MISS, "at": AT,
            },
        )  # fmt: skip
    return Promise.objects.get(pk=number)


def record(world: World, side: str = "vendor", at: datetime = MISS) -> tuple[int, ...]:
    people = on_time_record(side=side, at=at, partner=world.bergmann, **JUNE).people
    return (people.kept, people.late, people.missed, people.waived, people.overdue)


def test_grace_forgives_the_verdict(world: World) -> None:
    promise = promised(world)
    assert keep_promises([promise.pk], by=world.alice, at=DEADLINE) == [(promise.pk, "kept")]
    assert record(world) == (1, 0, 0, 0, 0)


def test_after_the_deadline_it_is_late_with_the_time_from_due(world: World) -> None:
    promise = promised(world)
    keep_promises([promise.pk], by=world.alice, at=DEADLINE + timedelta(seconds=1))
    assert record(world) == (0, 1, 0, 0, 0)
    assert Tally.objects.get().late_seconds == 3 * 86_400 + 1


def test_a_promise_has_one_outcome_whatever_is_called_again(world: World) -> None:
    promise = promised(world)
    keep_promises([promise.pk], by=world.alice, at=DUE)
    assert keep_promises([promise.pk], by=world.alice, at=MISS) == []
    assert miss_overdue(at=MISS + timedelta(days=9)) == []
    assert Entry.objects.filter(promise_id=promise.pk).count() == 2
    assert record(world) == (1, 0, 0, 0, 0)


def test_overdue_counts_against_the_rate_and_the_grace_does_not(world: World) -> None:
    promised(world)
    inside = on_time_record(side="vendor", at=DUE + timedelta(hours=1), partner=world.bergmann, **JUNE).people
    assert (inside.in_grace, inside.overdue, inside.rate) == (1, 0, None)
    past = on_time_record(side="vendor", at=DEADLINE, partner=world.bergmann, **JUNE).people
    assert (past.in_grace, past.overdue, past.rate) == (0, 1, 0.0)


def test_time_alone_misses_a_promise_at_its_moment(world: World) -> None:
    promise = promised(world)
    assert miss_overdue(at=MISS - timedelta(seconds=1)) == []
    assert miss_overdue(at=MISS + timedelta(days=3)) == [(promise.pk, "missed")]
    assert Standing.objects.get(pk=promise.pk).outcome_at == MISS


def test_a_common_promise_counts_for_both_sides_and_broken_for_its_cause(world: World) -> None:
    kept, broken, nobodys = (promised(world, owing="both") for _ in range(3))
    keep_promises([kept.pk], by=world.alice, at=DUE)
    miss_promises([broken.pk], by=world.alice, at=DUE, cause="partner")
    miss_promises([nobodys.pk], by=world.alice, at=DUE)
    assert record(world, "vendor") == (1, 0, 1, 0, 0)
    assert record(world, "partner") == (1, 0, 2, 0, 0)
    assert rebuild_ledger() == 0
    assert record(world, "partner") == (1, 0, 2, 0, 0)


def test_a_correction_takes_the_count_back_and_keeps_the_entries(world: World) -> None:
    promise = promised(world)
    keep_promises([promise.pk], by=world.alice, at=DUE)
    correct_promises([promise.pk], by=world.dora, at=MISS, reason="wrong_entry")
    assert record(world) == (0, 0, 0, 0, 1)
    assert [e.kind for e in Entry.objects.filter(promise_id=promise.pk).order_by("id")] == [
        "promised",
        "kept",
        "corrected",
    ]
    assert rebuild_ledger() == 0


def test_machine_and_people_are_counted_apart(world: World) -> None:
    keep_promises([promised(world, through="machine").pk], by=None, at=DUE)
    keep_promises([promised(world, through="meeting").pk], by=world.alice, at=DUE)
    found = on_time_record(side="vendor", at=MISS, person=world.alice, **JUNE)
    assert (found.people.kept, found.machine.kept) == (1, 1)


def test_a_waiver_is_asked_for_and_the_director_decides(world: World) -> None:
    promise = promised(world)
    ask = ask_release(
        promise, Ask.Kind.WAIVE, by=world.alice, at=AT, reason="partner_asked", note="On holiday"
    )
    with pytest.raises(Refused, match="may not decide"):
        decide_ask(ask, True, by=world.alice, at=AT)
    decide_ask(ask, True, by=world.dora, at=AT)
    assert record(world) == (0, 0, 0, 1, 0)
    with pytest.raises(Refused, match="already decided"):
        decide_ask(ask, False, by=world.dora, at=AT)


def test_a_director_never_decides_on_a_promise_of_his_own(world: World) -> None:
    ask = ask_release(
        promised(world, person=world.dora), Ask.Kind.WAIVE, by=world.alice, at=AT, reason="no_need"
    )
    with pytest.raises(Refused):
        decide_ask(ask, True, by=world.dora, at=AT)


def test_a_redate_moves_due_deadline_and_miss_and_shows_where_it_was(world: World) -> None:
    promise = promised(world)
    later = DUE + timedelta(days=7)
    ask = ask_release(
        promise, Ask.Kind.REDATE, by=world.alice, at=AT, reason="partner_asked", new_due_at=later
    )
    decide_ask(ask, True, by=world.dora, at=AT)
    standing = Standing.objects.get(pk=promise.pk)
    assert (standing.due_at, standing.deadline_at) == (later, DEADLINE + timedelta(days=7))
    (beat,) = beats(Promise.objects.filter(pk=promise.pk), AT, today_until=AT)
    assert (beat.state, beat.moved_from) == ("upcoming", DUE)
    assert rebuild_ledger() == 0


def test_after_due_there_is_nothing_to_redate(world: World) -> None:
    promise = promised(world)
    ask = ask_release(promise, Ask.Kind.REDATE, by=world.alice, at=DUE, reason="holiday", new_due_at=MISS)
    with pytest.raises(Refused, match="before it falls due"):
        decide_ask(ask, True, by=world.dora, at=DUE + timedelta(minutes=1))
    ask.refresh_from_db()
    assert ask.decided_at is None, "a refused decision leaves nothing behind"


def test_a_broken_standing_is_found_and_told_anew_from_the_entries(world: World) -> None:
    promise = promised(world)
    keep_promises([promise.pk], by=world.alice, at=DUE)
    Standing.objects.filter(pk=promise.pk).update(outcome="late")
    assert rebuild_ledger() == 1
    assert Standing.objects.get(pk=promise.pk).outcome == "kept"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_entry SET reason = 'x'",
        "DELETE FROM ledger_entry",
        "UPDATE ledger_promise SET text = 'x'",
        "DELETE FROM ledger_promise",
    ],
)
def test_the_database_refuses_to_change_the_book(world: World, change: str) -> None:
    promised(world)
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_promise", "ledger_entry_y2041m02"])
def test_the_database_refuses_to_empty_the_book(table: str) -> None:
    make_months(date(2041, 2, 1), date(2041, 2, 1))
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER append_only_truncate")
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")


def test_months_are_made_once(world: World) -> None:
    assert make_months(date(2041, 1, 15), date(2041, 3, 1)) == 3
    assert make_months(date(2041, 1, 1), date(2041, 3, 31)) == 0


def test_an_entry_without_a_month_is_refused_not_lost(world: World) -> None:
    with pytest.raises(IntegrityError, match="partition"), transaction.atomic():
        Entry.objects.create(recorded_at=datetime(2055, 1, 1, tzinfo=UTC), promise_id=1, kind="kept", at=AT)
