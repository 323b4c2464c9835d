"""A meeting's row made an invitation as its guests see it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account
from drumbeat.core.ical import Guest, Invitation

from .models import Attendee, Meeting


def invitation_of(meeting: Meeting, attendees: list[Attendee], *, at: datetime) -> Invitation:
    """`at` is the moment of writing."""
    people = [attendee.who for attendee in attendees]
    return Invitation(
        uid=meeting.uid,
        sequence=meeting.sequence,
        title=meeting.title,
        description=agenda_text(meeting),
        starts_at=meeting.starts_at,
        minutes=meeting.minutes,
        zone=meeting.zone,
        organiser=Guest(meeting.organiser.name, meeting.organiser.email),
        guests=tuple(Guest(who.name, who.email) for who in people if who and who.email),
        at=at,
    )


def agenda_text(meeting: Meeting) -> str:
    """The points as a Markdown list, in their order."""
    return "\n".join(f"- {point.text}" for point in meeting.points.all())


def when_text(meeting: Meeting, who: Contact | Account) -> str:
    """Day and time where this person is: `Tuesday 10 March 2026, 10:00 (Europe/Berlin)`."""
    return day_and_time(meeting.starts_at, who)


def day_and_time(moment: datetime, who: Contact | Account) -> str:
    zone = who.partner.zone if isinstance(who, Contact) else who.zone
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M} ({zone})"
