"""Invitations, changes and cancellations in the mail of everybody concerned."""

from __future__ import annotations

from datetime import datetime

from django.db.models import prefetch_related_objects

from drumbeat.apps.meetings.bridge import agenda_text, invitation_of, when_text
from drumbeat.apps.meetings.models import Attendee, Meeting
from drumbeat.apps.messages.actions import Enclosure, Note, write_messages
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account
from drumbeat.core.ical import cancel_text, request_text

State = Meeting.State


def invite(meeting: Meeting, *, purpose: str = "", at: datetime) -> None:
    """One message to each guest who has an address; the organiser gets it too, for the own calendar."""
    prefetch_related_objects([meeting], "points")
    attendees = list(meeting.attendees.select_related("contact__partner", "person").order_by("pk"))
    file = _file(meeting, attendees, at)
    people = dict.fromkeys([meeting.organiser, *(who for attendee in attendees if (who := attendee.who))])
    write_messages((_note(meeting, who, purpose, file) for who in people if who.email), at=at)


def _file(meeting: Meeting, attendees: list[Attendee], at: datetime) -> Enclosure:
    invitation = invitation_of(meeting, attendees, at=at)
    if meeting.state == State.CANCELLED:
        return Enclosure("invitation.ics", "text/calendar; method=CANCEL", cancel_text(invitation))
    return Enclosure("invitation.ics", "text/calendar; method=REQUEST", request_text(invitation))


def _note(meeting: Meeting, who: Contact | Account, purpose: str, file: Enclosure) -> Note:
    kind = "contact" if isinstance(who, Contact) else "person"
    return Note(
        key=f"meeting:{meeting.pk}:{meeting.sequence}:{kind}:{who.pk}",
        to=who,
        partner=meeting.partner,
        subject=f"{_heading(meeting)}: {meeting.title}",
        text=_letter(meeting, who),
        promise=meeting.promise,
        purpose=purpose,
        reply_to=meeting.organiser.email,
        attachments=[file],
    )


def _heading(meeting: Meeting) -> str:
    if meeting.state == State.CANCELLED:
        return "Cancelled"
    return "New time" if meeting.sequence else "Invitation"


def _letter(meeting: Meeting, who: Contact | Account) -> str:
    first_name = who.name.split()[0] if who.name else ""
    when = f"**{meeting.title}**, {when_text(meeting, who)}, {meeting.minutes} minutes"
    if meeting.state == State.CANCELLED:
        return f"Hello {first_name},\n\nthis meeting will not take place: {when}.\n\n{meeting.organiser.name}"
    agenda = agenda_text(meeting)
    points = f"What we want to talk about:\n\n{agenda}\n\n" if agenda else ""
    ask = "Please accept the attached invitation, or reply with another time."
    return f"Hello {first_name},\n\n{when}.\n\n{points}{ask}\n\n{meeting.organiser.name}"
