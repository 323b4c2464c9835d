"""Minutes that are sent from the meeting's page are the step of the routine that sends them, and keep its promise; once."""

from __future__ import annotations

import pytest

from drumbeat.apps.ledger.models import Standing
from drumbeat.apps.meetings.actions import cancel_meeting, undertake, write_minutes
from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.messages.models import Message
from drumbeat.apps.routines.models import Occurrence
from drumbeat.core.refusal import Refused
from drumbeat.integrations.fakes import OutboxPost
from drumbeat.workflows.gathering import note_meeting
from drumbeat.workflows.minuting import send_minutes
from drumbeat.workflows.performers import perform_due
from drumbeat.workflows.posting import send_queued
from tests.world import World, build_world

from .channel import DUE, HOUR, MEETING, START, run, step_of, text_of

pytestmark = pytest.mark.django_db
PROMISED = MEETING.replace("due: +2h}", "promised: true, due: +2h}")


@pytest.fixture
def world() -> World:
    return build_world(at=START)


@pytest.fixture
def occurrence(world: World) -> Occurrence:
    [occurrence] = run(text_of(PROMISED), [world.bergmann], DUE - HOUR)
    perform_due(at=DUE - HOUR)
    note_meeting(step_of(occurrence, "word"), by=world.alice, at=DUE + HOUR)
    write_minutes(Meeting.objects.get(), "Sven sends the list.", by=world.alice, at=DUE + HOUR)
    return occurrence


def minutes() -> list[str]:
    return sorted(Message.objects.filter(subject__startswith="Minutes:").values_list("to_address", flat=True))


def test_sent_by_hand_they_are_the_routine_s_step(world: World, occurrence: Occurrence) -> None:
    assert send_minutes(Meeting.objects.get(), by=world.alice, at=DUE + HOUR) == 2
    share = step_of(occurrence, "share")
    assert step_of(occurrence, "notes").done_by == world.alice
    promise = Standing.objects.get(promise=share.promise_id)
    assert (share.state, promise.outcome) == ("handed", None), "kept when it has left, not before"
    send_queued(OutboxPost(), at=DUE + HOUR)
    promise.refresh_from_db()
    assert (step_of(occurrence, "share").state, promise.outcome) == ("done", "kept")
    perform_due(at=DUE + 3 * HOUR)
    assert minutes() == [world.alice.email, world.sven.email], "the machine does not send them a second time"


def test_sent_again_everybody_gets_the_new_ones(world: World, occurrence: Occurrence) -> None:
    meeting = Meeting.objects.get()
    send_minutes(meeting, by=world.alice, at=DUE + HOUR)
    write_minutes(meeting, "Sven sends both lists.", by=world.alice, at=DUE + HOUR)
    assert send_minutes(meeting, by=world.alice, at=DUE + 2 * HOUR) == 2
    assert len(minutes()) == 4


def test_each_reader_gets_them_in_the_own_language(world: World, occurrence: Occurrence) -> None:
    """What the house says; what people wrote stays as they wrote it."""
    world.sven.language = "de"
    world.sven.save()
    meeting = Meeting.objects.get()
    point = meeting.points.get(text="deals that moved")
    point.is_done, point.decision = True, "We go on"
    point.save()
    undertake(meeting, "Sven: send the list by Fri", by=world.alice, at=DUE + HOUR)
    send_minutes(meeting, by=world.alice, at=DUE + HOUR)
    theirs, ours = (
        Message.objects.filter(**reader).latest("pk").text
        for reader in ({"contact": world.sven}, {"person": world.alice})
    )
    assert "Dabei waren Alice Ahrens, Sven Sommer." in theirs and "There were Alice" in ours
    assert "**Geschäfte, in denen sich etwas bewegt hat**" in theirs and "**Beschlossen:** We go on" in theirs
    assert "- Sven Sommer: Send the list, bis Freitag, 5. Juni 2026" in theirs
    assert "**Auf das nächste Mal verschoben**" in theirs and "- neue Zusagen" in theirs
    assert "**Decided:** We go on" in ours and "- new commitments" in ours


def test_somebody_else_s_task_is_not_done_for_him(world: World, occurrence: Occurrence) -> None:
    """Nor are the minutes his to send."""
    with pytest.raises(Refused, match="somebody else's"):
        send_minutes(Meeting.objects.get(), by=world.bob, at=DUE + HOUR)
    assert step_of(occurrence, "share").state == "open" and minutes() == []


def test_a_cancelled_meeting_has_none(world: World) -> None:
    run(text_of(PROMISED), [world.bergmann], DUE - HOUR)
    perform_due(at=DUE - HOUR)
    meeting = Meeting.objects.get()
    cancel_meeting(meeting, by=world.alice, at=DUE - HOUR)
    with pytest.raises(Refused):
        send_minutes(meeting, by=world.alice, at=DUE + HOUR)
