"""Meeting steps: arranged by the machine, noted by a person, told in the mails around them."""

from __future__ import annotations

import pytest

from drumbeat.apps.deals.models import Deal
from drumbeat.apps.ledger.actions import acknowledge_commitment, ask_release
from drumbeat.apps.ledger.models import Commitment, Promise, Standing
from drumbeat.apps.meetings.actions import add_point, tick_point, undertake, write_minutes
from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.messages.models import Message
from drumbeat.apps.routines.actions import complete_step, open_due
from drumbeat.apps.routines.models import StepState
from drumbeat.core.refusal import Refused
from drumbeat.workflows.gathering import note_meeting, take_back
from drumbeat.workflows.performers import perform_due
from tests.workflows.channel import (
    DAY,
    DUE,
    HOUR,
    MEETING,
    outcome,
    run,
    step_of,
    text_of,
)
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_meeting_is_arranged_and_then_on_a_persons_list(world: World) -> None:
    [occurrence] = run(text_of(MEETING), [world.bergmann], DUE - 2 * HOUR)
    perform_due(at=DUE - 2 * HOUR)
    perform_due(at=DUE - 2 * HOUR)
    meeting = Meeting.objects.get()
    assert (meeting.starts_at, meeting.minutes, meeting.zone) == (DUE, 30, "Europe/Berlin")
    assert (meeting.organiser, meeting.partner) == (world.alice, world.bergmann)
    assert meeting.title == "Weekly call: Bergmann Systemhaus and Polaris Software"
    step = step_of(occurrence, "word")
    assert (step.state, step.is_machine, step.meeting, step.assignee) == (
        StepState.OPEN,
        False,
        meeting,
        world.alice,
    )
    invitations = Message.objects.filter(key__startswith=f"meeting:{meeting.pk}:")
    assert {message.to_address for message in invitations} == {world.alice.email, world.sven.email}


def test_the_agenda_begins_with_what_is_overdue_on_both_sides(world: World) -> None:
    early, late = DUE - 2 * HOUR, DUE + 7 * DAY - 2 * HOUR
    run(text_of(MEETING), [world.bergmann], early)
    open_due(at=late)
    perform_due(at=late)
    [meeting] = Meeting.objects.all()
    first, second, *_ = [point.text for point in meeting.points.all()]
    assert first == "Overdue: Weekly word, due 2 June (we owe you)"
    assert second == "promises of last week, both sides"


def test_the_agenda_carries_commitments_deals_pleas_and_what_was_left_over(world: World) -> None:
    early, late = DUE - 2 * HOUR, DUE + 7 * DAY - 2 * HOUR
    [first] = run(text_of(MEETING), [world.bergmann], early)
    perform_due(at=early)
    meeting = Meeting.objects.get()
    tick_point(meeting.points.first(), True, by=world.alice, at=early)
    add_point(meeting, "The fair in autumn", side="partner", by=world.alice, at=early)
    yes = undertake(meeting, "Sven: name a reference by in 3 weeks", by=world.alice, at=early)
    acknowledge_commitment(yes, by=None, at=early)
    undertake(
        meeting, "Petra: call Nordwind by in 3 weeks; done when they answered", by=world.alice, at=early
    )
    note_meeting(step_of(first, "word"), by=world.alice, at=DUE)
    ask_release(yes_of(yes), "waive", by=world.alice, at=DUE, reason="illness")
    Deal.objects.create(
        partner=world.bergmann, customer="Nordwind", amount=1, currency="EUR", stage="won",
        submitted_at=early, moved_at=DUE + DAY,
    )  # fmt: skip
    open_due(at=late)
    perform_due(at=late)
    points = [point.text for point in Meeting.objects.latest("starts_at").points.all()]
    assert "Committed: Sven Sommer: Name a reference by Tuesday 23 June 2026" in points
    assert (
        "Not yet acknowledged: Petra Bergmann: Call Nordwind by Tuesday 23 June 2026, done when they answered"
    ) in points
    assert "Deals since 2 June: 1 won" in points
    assert "Decision needed: 1 plea to waive or redate" in points
    assert points.count("The fair in autumn") == 1
    assert len(points) == len(set(points)), "what is usual is not carried over beside itself"


def yes_of(one: Commitment) -> Promise:
    return Promise.objects.get(commitment=one)


def test_mails_around_a_meeting_tell_its_time_agenda_and_minutes(world: World) -> None:
    [occurrence] = run(text_of(MEETING), [world.bergmann], DUE - HOUR)
    perform_due(at=DUE - HOUR)
    ahead = Message.objects.get(key__startswith="step:", contact=world.sven)
    assert ahead.subject == "Our call, Tuesday 2 June 2026, 10:00 (Europe/Berlin): the agenda"
    assert "- deals that moved" in ahead.text
    note_meeting(step_of(occurrence, "word"), by=world.alice, at=DUE + HOUR)
    write_minutes(Meeting.objects.get(), "Sven sends the list.", by=world.alice, at=DUE + HOUR)
    complete_step(step_of(occurrence, "notes"), by=world.alice, at=DUE + HOUR)
    perform_due(at=DUE + 2 * HOUR)
    minutes = Message.objects.filter(subject__startswith="Minutes:")
    assert {message.to_address for message in minutes} == {world.alice.email, world.sven.email}
    assert "Sven sends the list." in minutes[0].text
    assert (outcome(occurrence), Meeting.objects.get().state) == ("kept", "held")


def test_three_times_are_offered_on_working_days(world: World) -> None:
    steps = MEETING.replace("template: call-agenda", "template: meeting-times")
    run(text_of(steps), [world.bergmann], DUE - HOUR)
    perform_due(at=DUE - HOUR)
    offer = Message.objects.get(key__startswith="step:", contact=world.sven).text
    assert [line for line in offer.splitlines() if line.startswith("- ")] == [
        "- Tuesday 2 June 2026, 10:00 (Europe/Berlin)",
        "- Wednesday 3 June 2026, 10:00 (Europe/Berlin)",
        "- Friday 5 June 2026, 10:00 (Europe/Berlin)",  # Thursday is Corpus Christi in Baden-Wuerttemberg
    ]


def test_who_stays_away_breaks_the_promise_until_it_is_taken_back(world: World) -> None:
    [occurrence] = run(text_of(MEETING), [world.bergmann], DUE - HOUR)
    perform_due(at=DUE - HOUR)
    step = step_of(occurrence, "word")
    with pytest.raises(Refused, match="no side 'dog'"):
        note_meeting(step, by=world.alice, at=DUE + HOUR, absent="dog")
    note_meeting(step, by=world.alice, at=DUE + HOUR, absent="partner")
    standing = Standing.objects.get(promise=occurrence.promise_id)
    assert (standing.outcome, standing.cause) == ("missed", "partner")
    take_back(step, by=world.alice, at=DUE + HOUR)
    assert (outcome(occurrence), Meeting.objects.get().state) == (None, "arranged")


def test_a_meeting_whose_time_is_past_is_not_arranged(world: World) -> None:
    [occurrence] = run(text_of(MEETING), [world.bergmann], DUE + HOUR)
    perform_due(at=DUE + HOUR)
    assert not Meeting.objects.exists()
    step = step_of(occurrence, "word")
    assert (step.state, step.is_machine) == (StepState.OPEN, False)
