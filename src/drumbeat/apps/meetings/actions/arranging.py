"""Meetings are arranged, moved and cancelled; the guests' invitations are queued in the same transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from drumbeat.apps.ledger.models import Promise, Side
from drumbeat.apps.meetings.models import AgendaPoint, Attendee, Meeting
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.people.models import Account
from drumbeat.apps.people.queries import vendor
from drumbeat.core.refusal import Refused

from .inviting import invite
from .noting import meeting_to_come, note_change, record_meeting, settle_open_counters

State = Meeting.State


@dataclass(frozen=True, slots=True)
class Point:
    """Something to talk about; `promise` when it is about one."""

    text: str
    side: str = Side.BOTH
    promise_id: int | None = None


@transaction.atomic
def arrange_meeting(
    key: str,
    *,
    title: str,
    organiser: Account,
    guests: Sequence[Contact | Account],
    starts_at: datetime,
    minutes: int,
    zone: str,
    at: datetime,
    partner: Partner | None = None,
    promise: Promise | None = None,
    points: Sequence[Point] = (),
    purpose: str = "",
    room: str = "",
    video_url: str = "",
) -> Meeting:
    """Arranges a meeting and invites its guests, once for its key: a second call returns the first's meeting.

    `zone` (IANA) is the one in which the meeting is told and stays put when clocks change.
    """
    meeting, is_new = Meeting.objects.get_or_create(
        uid=uid_of(key),
        original_at=None,
        defaults={
            "title": title,
            "partner": partner,
            "organiser": organiser,
            "promise": promise,
            "starts_at": starts_at,
            "minutes": minutes,
            "zone": zone,
            "room": room,
            "video_url": video_url,
            "changed_at": at,
        },
    )
    if is_new:
        Attendee.objects.bulk_create(attendee_of(meeting, who) for who in dict.fromkeys(guests))
        _write_points(meeting, points)
        invite(meeting, purpose=purpose, at=at)
    return meeting


def uid_of(key: str) -> str:
    """The same for the same key, and of nobody else in the world."""
    return f"{hashlib.sha256(key.encode()).hexdigest()[:32]}@{vendor().mail_from.rpartition('@')[2]}"


def attendee_of(meeting: Meeting, who: Contact | Account) -> Attendee:
    return Attendee(
        meeting=meeting,
        contact=who if isinstance(who, Contact) else None,
        person=who if isinstance(who, Account) else None,
    )


@transaction.atomic
def fill_agenda(meeting: Meeting, points: Sequence[Point], *, at: datetime) -> None:
    """Replaces the agenda while the meeting is still to come, but for what people added; then it stays as it was. No new
    invitation goes out."""
    if meeting.state == State.ARRANGED and meeting.starts_at > at:
        _write_points(meeting, points)
        note_change(meeting, at)


def _write_points(meeting: Meeting, points: Sequence[Point]) -> None:
    added = meeting.points.exclude(contact=None, person=None)
    meeting.points.filter(contact=None, person=None).delete()
    told = set(added.values_list("text", flat=True))
    points = [point for point in points if point.text[:300] not in told]
    added.update(position=F("position") + len(points))
    AgendaPoint.objects.bulk_create(
        AgendaPoint(
            meeting=meeting,
            position=place,
            text=point.text[:300],
            side=point.side,
            promise_id=point.promise_id,
        )
        for place, point in enumerate(points)
    )


@transaction.atomic
def move_meeting(
    meeting: Meeting, starts_at: datetime, *, by: Account, at: datetime, minutes: int | None = None
) -> Meeting:
    """Another time, or length; all guests get the change and are asked again."""
    meeting = meeting_to_come(meeting, by, at)
    if starts_at <= at:
        raise Refused("The new time is past", "Choose a later one.", field="starts_at")
    minutes = minutes or meeting.minutes
    if (starts_at, minutes) == (meeting.starts_at, meeting.minutes):
        return meeting
    meeting.minutes = minutes
    meeting.starts_at, meeting.sequence, meeting.changed_at = starts_at, meeting.sequence + 1, at
    meeting.save(update_fields=["starts_at", "minutes", "sequence", "changed_at"])
    meeting.attendees.update(answer=Attendee.Answer.NONE)
    settle_open_counters(meeting, at=at)
    invite(meeting, at=at)
    record_meeting("meeting.moved", meeting, by, at)
    return meeting


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, by: Account, at: datetime) -> Meeting:
    """It will not be; all guests are told. Cancelling twice does nothing."""
    if Meeting.objects.filter(pk=meeting.pk, state=State.CANCELLED).exists():
        return meeting
    meeting = meeting_to_come(meeting, by, at)
    meeting.state, meeting.sequence, meeting.changed_at = State.CANCELLED, meeting.sequence + 1, at
    meeting.save(update_fields=["state", "sequence", "changed_at"])
    settle_open_counters(meeting, at=at)
    invite(meeting, at=at)
    record_meeting("meeting.cancelled", meeting, by, at)
    return meeting


def give_meetings(meetings: Sequence[int], partner: Partner) -> None:
    """They are with this partner from now on, as when two became one; nobody is invited anew."""
    Meeting.objects.filter(pk__in=meetings, state=State.ARRANGED).update(partner=partner)
