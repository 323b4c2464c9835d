"""Laws of triggering, what it costs, and that one event that breaks holds up nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drumbeat.apps.events.actions import event_of, write_events
from drumbeat.apps.events.models import Event
from drumbeat.apps.ledger.actions import rebuild_ledger
from drumbeat.apps.ledger.models import Entry, Standing
from drumbeat.apps.routines.models import Occurrence, Reaction, Step
from drumbeat.workflows.beating import tick
from drumbeat.workflows.triggering import take_batch, take_events
from tests.workflows.channel import DAY, HOUR
from tests.workflows.deals import AT, happen, live, verdicts
from tests.world import World

pytestmark = pytest.mark.django_db


# --- laws ----------------------------------------------------------------------------------------------------------------

STREAMS = st.lists(
    st.tuples(
        st.sampled_from(["deal.submitted", "deal.submitted", "deal.moved", "deal.withdrawn"]),
        st.sampled_from(["D-1", "D-2"]),
        st.booleans(),  # a tick after it?
    ),
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stream=STREAMS, reentry=st.sampled_from(["ignore", "restart", "beside"]))
def test_each_event_opens_at_most_once_and_every_promise_has_one_outcome(
    world: World, stream, reentry
) -> None:
    with transaction.atomic():
        live(f"event: deal.submitted, reentry: {reentry}, exit: deal.withdrawn")
        for n, (kind, key, ticks) in enumerate(stream):
            happen(kind, key, partner=world.bergmann, at=AT + n * timedelta(minutes=1))
            if ticks:
                tick(at=AT + n * timedelta(minutes=1))
        tick(at=AT + HOUR)
        _assert_laws(reentry)
        before = (Occurrence.objects.count(), Entry.objects.count(), Reaction.objects.count())
        Event.objects.update(is_waiting=True)
        tick(at=AT + 2 * HOUR)
        _assert_laws(reentry)
        assert (Occurrence.objects.count(), Entry.objects.count(), Reaction.objects.count()) == before
        tick(at=AT + 90 * DAY)
        assert not Standing.objects.filter(outcome=None).exists()
        assert rebuild_ledger() == 0
        transaction.set_rollback(True)


def _assert_laws(reentry: str) -> None:
    per_event = list(Occurrence.objects.values_list("event_id", flat=True))
    assert len(per_event) == len(set(per_event))
    if reentry != "beside":
        for key in ("D-1", "D-2"):
            events = Event.objects.filter(subject_key=key).values("pk")
            assert Occurrence.objects.open().filter(event_id__in=events).count() <= 1
    settled = Entry.objects.exclude(kind="promised").values_list("promise_id", flat=True)
    assert len(settled) == len(set(settled))


# --- cost and faults -----------------------------------------------------------------------------------------------------


def test_a_batch_costs_the_same_questions_whatever_its_size(world: World) -> None:
    live("event: deal.submitted, exit: deal.withdrawn, reentry: restart")

    def cost(count: int) -> int:
        for n in range(count):
            happen("deal.submitted", f"D-{n}", partner=(world.bergmann, world.fjord, world.kestrel)[n % 3])
        with CaptureQueriesContext(
            connection,
        ) as queries:
            take_batch(at=AT)
        return len(queries)

    cost(3)
    tick(at=AT)
    first = cost(3)
    tick(at=AT)
    assert cost(60) <= first


def test_a_quiet_tick_asks_one_question(world: World) -> None:
    live("event: deal.submitted")
    tick(at=AT)
    with CaptureQueriesContext(connection) as queries:
        assert take_events(at=AT).events == 0
    assert len(queries) == 1 + 2  # within the savepoint of a test


def test_an_event_that_breaks_is_put_aside_and_holds_up_nobody(world: World) -> None:
    live("event: deal.approved", due="deal.protected_until")
    happen("deal.approved", "D-1", partner=world.bergmann, protected_until="no day")
    happen("deal.approved", "D-2", partner=world.bergmann, protected_until="2026-09-12")
    tick(at=AT)
    assert verdicts() == ["failed", "opened"]
    assert "Invalid isoformat" in Reaction.objects.get(verdict="failed").detail


def test_a_key_is_written_once(world: World) -> None:
    first, second = (
        event_of("deal.won", ("deal", 0), by_id=None, at=AT, partner=world.bergmann.pk) for _ in "ab"
    )
    for event in (first, second):
        event.key, event.source = "crm-1", "crm"
    assert len(write_events([first])) == 1
    assert write_events([second]) == []
    assert Step.objects.count() == 0
