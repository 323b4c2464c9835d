"""Answers and bounces find what they are about, once, and never somebody else's."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from drumbeat.apps.events.models import Event
from drumbeat.apps.meetings.models import Attendee, Meeting
from drumbeat.apps.messages.models import Message, ReadingPlace, Received
from drumbeat.apps.routines.models import Step, StepState
from drumbeat.integrations.fakes import HeldMailbox, OutboxPost
from drumbeat.workflows import reading_mail
from drumbeat.workflows.performers import perform_due
from drumbeat.workflows.posting import send_queued
from drumbeat.workflows.reading_mail import read_mailbox
from tests.workflows.channel import DAY, DUE, MEETING, run, text_of
from tests.world import World

pytestmark = pytest.mark.django_db
LATER = DUE + timedelta(hours=2)

MAIL_AND_WAIT = text_of(
    """
    {step: word, kind: mail, title: A word, to: [sales_lead], template: pos-reminder, due: 0}
    {step: answer, kind: wait, title: Answer, by: sales_lead, until: mail.answered, timeout: 3bd, due: +1bd}
    """
)


def bounce(message: Message, code: str = "550 5.1.1 user unknown", address: str = "") -> bytes:
    address = address or message.to_address
    return (
        f"From: MAILER-DAEMON@mx.example\nTo: partners@polaris.example\nSubject: failure notice\n"
        f"Message-ID: <b{message.pk}{len(code)}{address}>\n\n<{address}>:\nRemote host said: {code}\n\n"
        f"--- Below this line is a copy of the message.\n\nMessage-ID: {message.message_id}\n"
    ).encode()


def reply(message: Message, sender: str, more: str = "", number: int = 1) -> bytes:
    return (
        f"From: {sender}\nTo: partners@polaris.example\nSubject: Re: {message.subject}\nMessage-ID: <r{number}@x.example>\n"
        f"In-Reply-To: {message.message_id}\n{more}\nYes.\n\n> Our words\n"
    ).encode()


def read(*letters: bytes, at: datetime = LATER) -> HeldMailbox:
    """Each time from another mailbox."""
    mailbox = HeldMailbox(f"held {ReadingPlace.objects.count()}")
    for letter in letters:
        mailbox.put(letter)
    read_mailbox(mailbox, at=at)
    return mailbox


def sent(world: World, text: str = MAIL_AND_WAIT) -> Message:
    run(text, [world.bergmann], DUE)
    perform_due(at=DUE)
    send_queued(OutboxPost(), at=DUE)
    return Message.objects.get(contact=world.sven)


def kinds() -> list[str]:
    return list(Event.objects.filter(at=LATER).order_by("pk").values_list("kind", flat=True))


def test_a_hard_bounce_asks_whether_the_contact_left(world: World) -> None:
    message = sent(world)
    read(bounce(message))
    message.refresh_from_db()
    event = Event.objects.get(kind="contact.bounced")

    assert (message.state, message.error[:9]) == ("bounced", "550 5.1.1")
    assert (event.subject_id, event.partner_id, event.payload["is_hard"]) == (
        world.sven.pk,
        world.bergmann.pk,
        True,
    )
    assert step_of_message(message) == StepState.DONE


def step_of_message(message: Message) -> str:
    assert message.step_id
    return Step.objects.get(pk=message.step_id).state


def test_a_soft_bounce_and_a_delay_ask_nobody(world: World) -> None:
    message = sent(world)
    delay = bounce(message, "450 4.4.1 timed out").replace(b"failure notice", b"Warning: message delayed")
    read(delay)
    message.refresh_from_db()
    assert message.state == "sent"
    read(bounce(message, "552 5.2.2 mailbox full"))
    message.refresh_from_db()

    assert message.state == "bounced"
    assert kinds() == ["message.bounced"]


def test_a_bounce_of_somebody_elses_address_accuses_nobody(world: World) -> None:
    message = sent(world)
    read(bounce(message, address="kate@kestrel-cloud.example"))

    assert not Event.objects.filter(kind="contact.bounced").exists()


def test_a_bounce_of_mail_that_is_not_ours_changes_nothing(world: World) -> None:
    message = sent(world)
    read(bounce(message).replace(message.message_id.encode(), b"<strange@x.example>"))
    message.refresh_from_db()

    assert (message.state, Received.objects.get().message) == ("sent", None)


def test_an_answer_ends_the_wait(world: World) -> None:
    message = sent(world)
    read(reply(message, "Sven <sven@bergmann-systemhaus.example>"))
    perform_due(at=LATER)
    received = Received.objects.get()

    assert (received.kind, received.text, received.contact, received.message) == (
        "human reply",
        "Yes.",
        world.sven,
        message,
    )
    wait = Step.objects.get(occurrence__steps=message.step_id, playbook_step__key="answer")
    assert (wait.state, wait.answer) == (StepState.DONE, "came")


@pytest.mark.parametrize(
    ("sender", "more"),
    [
        ("sven@bergmann-systemhaus.example", "Auto-Submitted: auto-replied\n"),
        ("sven@bergmann-systemhaus.example", "X-Autoreply: yes\n"),
        ("sven@bergmann-systemhaus.example", "Precedence: bulk\n"),
        ("kate@kestrel-cloud.example", ""),
        ("eve@elsewhere.example", ""),
    ],
)
def test_machines_and_strangers_answer_nothing(world: World, sender: str, more: str) -> None:
    message = sent(world)
    read(reply(message, sender, more))

    assert kinds() == []
    assert not Received.objects.filter(kind="human reply", message=message).exists()
    assert not Received.objects.filter(partner=world.bergmann).exclude(contact=world.sven).exists()


def test_a_colleague_answers_for_the_partner(world: World) -> None:
    message = sent(world)
    read(reply(message, "petra@bergmann-systemhaus.example"))

    assert kinds() == ["message.answered"]
    assert Received.objects.get().contact == world.petra


def test_each_mail_is_read_once_whatever_the_mailbox_numbers(world: World) -> None:
    message = sent(world)
    letter = reply(message, "sven@bergmann-systemhaus.example")
    mailbox = read(letter)
    read_mailbox(mailbox, at=LATER)
    mailbox.begin_anew()
    counted = read_mailbox(mailbox, at=LATER)
    mailbox.put(letter)
    read_mailbox(mailbox, at=LATER)

    assert dict(counted) == {"known": 1}
    assert kinds() == ["message.answered"]
    assert (ReadingPlace.objects.get().validity, ReadingPlace.objects.get().uid) == (2, 2)


def test_a_mailbox_that_is_down_is_read_later(world: World) -> None:
    message = sent(world)
    mailbox = HeldMailbox()
    mailbox.put(reply(message, "sven@bergmann-systemhaus.example"))
    mailbox.is_down = True
    read_mailbox(mailbox, at=LATER)
    assert ReadingPlace.objects.get().error == "held: switched off"
    mailbox.is_down = False
    read_mailbox(mailbox, at=LATER)

    assert (ReadingPlace.objects.get().error, kinds()) == ("", ["message.answered"])


def test_a_mail_that_makes_the_reader_fall_is_set_aside(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = sent(world)
    falls_once = iter([True])
    real = reading_mail.wake_waits

    def fall(message: Message, *, at: datetime) -> int:
        if next(falls_once, False):
            raise ValueError("fallen")
        return real(message, at=at)

    monkeypatch.setattr(reading_mail, "wake_waits", fall)
    sender = "sven@bergmann-systemhaus.example"
    read(b"", b"\0\0\0", reply(message, sender), reply(message, sender, number=2))

    assert list(Received.objects.order_by("pk").values_list("kind", flat=True)) == ["unread"] * 3 + [
        "human reply"
    ]
    assert kinds() == ["message.answered"]


def calendar_reply(
    meeting: Meeting, answer: str, guest: str, sender: str = "", more: str = "", method: str = "REPLY"
) -> bytes:
    return (
        f"From: {sender or guest}\nSubject: {answer}\nMessage-ID: <c{answer}{guest}{sender}{method}>\n"
        f"Auto-Submitted: auto-generated\nContent-Type: text/calendar; method={method}\n\n"
        f"BEGIN:VCALENDAR\nMETHOD:{method}\nBEGIN:VEVENT\nUID:{meeting.uid}\nSEQUENCE:{meeting.sequence}\n{more}"
        f"ATTENDEE;PARTSTAT={answer}:mailto:{guest}\nEND:VEVENT\nEND:VCALENDAR\n"
    ).encode()


@pytest.fixture
def meeting(world: World) -> Meeting:
    run(text_of(MEETING.replace("due: -1h", "due: -1bd")), [world.bergmann], DUE - DAY)
    perform_due(at=DUE - DAY)
    return Meeting.objects.get()


def answer_of(meeting: Meeting, world: World) -> str:
    return Attendee.objects.get(meeting=meeting, contact=world.sven).answer


def test_a_guests_calendar_answers(world: World, meeting: Meeting) -> None:
    guest = "sven@bergmann-systemhaus.example"
    read(calendar_reply(meeting, "ACCEPTED", guest))
    assert answer_of(meeting, world) == "accepted"
    read(calendar_reply(meeting, "DECLINED", guest))
    assert answer_of(meeting, world) == "declined"
    assert kinds() == ["meeting.answered", "meeting.answered"]


def test_nobody_answers_for_a_guest(world: World, meeting: Meeting) -> None:
    guest = "sven@bergmann-systemhaus.example"
    strange = Meeting(uid="strange", sequence=0)
    old = "DTSTART:20200101T090000Z\n"
    read(
        calendar_reply(meeting, "ACCEPTED", guest, sender="eve@elsewhere.example"),
        calendar_reply(meeting, "ACCEPTED", "eve@elsewhere.example"),
        calendar_reply(strange, "ACCEPTED", guest),
        calendar_reply(meeting, "ACCEPTED", guest, method="COUNTER", more=old),
    )

    assert (answer_of(meeting, world), kinds()) == ("none", [])
