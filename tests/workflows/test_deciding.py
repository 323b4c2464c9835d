"""Branches and conditions: which steps run, by facts and answers."""

from __future__ import annotations

import pytest

from drumbeat.apps.routines.actions import complete_step
from drumbeat.apps.routines.models import StepState
from drumbeat.workflows.performers import perform_due
from tests.workflows.channel import (
    DUE,
    HOUR,
    MAIL,
    addresses,
    run,
    step_of,
    text_of,
)
from tests.world import World

pytestmark = pytest.mark.django_db

BRANCH = """
{step: ask, kind: branch, title: Is it large, when: "partner.tier == 'gold'", otherwise: [check], due: 0}
{step: word, kind: task, title: Word, minutes: 5, due: 0}
{step: check, kind: task, title: Check, minutes: 5, due: +1h}
"""


def test_a_branch_leaves_its_steps_out_or_lets_them_run(world: World) -> None:
    occurrences = run(text_of(BRANCH), [world.bergmann, world.fjord], DUE)
    perform_due(at=DUE)
    states = {
        occurrence.subscription.partner: step_of(occurrence, "check").state for occurrence in occurrences
    }
    assert states == {world.bergmann: StepState.SKIPPED, world.fjord: StepState.OPEN}
    answers = {step_of(occurrence, "ask").answer for occurrence in occurrences}
    assert answers == {"yes", "no"}


def test_a_branch_that_nobody_can_judge_sends_a_person_to_look(world: World) -> None:
    [occurrence] = run(
        text_of(BRANCH.replace("partner.tier == 'gold'", "partner.revenue_12m > 5.0")), [world.bergmann], DUE
    )
    perform_due(at=DUE)
    assert step_of(occurrence, "check").state == StepState.OPEN


CONDITIONS = """
{step: word, kind: task, title: Word, minutes: 5, due: -1h}
{step: call, kind: task, title: Call, minutes: 5, when: "!answer.word", due: 0}
{step: remind, kind: mail, title: Remind, to: [sales_lead], template: pos-reminder, when: "!answer.word", due: 0}
"""


def test_conditions_are_judged_when_their_step_begins(world: World) -> None:
    done, undone = run(text_of(CONDITIONS), [world.bergmann, world.fjord], DUE - HOUR)
    perform_due(at=DUE - HOUR)
    assert step_of(done, "call").state == StepState.HELD
    complete_step(step_of(done, "word"), by=world.alice, at=DUE - HOUR)
    assert perform_due(at=DUE)["condition"] == 2
    assert [step_of(done, key).state for key in ("call", "remind")] == [StepState.SKIPPED] * 2
    assert [step_of(undone, key).state for key in ("call", "remind")] == [StepState.OPEN, StepState.HANDED]
    assert addresses() == [world.nils.email]


def test_a_condition_over_an_unknown_fact_sends_nothing_and_says_why(world: World) -> None:
    text = text_of(MAIL[:-1] + ', when: "partner.revenue_12m > 5.0"}')
    [occurrence] = run(text, [world.bergmann], DUE)
    perform_due(at=DUE)
    step = step_of(occurrence, "word")
    assert step.state == StepState.OPEN and "partner.revenue_12m unknown" in step.error
