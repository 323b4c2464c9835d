"""Meetings are arranged, moved and cancelled; the guests' invitations are queued in the same transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.db import IntegrityError, transaction
from django.db.models import F

from drumbeat.apps.ledger.models import Promise, Side
from drumbeat.apps.meetings.models import AgendaPoint, Attendee, Meeting
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.people.models import Account
from drumbeat.apps.people.queries import vendor
from drumbeat.core.refusal import insist

from .inviting import invite, invite_all
from .noting import meeting_to_come, note_change, record_meeting, settle_open_counters

State = Meeting.State
Place = tuple[str, str]  # room, address of the video call


@dataclass(frozen=True, slots=True)
class Point:
    """Something to talk about; `promise` when it is about one, `person` when one of us brought it, and then it stays."""

    text: str
    side: str = Side.BOTH
    promise_id: int | None = None
    person: Account | None = None


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A meeting that is to be, once for its key. `zone` (IANA) is the one in which it is told and stays put when clocks
    change."""

    key: str
    title: str
    organiser: Account
    guests: Sequence[Contact | Account]
    starts_at: datetime
    minutes: int
    zone: str
    partner: Partner | None = None
    promise: Promise | None = None
    points: Sequence[Point] = ()
    purpose: str = ""
    room: str = ""
    video_url: str = ""


def arrange_meeting(wanted: Arrangement, *, at: datetime) -> Meeting:
    """Arranges a meeting and invites its guests, once for its key: a second call returns the first's meeting."""
    return arrange_meetings([wanted], at=at)[0]


def arrange_meetings(wanted: Sequence[Arrangement], *, at: datetime) -> list[Meeting]:
    """The same for many, in their order, in a few statements."""
    by_uid = dict(zip(uids_of([one.key for one in wanted]), wanted, strict=True))
    try:
        return _arrange(by_uid, at)
    except IntegrityError:
        # Another process arranged one of them in this very moment; its row is there now.
        return _arrange(by_uid, at)


@transaction.atomic
def _arrange(by_uid: dict[str, Arrangement], at: datetime) -> list[Meeting]:
    alone = Meeting.objects.filter(uid__in=by_uid, original_at=None)
    known = {meeting.uid: meeting for meeting in alone.select_related("organiser", "partner")}
    new = {uid: one for uid, one in by_uid.items() if uid not in known}
    meetings = Meeting.objects.bulk_create(_meeting(uid, one, at) for uid, one in new.items())
    guests = [
        [attendee_of(meeting, who) for who in dict.fromkeys(one.guests)]
        for meeting, one in zip(meetings, new.values(), strict=True)
    ]
    Attendee.objects.bulk_create(chain.from_iterable(guests))
    AgendaPoint.objects.bulk_create(
        point
        for meeting, one in zip(meetings, new.values(), strict=True)
        for point in points_of(meeting, one.points)
    )
    purposes = (one.purpose for one in new.values())
    invite_all(list(zip(meetings, guests, purposes, strict=True)), at=at)
    there = known | {meeting.uid: meeting for meeting in meetings}
    return [there[uid] for uid in by_uid]


def _meeting(uid: str, one: Arrangement, at: datetime) -> Meeting:
    return Meeting(
        uid=uid,
        title=one.title,
        partner=one.partner,
        organiser=one.organiser,
        promise=one.promise,
        starts_at=one.starts_at,
        minutes=one.minutes,
        zone=one.zone,
        room=one.room,
        video_url=one.video_url,
        changed_at=at,
    )


def uids_of(keys: Sequence[str]) -> list[str]:
    """For each key one that is the same for the same key, and of nobody else in the world."""
    domain = vendor().mail_from.rpartition("@")[2]
    return [f"{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}" for key in keys]


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
    if meeting.state == State.ARRANGED and meeting.starts_at > at and _write_points(meeting, points):
        note_change(meeting, at)


def _write_points(meeting: Meeting, points: Sequence[Point]) -> bool:
    """Whether there was something to change."""
    there = list(AgendaPoint.objects.filter(meeting=meeting))
    added = [point for point in there if point.contact_id or point.person_id]
    told = {point.text for point in added}
    new = points_of(meeting, [point for point in points if point.text[:300] not in told])
    old = [point for point in there if point not in added]
    if list(map(_said, old)) == list(map(_said, new)):
        return False
    AgendaPoint.objects.filter(pk__in=[point.pk for point in old]).delete()
    AgendaPoint.objects.filter(pk__in=[point.pk for point in added]).update(position=F("position") + len(new))
    AgendaPoint.objects.bulk_create(new)
    return True


def _said(point: AgendaPoint) -> tuple[str, str, int | None]:
    return point.text, point.side, point.promise_id


def points_of(meeting: Meeting, points: Sequence[Point]) -> list[AgendaPoint]:
    """In this order, to be written."""
    return [
        AgendaPoint(
            meeting=meeting,
            position=place,
            text=point.text[:300],
            side=point.side,
            promise_id=point.promise_id,
            person=point.person,
        )
        for place, point in enumerate(points)
    ]


@transaction.atomic
def move_meeting(
    meeting: Meeting,
    starts_at: datetime,
    *,
    by: Account,
    at: datetime,
    minutes: int | None = None,
    place: Place | None = None,
) -> Meeting:
    """Another time, length or place; all guests get the change and are asked again."""
    meeting = meeting_to_come(meeting, by, at)
    insist(starts_at > at, "The new time is past", "Choose a later one.", "starts_at")
    before = (meeting.starts_at, meeting.minutes, place_of(meeting))
    after = (starts_at, minutes or meeting.minutes, place or place_of(meeting))
    if after == before:
        return meeting
    put(meeting, *after, sequence=meeting.sequence + 1, at=at)
    invite(meeting, at=at)
    record_meeting("meeting.moved", meeting, by, at)
    return meeting


def put(
    meeting: Meeting, starts_at: datetime, minutes: int, place: Place, *, sequence: int, at: datetime
) -> None:
    """It is then and there now, and nobody has answered to that yet."""
    meeting.starts_at, meeting.minutes = starts_at, minutes
    meeting.room, meeting.video_url = place
    meeting.sequence, meeting.changed_at = sequence, at
    meeting.save(update_fields=["starts_at", "minutes", "room", "video_url", "sequence", "changed_at"])
    meeting.attendees.update(answer=Attendee.Answer.NONE)
    settle_open_counters(meeting, at=at)


def place_of(meeting: Meeting) -> Place:
    return meeting.room, meeting.video_url


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, by: Account, at: datetime) -> Meeting:
    """It will not be; all guests are told. Cancelling twice does nothing."""
    if Meeting.objects.filter(pk=meeting.pk, state=State.CANCELLED).exists():
        return meeting
    meeting = meeting_to_come(meeting, by, at)
    put_off(meeting, sequence=meeting.sequence + 1, at=at)
    invite(meeting, at=at)
    record_meeting("meeting.cancelled", meeting, by, at)
    return meeting


def put_off(meeting: Meeting, *, sequence: int, at: datetime) -> None:
    """It will not be."""
    meeting.state, meeting.sequence, meeting.changed_at = State.CANCELLED, sequence, at
    meeting.save(update_fields=["state", "sequence", "changed_at"])
    settle_open_counters(meeting, at=at)


def give_meetings(meetings: Sequence[int], partner: Partner) -> None:
    """They are with this partner from now on, as when two became one; nobody is invited anew."""
    Meeting.objects.filter(pk__in=meetings, state=State.ARRANGED).update(partner=partner)
