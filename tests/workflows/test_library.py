"""Every routine of the library runs for weeks without a fault."""

from __future__ import annotations

import pytest

from drumbeat.apps.messages.models import Message
from drumbeat.apps.reports.models import Edition
from drumbeat.apps.routines.models import Step, StepState
from drumbeat.core.playbook import read_routine
from drumbeat.integrations.fakes import OutboxPost
from drumbeat.library import routine_texts, shelves
from drumbeat.workflows.performers import perform_due
from drumbeat.workflows.posting import send_queued
from tests.workflows.channel import (
    DAY,
    START,
    library,
    outcome,
    run,
)
from tests.world import World

pytestmark = pytest.mark.django_db


def promises_a_report(key: str) -> bool:
    """Whether the step that keeps the promise is a mail with a report."""
    routine = read_routine(library(key), shelves=shelves()).routine
    keeper = next(step for step in routine.steps if step.key == routine.promise.kept_by)
    return keeper.kind == "mail" and bool(keeper.attach)


@pytest.mark.parametrize(
    "key",
    [
        "weekly-partner-call",
        "monthly-checkin",
        "monthly-partner-report",
        "quarter-review",
        "quarter-digest",
        "pos-chase",
    ],
)
def test_the_library_for_partners_is_performed_without_a_fault(world: World, key: str) -> None:
    run(library(key), [world.bergmann, world.fjord], START + 40 * DAY)
    for days in range(40):
        perform_due(at=START + days * DAY)
    assert_no_fault(key)


@pytest.mark.parametrize(
    "key",
    [
        "daily-triage",
        "forecast-call",
        "newsletter",
        "data-sweep",
        "manager-coaching",
        "monthly-business-review",
    ],
)
def test_the_library_for_managers_is_performed_without_a_fault(world: World, key: str) -> None:
    run(library(key), [world.alice, world.bob], START + 40 * DAY)
    for days in range(40):
        perform_due(at=START + days * DAY)
    assert_no_fault(key)


@pytest.mark.parametrize("key", [key for key in routine_texts() if promises_a_report(key)])
@pytest.mark.parametrize(("days", "told"), [(0, "kept"), (6, "late")])
def test_a_promised_report_is_on_time_only_when_a_server_took_it_in_time(
    world: World, key: str, days: int, told: str
) -> None:
    occurrence = run(library(key), [world.bergmann], START + 40 * DAY)[0]
    perform_due(at=occurrence.due_at)
    assert Edition.objects.filter(step__occurrence=occurrence).exists()
    assert Message.objects.filter(promise=occurrence.promise_id).exists() and outcome(occurrence) is None
    send_queued(OutboxPost(), at=occurrence.due_at + days * DAY)
    assert outcome(occurrence) == told


def assert_no_fault(key: str) -> None:
    steps = Step.objects.filter(occurrence__subscription__routine__key=key)
    assert steps.exclude(state=StepState.HELD).exists()
    assert not {step.error for step in steps.exclude(error="")}
    due = steps.filter(
        is_machine=True, state=StepState.OPEN, playbook_step__needs=[], starts_at__lte=START + 38 * DAY
    )
    assert not due.exclude(next_attempt_at__gt=START + 38 * DAY).exists()
