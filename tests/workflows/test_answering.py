"""What guests' own calendars say: a date of a series, another time; each from the guest's own address, none of it twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from drumbeat.apps.meetings.actions import (
    Arrangement,
    accept_counter,
    arrange_meeting,
    arrange_series,
    decline_counter,
    move_meeting,
)
from drumbeat.apps.meetings.models import Attendee, CounterProposal, Meeting, Series
from drumbeat.apps.messages.models import Message
from drumbeat.core.icalreading import read_calendar
from drumbeat.core.mailreading import read_mail
from drumbeat.core.refusal import Refused
from drumbeat.workflows.answering import take_calendar_answer
from tests.world import AT, World, build_world

pytestmark = pytest.mark.django_db

STARTS_AT = datetime(2026, 3, 20, 9, tzinfo=UTC)
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def meeting(world: World) -> Meeting:
    return arrange_meeting(
        Arrangement("one", starts_at=STARTS_AT, partner=world.bergmann, **told(world)), at=AT
    )


@pytest.fixture
def series(world: World) -> Series:
    return arrange_series(
        "many", rhythm="week", times=4, starts_at=STARTS_AT, partner=world.bergmann, **told(world), at=AT
    )


def told(world: World) -> dict:
    guests = [world.alice, world.petra, world.sven]
    return {
        "title": "Review",
        "organiser": world.alice,
        "guests": guests,
        "minutes": 60,
        "zone": "Europe/Berlin",
    }


def say(
    uid: str, who: str, method: str, *, answer: str = "ACCEPTED", sequence: int = 0, more: str = "", at=AT
) -> int:
    """A guest's calendar mails; how much was new."""
    mail = (
        f"From: {who}\nSubject: x\nMessage-ID: <{who}@x>\nContent-Type: text/calendar; method={method}\n\n"
        f"BEGIN:VCALENDAR\nMETHOD:{method}\nBEGIN:VEVENT\nUID:{uid}\nSEQUENCE:{sequence}\nDTSTAMP:20260302T100000Z\n"
        f"{more}ATTENDEE;PARTSTAT={answer}:mailto:{who}\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    return take_calendar_answer(read_mail(mail.encode()), at=at)


def answers(world: World, meetings) -> list[str]:
    rows = Attendee.objects.filter(meeting__in=meetings, contact=world.petra).order_by("meeting__original_at")
    return list(rows.values_list("answer", flat=True))


PROPOSED = (
    "DTSTART:20260323T130000Z\nDTEND:20260323T140000Z\nCOMMENT:Only on Monday\\, sorry\n"  # a Monday, 14:00
)


def test_another_time_is_asked_for_and_taken(world: World, meeting: Meeting) -> None:
    guest = world.petra.email
    assert say(meeting.uid, guest, "COUNTER", answer="TENTATIVE", more=PROPOSED) == 1
    assert say(meeting.uid, guest, "COUNTER", answer="TENTATIVE", more=PROPOSED) == 0, (
        "the same again is nothing new"
    )
    counter = CounterProposal.objects.get()
    assert (counter.starts_at, counter.words) == (
        STARTS_AT + timedelta(days=3, hours=4),
        "Only on Monday, sorry",
    )
    with pytest.raises(Refused, match="somebody else's"):
        accept_counter(counter, by=world.bob, at=AT)
    moved = accept_counter(counter, by=world.alice, at=AT)
    assert (moved.uid, moved.sequence, moved.starts_at) == (meeting.uid, 1, counter.starts_at)
    assert {one.who: one.answer for one in moved.attendees.all()} == {
        world.alice: "none", world.petra: "accepted", world.sven: "none",
    }  # fmt: skip
    with pytest.raises(Refused, match="settled already"):
        decline_counter(counter, by=world.alice, at=AT)


def test_the_time_stays_and_the_guest_is_told(world: World, meeting: Meeting) -> None:
    say(meeting.uid, world.petra.email, "COUNTER", more=PROPOSED)
    before = Message.objects.count()
    decline_counter(CounterProposal.objects.get(), by=world.alice, at=AT)
    letter = Message.objects.latest("pk")
    assert Message.objects.count() == before + 1 and letter.to_address == world.petra.email
    assert letter.subject == "The time stays: Review" and "Monday 23 March 2026, 14:00" in letter.text
    [event] = (reading := read_calendar(bytes(letter.attachments.get().content))).events
    assert (reading.method, event.uid) == ("DECLINECOUNTER", meeting.uid)
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.sequence) == (STARTS_AT, 0)


def test_a_newer_wish_takes_the_place_of_the_older(world: World, meeting: Meeting) -> None:
    say(meeting.uid, world.petra.email, "COUNTER", more=PROPOSED)
    say(
        meeting.uid,
        world.petra.email,
        "COUNTER",
        more="DTSTART;TZID=Europe/Berlin:20260324T090000\nDURATION:PT30M\n",
    )
    counter = CounterProposal.objects.get()
    assert (counter.starts_at, counter.minutes) == (datetime(2026, 3, 24, 8, tzinfo=UTC), 30)


@pytest.mark.parametrize(
    ("more", "who"),
    [
        ("DTSTART:20200101T090000Z\n", "petra"),  # past
        ("DTSTART:20260320T090000Z\nDTEND:20260320T100000Z\n", "petra"),  # as it is
        ("DTSTART;VALUE=DATE:20260323\n", "petra"),  # no time
        ("", "petra"),
        (PROPOSED, "eve"),
    ],
)
def test_what_asks_for_nothing_is_not_shown(world: World, meeting: Meeting, more: str, who: str) -> None:
    sender = world.petra.email if who == "petra" else "eve@elsewhere.example"
    assert say(meeting.uid, sender, "COUNTER", more=more) == 0
    assert not CounterProposal.objects.exists()


def test_a_wish_about_an_older_version_is_none(world: World, meeting: Meeting) -> None:
    say(meeting.uid, world.petra.email, "COUNTER", more=PROPOSED)
    move_meeting(meeting, STARTS_AT + WEEK, by=world.alice, at=AT)
    assert CounterProposal.objects.get().is_accepted is False, "its time is none any more"
    assert say(meeting.uid, world.petra.email, "COUNTER", more=PROPOSED, sequence=0) == 0


def test_a_series_is_answered_as_a_whole_and_by_date(world: World, series: Series) -> None:
    guest, meetings = world.petra.email, series.meetings.all()
    assert say(series.uid, guest, "REPLY") == 4
    assert say(series.uid, guest, "REPLY", answer="DECLINED", more="RECURRENCE-ID:20260327T090000Z\n") == 1
    assert say(series.uid, guest, "REPLY", answer="DECLINED", more="RECURRENCE-ID;VALUE=DATE:20260403\n") == 1
    assert answers(world, meetings) == ["accepted", "declined", "declined", "accepted"]
    assert say(series.uid, guest, "REPLY", answer="DECLINED", more="RECURRENCE-ID:20260328T090000Z\n") == 0


def test_a_date_of_a_series_is_moved_and_asked_about_alone(world: World, series: Series) -> None:
    second = series.meetings.order_by("original_at")[1]
    say(series.uid, world.petra.email, "REPLY")
    more = "RECURRENCE-ID:20260327T090000Z\nDTSTART:20260330T080000Z\nDTEND:20260330T090000Z\n"
    assert say(series.uid, world.petra.email, "COUNTER", more=more) == 1
    accept_counter(CounterProposal.objects.get(), by=world.alice, at=AT)
    [event] = read_calendar(bytes(Message.objects.latest("pk").attachments.get().content)).events
    assert (event.uid, event.sequence) == (series.uid, 1)
    assert event.recurrence_id and event.recurrence_id.instant == second.original_at
    assert say(series.uid, world.petra.email, "REPLY", answer="DECLINED") == 3, (
        "the moved one was asked about alone"
    )
    assert answers(world, series.meetings.all()) == ["declined", "accepted", "declined", "declined"]
