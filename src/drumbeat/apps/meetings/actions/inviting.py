"""Invitations, changes and cancellations in the mail of everybody concerned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db.models import prefetch_related_objects

from drumbeat.apps.meetings.bridge import (
    agenda_text,
    day_and_time,
    invitation_of,
    invitation_to_all,
    when_text,
)
from drumbeat.apps.meetings.models import Attendee, CounterProposal, Meeting, Series
from drumbeat.apps.messages.actions import Enclosure, Note, write_messages
from drumbeat.apps.messages.bridge import language_for
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account
from drumbeat.core.ical import (
    CANCEL,
    DECLINE_COUNTER,
    REQUEST,
    cancel_text,
    decline_counter_text,
    request_text,
)
from drumbeat.core.placeholders import fill_letter, first_name
from drumbeat.core.recurrence import describe, parse_rule
from drumbeat.library import message_text, word

State = Meeting.State
Person = Contact | Account
ASK = "Please accept the attached invitation, or reply with another time."


def invite(meeting: Meeting, *, purpose: str = "", at: datetime) -> None:
    """One message to each guest who has an address; the organiser gets it too, for the own calendar."""
    attendees = _attendees(meeting)
    invitation = invitation_of(meeting, attendees, at=at)
    is_off = meeting.state == State.CANCELLED
    file = _file(CANCEL, cancel_text(invitation)) if is_off else _file(REQUEST, request_text(invitation))
    _write_to_all(meeting, attendees, f"{meeting.pk}:{meeting.sequence}", _worded, file, purpose, at)


def invite_to_series(series: Series, one: Meeting, *, at: datetime) -> None:
    """The same for all its dates at once, told by one of its meetings."""
    attendees = _attendees(one)
    file = _file(REQUEST, request_text(invitation_to_all(series, one, attendees, at=at)))

    def worded(meeting: Meeting, who: Person) -> tuple[str, str]:
        return f"Invitation: {meeting.title}", _series_letter(series, meeting, who)

    _write_to_all(one, attendees, f"series:{series.pk}:{series.sequence}", worded, file, "", at)


def keep_the_time(counter: CounterProposal, *, at: datetime) -> None:
    """Tells the guest who asked for another time that it stays."""
    meeting, who = counter.attendee.meeting, counter.attendee.who
    if who is None or not who.email:
        return
    invitation = invitation_of(meeting, [counter.attendee], at=at)
    asked = day_and_time(counter.starts_at, who)
    worded = _filled("invitation-stays", meeting, who, **{"meeting.asked_for": asked})
    file = _file(DECLINE_COUNTER, decline_counter_text(invitation))
    write_messages([_note(meeting, who, f"counter:{counter.pk}", worded, file, "")], at=at)


def _attendees(meeting: Meeting) -> list[Attendee]:
    prefetch_related_objects([meeting], "points")
    return list(meeting.attendees.select_related("contact__partner", "person").order_by("pk"))


def _file(method: str, text: bytes) -> Enclosure:
    return Enclosure("invitation.ics", f"text/calendar; method={method}", text)


def _write_to_all(
    meeting: Meeting,
    attendees: list[Attendee],
    key: str,
    worded: Callable[[Meeting, Person], tuple[str, str]],
    file: Enclosure,
    purpose: str,
    at: datetime,
) -> None:
    people = dict.fromkeys([meeting.organiser, *(who for attendee in attendees if (who := attendee.who))])
    notes = (_note(meeting, who, key, worded(meeting, who), file, purpose) for who in people if who.email)
    write_messages(notes, at=at)


def _note(
    meeting: Meeting, who: Person, key: str, worded: tuple[str, str], file: Enclosure, purpose: str
) -> Note:
    kind = "contact" if isinstance(who, Contact) else "person"
    return Note(
        key=f"meeting:{key}:{kind}:{who.pk}",
        to=who,
        partner=meeting.partner,
        subject=worded[0],
        text=worded[1],
        promise=meeting.promise,
        purpose=purpose,
        reply_to=meeting.organiser.email,
        attachments=[file],
    )


def _worded(meeting: Meeting, who: Person) -> tuple[str, str]:
    """Subject and text of one meeting, in the reader's language."""
    if meeting.state == State.CANCELLED:
        return _filled("invitation-cancelled", meeting, who)
    return _filled("invitation-moved" if meeting.sequence else "invitation", meeting, who)


def _filled(template: str, meeting: Meeting, who: Person, **more: str) -> tuple[str, str]:
    language, agenda = language_for(who), agenda_text(meeting)
    values = {
        "contact.name": who.name,
        "contact.first_name": first_name(who.name),
        "meeting.title": meeting.title,
        "meeting.when": when_text(meeting, who),
        "meeting.length": str(meeting.minutes),
        "meeting.points": f"{word('meeting_points', language)}\n\n{agenda}" if agenda else "",
        "meeting.place": "\n\n".join(_where(meeting, language)),
        "organiser.name": meeting.organiser.name,
    }
    return fill_letter(message_text(template, language), {**values, **more})


def _where(meeting: Meeting, language: str) -> list[str]:
    room = [f"{word('where', language)}: {meeting.room}"] if meeting.room else []
    return room + ([f"{word('video', language)}: {meeting.video_url}"] if meeting.video_url else [])


def _series_letter(series: Series, meeting: Meeting, who: Person) -> str:
    rhythm = describe(parse_rule(series.rule))
    when = f"**{meeting.title}**, {rhythm}, from {day_and_time(series.starts_at, who)}, {meeting.minutes} minutes"
    parts = [
        f"Hello {first_name(who.name)},",
        f"{when} each.",
        *_where(meeting, "en"),
        ASK,
        meeting.organiser.name,
    ]
    return "\n\n".join(part for part in parts if part)
