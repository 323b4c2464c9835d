"""Waits: for rules, for what comes in, until their time is over."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from drumbeat.apps.meetings.actions import note_answer
from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.messages.models import Message
from drumbeat.apps.routines.actions import complete_step, miss_promises_due
from drumbeat.apps.routines.models import StepState
from drumbeat.apps.sales.actions import record_sell_through
from drumbeat.workflows.performers import perform_due
from tests.workflows.channel import (
    DAY,
    DUE,
    HOUR,
    MEETING,
    addresses,
    library,
    outcome,
    run,
    step_of,
    text_of,
)
from tests.world import World

pytestmark = pytest.mark.django_db


def wait_for(until: str) -> str:
    return text_of(
        f"""
        {{step: word, kind: task, title: Word, minutes: 5, due: 0}}
        {{step: answer, kind: wait, title: Answer, by: sales_lead, until: {until}, timeout: 3bd, due: +1bd}}
        """
    )


def test_a_wait_ends_when_its_rule_holds(world: World) -> None:
    [occurrence] = run(wait_for("\"partner.tier == 'platinum'\""), [world.bergmann], DUE)
    perform_due(at=DUE)
    assert step_of(occurrence, "answer").next_attempt_at == DUE + HOUR
    type(world.bergmann).objects.filter(pk=world.bergmann.pk).update(tier="platinum")
    perform_due(at=DUE + HOUR)
    assert step_of(occurrence, "answer").answer == "came"


def test_a_wait_ends_with_its_time(world: World) -> None:
    [occurrence] = run(wait_for("mail.answered"), [world.bergmann], DUE)
    perform_due(at=DUE)
    # Opened Tuesday 10:00 in Berlin; Thursday 4 June is a holiday in Bade-Wuerttemberg: three working days later it is Monday.
    ends_at = datetime(2026, 6, 8, 8, tzinfo=UTC)
    assert step_of(occurrence, "answer").next_attempt_at == ends_at
    assert perform_due(at=ends_at - HOUR)["wait"] == 0
    perform_due(at=ends_at)
    step = step_of(occurrence, "answer")
    assert (step.state, step.answer) == (StepState.DONE, "timed_out")


def test_a_wait_that_a_person_has_answered_is_left_alone(world: World) -> None:
    [occurrence] = run(wait_for("mail.answered"), [world.bergmann], DUE)
    perform_due(at=DUE)
    complete_step(step_of(occurrence, "answer"), by=world.alice, at=DUE + HOUR, answer="yes")
    perform_due(at=DUE + 30 * DAY)
    assert step_of(occurrence, "answer").answer == "yes"


def test_a_wait_sees_an_accepted_invitation(world: World) -> None:
    steps = MEETING.replace("due: -1h", "due: -1bd") + (
        "{step: agreed, kind: wait, title: Agreed, by: sales_lead, until: meeting.accepted, timeout: 1bd, due: -1h}"
    )
    [occurrence] = run(text_of(steps), [world.bergmann], DUE - DAY)
    perform_due(at=DUE - DAY)
    assert step_of(occurrence, "agreed").state == StepState.OPEN
    note_answer(
        Meeting.objects.get().attendees.get(contact=world.sven), "accepted", by=world.alice, at=DUE - DAY
    )
    perform_due(at=DUE - DAY + HOUR)
    assert step_of(occurrence, "agreed").answer == "came"


def test_a_sales_file_keeps_its_promise_at_the_moment_it_came(world: World) -> None:
    due = datetime(2026, 6, 3, 15, tzinfo=UTC)
    [occurrence] = run(library("pos-chase"), [world.bergmann], due - DAY)
    perform_due(at=due - DAY)
    assert addresses() == [world.sven.email]
    record_sell_through(
        world.bergmann, datetime(2026, 5, 1).date(), Decimal(1000), "EUR", received_at=due - HOUR, by=None
    )
    perform_due(at=due + 3 * DAY)
    file = step_of(occurrence, "file")
    assert (file.state, file.done_at, outcome(occurrence)) == (StepState.DONE, due - HOUR, "kept")
    assert step_of(occurrence, "chase").state == StepState.SKIPPED
    assert len(addresses()) == 1


def test_a_sales_file_that_never_comes_is_chased_and_missed_not_kept_by_the_time_out(world: World) -> None:
    due = datetime(2026, 6, 3, 15, tzinfo=UTC)
    [occurrence] = run(library("pos-chase"), [world.bergmann], due - DAY)
    for days in range(40):
        at = due + days * DAY
        perform_due(at=at)
        miss_promises_due(at=at)
    assert outcome(occurrence) == "missed"
    subjects = [message.subject.split(",")[0] for message in Message.objects.order_by("pk")]
    assert subjects[-2:] == ["Bergmann Systemhaus: the sales file for May 2026 is still missing"] * 2
    assert world.dora.email in addresses()
    assert step_of(occurrence, "file").state == StepState.LAPSED
