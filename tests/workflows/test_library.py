"""Every routine of the library runs for weeks without a fault."""

from __future__ import annotations

import pytest

from drumbeat.apps.routines.models import Step, StepState
from drumbeat.workflows.performers import perform_due
from tests.workflows.channel import (
    DAY,
    START,
    library,
    run,
)
from tests.world import World

pytestmark = pytest.mark.django_db


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


def assert_no_fault(key: str) -> None:
    steps = Step.objects.filter(occurrence__subscription__routine__key=key)
    assert steps.exclude(state=StepState.HELD).exists()
    assert not {step.error for step in steps.exclude(error="")}
    due = steps.filter(
        is_machine=True, state=StepState.OPEN, playbook_step__needs=[], starts_at__lte=START + 38 * DAY
    )
    assert not due.exclude(next_attempt_at__gt=START + 38 * DAY).exists()
