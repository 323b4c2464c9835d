"""Meetings: arranged once, moved, held, cancelled; each guest is told by mail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from drumbeat.apps.events.models import Event
from drumbeat.apps.meetings.access import visible_to
from drumbeat.apps.meetings.actions import (
    Arrangement,
    Point,
    Presence,
    arrange_meeting,
    cancel_meeting,
    fill_agenda,
    hold_meetings,
    move_meeting,
    note_answer,
    reopen_meeting,
    write_minutes,
)
from drumbeat.apps.meetings.models import Attendee, Meeting
from drumbeat.apps.meetings.queries import accepted, last_meetings
from drumbeat.apps.messages.models import Message
from drumbeat.core.refusal import Refused
from tests.world import AT, World, build_world

pytestmark = pytest.mark.django_db

STARTS_AT = datetime(2026, 3, 20, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def world() -> World:
    return build_world()


def arranged(world: World, key: str = "step:1") -> Meeting:
    return arrange_meeting(
        Arrangement(
            key,
            title="Quarterly review",
            organiser=world.alice,
            guests=[world.alice, world.petra, world.sven],
            starts_at=STARTS_AT,
            minutes=90,
            zone="Europe/Berlin",
            partner=world.bergmann,
            points=[Point("Results"), Point("Asks", "partner")],
            purpose="quarter-review",
        ),
        at=AT,
    )


def invitations() -> list[Message]:
    return list(Message.objects.order_by("pk"))


def calendars() -> list[tuple[str, int]]:
    files = [message.attachments.get() for message in invitations()]
    texts = [Calendar.from_ical(bytes(file.content or b"")) for file in files]
    return [(str(text["METHOD"]), text.walk("VEVENT")[0]["SEQUENCE"]) for text in texts]


def test_arranges_and_invites_everybody_once(world: World) -> None:
    meeting = arranged(world)
    assert [point.text for point in meeting.points.all()] == ["Results", "Asks"]
    assert [attendee.who for attendee in meeting.attendees.order_by("pk")] == [
        world.alice,
        world.petra,
        world.sven,
    ]
    assert {message.to_address for message in invitations()} == {
        world.alice.email,
        world.petra.email,
        world.sven.email,
    }
    letter = invitations()[1]
    assert letter.subject == "Invitation: Quarterly review"
    assert "Friday 20 March 2026, 10:00 (Europe/Berlin)" in letter.text and "- Asks" in letter.text
    assert letter.reply_to == world.alice.email
    assert calendars() == [("REQUEST", 0)] * 3


def test_arranging_twice_is_arranging_once(world: World) -> None:
    assert arranged(world) == arranged(world)
    assert Meeting.objects.count() == 1 and len(invitations()) == 3
    assert arranged(world, "step:2").uid != Meeting.objects.earliest("pk").uid


def test_passes_over_guests_without_an_address(world: World) -> None:
    type(world.sven).objects.filter(pk=world.sven.pk).update(email="")
    world.sven.email = ""
    arranged(world)
    assert len(invitations()) == 2


def test_the_agenda_is_filled_until_the_meeting_begins(world: World) -> None:
    meeting = arranged(world)
    fill_agenda(meeting, [Point("New")], at=STARTS_AT - DAY)
    fill_agenda(meeting, [Point("Too late")], at=STARTS_AT)
    assert [point.text for point in Meeting.objects.get().points.all()] == ["New"]


def test_moving_asks_everybody_again(world: World) -> None:
    meeting = arranged(world)
    meeting.attendees.update(answer=Attendee.Answer.ACCEPTED)
    moved = move_meeting(meeting, STARTS_AT + DAY, by=world.alice, at=AT)
    assert (moved.starts_at, moved.sequence) == (STARTS_AT + DAY, 1)
    assert calendars()[3:] == [("REQUEST", 1)] * 3
    assert not accepted([moved.pk])
    assert move_meeting(moved, STARTS_AT + DAY, by=world.alice, at=AT).sequence == 1, "nothing changed"
    with pytest.raises(Refused, match="past"):
        move_meeting(moved, AT, by=world.alice, at=AT)


def test_cancelling_tells_everybody_once(world: World) -> None:
    meeting = arranged(world)
    cancel_meeting(meeting, by=world.alice, at=AT)
    cancel_meeting(meeting, by=world.alice, at=AT)
    assert calendars()[3:] == [("CANCEL", 1)] * 3
    assert invitations()[-1].subject == "Cancelled: Quarterly review"
    assert Event.objects.filter(kind="meeting.cancelled").count() == 1
    with pytest.raises(Refused, match="was cancelled"):
        hold_meetings([Presence(meeting, world.alice, STARTS_AT)])


def test_holding_notes_who_came_and_the_last_word_counts(world: World) -> None:
    meeting = arranged(world)
    hold_meetings([Presence(meeting, world.alice, STARTS_AT)])
    hold_meetings([Presence(meeting, world.alice, STARTS_AT, partner_came=False)])
    came = {attendee.who: attendee.attended for attendee in meeting.attendees.all()}
    assert came == {world.alice: True, world.petra: False, world.sven: False}
    event = Event.objects.filter(kind="meeting.held").latest("pk")
    assert event.partner_id == world.bergmann.pk
    assert (event.payload["partner_came"], event.payload["vendor_came"]) == (False, True)
    assert last_meetings([world.bergmann]) == {}
    with pytest.raises(Refused, match="held already"):
        cancel_meeting(meeting, by=world.alice, at=STARTS_AT)


def test_a_hasty_note_is_taken_back(world: World) -> None:
    meeting = arranged(world)
    hold_meetings([Presence(meeting, world.alice, STARTS_AT)])
    reopen_meeting(meeting, by=world.alice, at=STARTS_AT)
    assert Meeting.objects.get().state == Meeting.State.ARRANGED
    assert {attendee.attended for attendee in meeting.attendees.all()} == {None}


def test_minutes_are_written_down(world: World) -> None:
    meeting = arranged(world)
    write_minutes(meeting, " Sven sends the list.\n", by=world.alice, at=STARTS_AT)
    assert Meeting.objects.get().notes == "Sven sends the list."
    cancel_meeting(meeting, by=world.alice, at=STARTS_AT)
    with pytest.raises(Refused, match="was cancelled"):
        write_minutes(meeting, "Nothing.", by=world.alice, at=STARTS_AT)


def test_knows_when_both_sides_last_met(world: World) -> None:
    hold_meetings([Presence(arranged(world), world.alice, STARTS_AT)])
    assert last_meetings([world.bergmann, world.fjord]) == {world.bergmann.pk: STARTS_AT}


def test_notes_the_answer_of_a_guest(world: World) -> None:
    meeting = arranged(world)
    note_answer(meeting.attendees.get(person=world.alice), "accepted", by=world.alice, at=AT)
    assert not accepted([meeting.pk]), "one's own yes is none of the other side"
    note_answer(meeting.attendees.get(contact=world.sven), "accepted", by=world.alice, at=AT)
    assert accepted([meeting.pk]) == {meeting.pk}
    with pytest.raises(Refused, match="no answer 'maybe'"):
        note_answer(meeting.attendees.get(contact=world.sven), "maybe", by=world.alice, at=AT)


def test_strangers_change_nothing(world: World) -> None:
    meeting = arranged(world)
    for person in (world.bob, world.adam):
        with pytest.raises(Refused, match="somebody else's"):
            cancel_meeting(meeting, by=person, at=AT)
    cancel_meeting(meeting, by=world.dora, at=AT)


def test_everybody_sees_the_own_meetings(world: World) -> None:
    meeting = arranged(world)
    seeing = [
        person
        for person in (world.alice, world.bob, world.dora, world.olga, world.adam)
        if meeting in visible_to(person, AT)
    ]
    assert seeing == [world.alice, world.dora, world.olga]
