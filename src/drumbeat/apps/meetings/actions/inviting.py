"""Invitations, changes and cancellations in the mail of everybody concerned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain

from django.db.models import prefetch_related_objects

from drumbeat.apps.meetings.bridge import (
    agenda_text,
    day_and_time,
    invitation_of,
    invitation_to_all,
    when_text,
)
from drumbeat.apps.meetings.models import Attendee, CounterProposal, Meeting, Series
from drumbeat.apps.meetings.queries import attendees_of, concerned
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
from drumbeat.core.meetingseries import rhythm_of
from drumbeat.core.placeholders import fill_letter, first_name
from drumbeat.library import message_text, word

State = Meeting.State
Person = Contact | Account


def invite(meeting: Meeting, *, at: datetime) -> None:
    """One message to each guest who has an address; the organiser gets it too, for the own calendar."""
    invite_all([(meeting, _attendees(meeting), "")], at=at)


def invite_all(meetings: Sequence[tuple[Meeting, list[Attendee], str]], *, at: datetime) -> None:
    """The same for many, each with its guests and the purpose of its letters."""
    prefetch_related_objects([meeting for meeting, _, _ in meetings], "points")
    write_messages(chain.from_iterable(_invitations(*one, at) for one in meetings), at=at)


def _invitations(meeting: Meeting, attendees: list[Attendee], purpose: str, at: datetime) -> Iterator[Note]:
    invitation = invitation_of(meeting, attendees, at=at)
    is_off = meeting.state == State.CANCELLED
    file = _file(CANCEL, cancel_text(invitation)) if is_off else _file(REQUEST, request_text(invitation))
    return _to_all(meeting, attendees, f"{meeting.pk}:{meeting.sequence}", _worded, file, purpose)


def invite_to_series(series: Series, dates: Sequence[Meeting], *, at: datetime) -> None:
    """The same for all its dates at once."""
    attendees = _attendees(dates[0])
    file = _file(REQUEST, request_text(invitation_to_all(series, dates[0], attendees, at=at)))
    _write_of_series("series", series, dates, attendees, file, at)


def invite_to_moved(series: Series, dates: Sequence[Meeting], *, at: datetime) -> None:
    """To those of its dates that have moved. The file tells the whole series as it stands, for some calendars read nothing
    less."""
    attendees = _attendees(dates[0])
    told = list(series.meetings.select_related("organiser").order_by("original_at"))
    off = tuple(one.original_at for one in told if one.state == State.CANCELLED and one.original_at)
    whole = replace(invitation_to_all(series, told[0], attendees, at=at), without=off)
    moved = [one for one in told if one.sequence and one.state != State.CANCELLED]
    file = _file(REQUEST, request_text(whole, *(invitation_of(one, attendees, at=at) for one in moved)))
    _write_of_series("series-moved", series, dates, attendees, file, at)


def call_off_series(series: Series, dates: Sequence[Meeting], *, at: datetime) -> None:
    """These of its dates will not be; when none is left, the series."""
    attendees = _attendees(dates[0])
    if series.meetings.exclude(state=State.CANCELLED).exists():
        off = [invitation_of(one, attendees, at=at) for one in dates]
    else:
        off = [invitation_to_all(series, dates[0], attendees, at=at)]
    _write_of_series("series-cancelled", series, dates, attendees, _file(CANCEL, cancel_text(*off)), at)


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
    return attendees_of(meeting)


def _file(method: str, text: bytes) -> Enclosure:
    return Enclosure("invitation.ics", f"text/calendar; method={method}", text)


def _to_all(
    meeting: Meeting,
    attendees: list[Attendee],
    key: str,
    worded: Callable[[Meeting, Person], tuple[str, str]],
    file: Enclosure,
    purpose: str,
) -> Iterator[Note]:
    people = (who for who in concerned(meeting, attendees) if who.email)
    return (_note(meeting, who, key, worded(meeting, who), file, purpose) for who in people)


def _write_of_series(
    template: str,
    series: Series,
    dates: Sequence[Meeting],
    attendees: list[Attendee],
    file: Enclosure,
    at: datetime,
) -> None:
    def worded(meeting: Meeting, who: Person) -> tuple[str, str]:
        rhythm = word(f"rhythm_{rhythm_of(series.rule)}", language_for(who))
        days = "\n".join(f"- {day_and_time(one.starts_at, who)}" for one in dates)
        return _filled(template, meeting, who, **{"series.rhythm": rhythm, "series.dates": days})

    key = f"series:{series.pk}:{series.sequence}"
    write_messages(_to_all(dates[0], attendees, key, worded, file, ""), at=at)


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
    language = language_for(who)
    agenda = agenda_text(meeting, language)
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
