"""A meeting's row made an invitation as its guests see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from drumbeat.apps.messages.bridge import language_for
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account
from drumbeat.core.ical import Entry, Guest, Invitation
from drumbeat.core.localwords import time_words, weekday_words
from drumbeat.library import agenda_point

from .models import Attendee, Meeting, Series


def invitation_of(meeting: Meeting, attendees: Sequence[Attendee], *, at: datetime) -> Invitation:
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
        room=meeting.room,
        video_url=meeting.video_url,
        original_at=meeting.original_at,
    )


def invitation_to_all(
    series: Series, one: Meeting, attendees: Sequence[Attendee], *, at: datetime
) -> Invitation:
    """To the whole series, told by the words of one of its meetings."""
    return replace(
        invitation_of(one, attendees, at=at),
        sequence=series.sequence,
        starts_at=series.starts_at,
        rule=series.rule,
        original_at=None,
    )


def entry_of(meeting: Meeting, *, page: str) -> Entry:
    """A meeting in a calendar that people read: agenda and who comes as words. Each date of a series stands for itself."""
    invitation = invitation_of(meeting, (), at=meeting.changed_at)
    names = ", ".join(str(one.who) for one in meeting.attendees.all())
    words = "\n\n".join(
        part for part in (invitation.description, f"Who comes: {names}" if names else "") if part
    )
    date = f"{meeting.original_at:%Y%m%dT%H%M%SZ}-" if meeting.original_at else ""
    alone = replace(invitation, uid=f"{date}{meeting.uid}", description=words, original_at=None)
    return Entry(alone, page, is_cancelled=meeting.state == Meeting.State.CANCELLED)


def agenda_text(meeting: Meeting, language: str = "en") -> str:
    """The points as a Markdown list, in their order; the usual ones in this language."""
    return "\n".join(f"- {agenda_point(point.text, language)}" for point in meeting.points.all())


def when_text(meeting: Meeting, who: Contact | Account) -> str:
    """Day and time where this person is: `Tuesday 10 March 2026, 10:00 (Europe/Berlin)`."""
    return day_and_time(meeting.starts_at, who)


def day_and_time(moment: datetime, who: Contact | Account) -> str:
    zone = who.partner.zone if isinstance(who, Contact) else who.zone
    local, language = moment.astimezone(ZoneInfo(zone)), language_for(who)
    return f"{weekday_words(local.date(), language)}, {time_words(local, language)} ({zone})"
