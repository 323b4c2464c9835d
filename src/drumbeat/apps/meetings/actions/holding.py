"""A person notes that meetings were held and who came, any number at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from drumbeat.apps.events.actions import event_of, write_events
from drumbeat.apps.events.models import Event
from drumbeat.apps.meetings.models import Attendee, Meeting
from drumbeat.apps.people.models import Account

from .noting import all_not_cancelled

State = Meeting.State


@dataclass(frozen=True, slots=True)
class Presence:
    """Who came to a meeting, as `by` noted it."""

    meeting: Meeting
    by: Account
    at: datetime
    partner_came: bool = True
    vendor_came: bool = True


@transaction.atomic
def hold_meetings(presences: Sequence[Presence]) -> list[Meeting]:
    """Notes who came. A meeting counts as held when somebody noted it, also when one side stayed away; noted again, the last
    word counts. Many, in as many statements as one: all of them, or none when one is refused."""
    if not presences:
        return []
    meetings = all_not_cancelled([(one.meeting, one.by, one.at) for one in presences])
    Meeting.objects.filter(pk__in=meetings).update(state=State.HELD)
    for meeting in meetings.values():
        meeting.state = State.HELD
    _note_attendees(presences)
    write_events([_event(one) for one in presences])
    return [meetings[one.meeting.pk] for one in presences]


def _note_attendees(presences: Sequence[Presence]) -> None:
    invited: dict[int, list[Attendee]] = defaultdict(list)
    for attendee in Attendee.objects.filter(meeting__in=[one.meeting.pk for one in presences]):
        invited[attendee.meeting_id].append(attendee)
    for one in presences:
        there = invited[one.meeting.pk]
        _note_side([attendee for attendee in there if attendee.contact_id], one.partner_came)
        _note_side([attendee for attendee in there if attendee.person_id], one.vendor_came)
    noted = [attendee for there in invited.values() for attendee in there]
    for came in (True, False):
        ids = [attendee.pk for attendee in noted if attendee.attended is came]
        Attendee.objects.filter(pk__in=ids).update(attended=came)


def _note_side(side: list[Attendee], came: bool) -> None:
    """Who was noted one by one stays so, as long as it fits the side."""
    is_said = came and any(attendee.attended for attendee in side)
    for attendee in side:
        if not is_said:
            attendee.attended = came
        elif attendee.attended is None:
            attendee.attended = False


def _event(one: Presence) -> Event:
    told = {"partner_came": one.partner_came, "vendor_came": one.vendor_came}
    subject, partner = ("meeting", one.meeting.pk), one.meeting.partner_id
    return event_of("meeting.held", subject, by_id=one.by.pk, at=one.at, partner=partner, **told)
