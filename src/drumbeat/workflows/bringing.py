"""The signed link at which those who come to a meeting bring points of their own, without an account, until it begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from drumbeat.apps.forms.actions import Wanted
from drumbeat.apps.forms.models import Link
from drumbeat.apps.meetings.models import AgendaPoint, Meeting
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account

from .links import GOOD_AFTER, links_to


@dataclass(frozen=True, slots=True)
class Bringing:
    """Who brings points, and what is on the agenda so far."""

    meeting: Meeting
    who: Contact | Account
    points: tuple[AgendaPoint, ...]
    at: datetime

    @property
    def is_open(self) -> bool:
        return self.meeting.state == Meeting.State.ARRANGED and self.meeting.starts_at > self.at

    def is_own(self, point: AgendaPoint) -> bool:
        return self.who in (point.contact, point.person)


def link_to_bring(meeting: Meeting, who: Contact | Account, *, at: datetime) -> str:
    """The address at which this person adds points; after the meeting it still shows them, for thirty days."""
    wanted = Wanted(Link.Purpose.AGENDA, meeting.pk, who)
    return links_to([wanted], expires_at=meeting.starts_at + GOOD_AFTER, at=at)[0]


def bringing_by(link: Link, at: datetime) -> Bringing:
    """What a link of this purpose opens; opening it changes nothing."""
    meeting = Meeting.objects.select_related("partner", "organiser").get(pk=link.subject_id)
    points = meeting.points.select_related("contact", "person")
    return Bringing(meeting, link.who, tuple(points), at)
