"""A law: many steps completed at once leave the same book, lists and tallies as one after the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drumbeat.apps.ledger.actions import rebuild_ledger
from drumbeat.apps.ledger.models import Entry, Standing, Tally
from drumbeat.apps.routines.actions import Completion, complete_step, complete_steps, open_due
from drumbeat.apps.routines.models import Occurrence, Step
from drumbeat.core.refusal import Refused
from tests.world import World, build_world

from .calls import CALL, START, started

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
# Three weeks of calls opened at once: what stood still is merged into the last, or opened late.
OPENED_AT = START + timedelta(days=23)

told = st.lists(
    st.fixed_dictionaries(
        {
            "step": st.integers(0, 40),
            "by": st.sampled_from(["alice", "dora"]),
            "after": st.integers(0, 200),
            "back": st.integers(0, 7 * 24),
            "minutes": st.none() | st.integers(0, 90),
            "answer": st.sampled_from(["", "answered"]),
            "cause": st.sampled_from(["", "", "partner", "vendor"]),
        }
    ),
    max_size=20,
)


@pytest.fixture(params=["late", "merge"])
def world(request: pytest.FixtureRequest) -> World:
    world = build_world(at=START)
    started(world, CALL.replace("catch_up: late", f"catch_up: {request.param}"))
    open_due(at=OPENED_AT)
    return world


@given(told=told)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_many_at_once_equal_one_by_one(world: World, told: list[dict[str, Any]]) -> None:
    completions = [completion(world, **one) for one in sorted(told, key=lambda one: one["after"])]
    apart = left_by(lambda: [complete_alone(one) for one in completions])
    assert left_by(lambda: complete_steps(completions)) == apart


def completion(world: World, **told: Any) -> Completion:
    steps = tasks()
    at = OPENED_AT + told["after"] * HOUR
    return Completion(
        steps[told["step"] % len(steps)],
        getattr(world, told["by"]),
        at,
        done_at=at - told["back"] * HOUR,
        minutes=told["minutes"],
        answer=told["answer"],
        cause=told["cause"],
    )


def tasks() -> list[Step]:
    alices = Step.objects.filter(kind="task", assignee__name__startswith="Alice")
    return list(alices.order_by("occurrence__due_at", "pk"))


def complete_alone(one: Completion) -> None:
    complete_step(
        one.step,
        by=one.by,
        at=one.at,
        done_at=one.done_at,
        minutes=one.minutes,
        answer=one.answer,
        cause=one.cause,
    )


def left_by(deed: Callable[[], object]) -> list[list[tuple[object, ...]]]:
    """All rows that the deed leaves, which is then taken back; the counts are those of the book."""
    with transaction.atomic():
        deed()
        found = [sorted(rows, key=repr) for rows in _rows()]
        assert rebuild_ledger() == 0
        transaction.set_rollback(True)
    return found


def _rows() -> list[Any]:
    counts = ("kept", "late", "missed", "waived", "late_seconds")
    return [
        Entry.objects.values_list("promise_id", "kind", "at", "recorded_at", "by_id", "cause", "reason"),
        Standing.objects.values_list("promise_id", "outcome", "outcome_at", "cause"),
        Tally.objects.values_list("month", "side", "partner_id", "routine", "person_id", *counts),
        Occurrence.objects.values_list("pk", "closed_at"),
        Step.objects.values_list(
            "pk", "state", "done_at", "recorded_at", "done_by_id", "minutes", "answer", "error"
        ),
    ]


def test_one_that_is_refused_leaves_all_undone(world: World) -> None:
    mine, other = tasks()[:2]
    too_old = Completion(other, world.alice, OPENED_AT, done_at=OPENED_AT - timedelta(days=8))
    with pytest.raises(Refused, match="up to a week ago"):
        complete_steps([Completion(mine, world.alice, OPENED_AT), too_old])
    mine.refresh_from_db()
    assert (mine.state, complete_steps([])) == ("open", [])
