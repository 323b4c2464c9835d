"""A meeting is run live: points ticked, minutes and decisions written in place, attendance noted, commitments taken.

Two people may write at once: a text is put together line by line with what was saved meanwhile, or the clash is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction

from drumbeat.apps.ledger.actions import propose_commitment
from drumbeat.apps.ledger.models import Commitment, Side
from drumbeat.apps.meetings.models import AgendaPoint, Attendee, Meeting
from drumbeat.apps.meetings.queries import may_owe
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account
from drumbeat.core.commitments import read_line
from drumbeat.core.merging import merge
from drumbeat.core.refusal import insist

from .noting import meeting_not_cancelled, note_change, record_meeting

Field = Literal["notes", "decision"]
LONGEST = 20_000
MOST_POINTS = 12


@dataclass(frozen=True, slots=True)
class Written:
    """The text as it stands now. `mine` is what could not be saved, because somebody changed the same lines."""

    text: str
    version: int
    is_merged: bool = False
    mine: str | None = None


@transaction.atomic
def write_text(
    subject: Meeting | AgendaPoint,
    field: Field,
    text: str,
    *,
    base: str,
    version: int,
    by: Account,
    at: datetime,
) -> Written:
    """Saves a text that was begun from `base`, the text of `version`. Nothing that somebody else saved is lost: see `Written`."""
    meeting_not_cancelled(subject if isinstance(subject, Meeting) else subject.meeting, by, at)
    insist(len(text) <= LONGEST, f"The text has {len(text)} letters", f"Write at most {LONGEST} here.", field)
    row = type(subject)._default_manager.select_for_update(of=("self",)).get(pk=subject.pk)
    now, counted = getattr(row, field), getattr(row, f"{field}_version")
    mine, base = text.replace("\r\n", "\n").rstrip(), base.replace("\r\n", "\n").rstrip()
    put = mine if version == counted else merge(base, mine, now)
    if put is None:
        return Written(now, counted, mine=mine)
    if put != now:
        counted += 1
        setattr(row, field, put)
        setattr(row, f"{field}_version", counted)
        row.save(update_fields=[field, f"{field}_version"])
    return Written(put, counted, is_merged=put != mine)


@transaction.atomic
def tick_point(point: AgendaPoint, is_done: bool, *, by: Account, at: datetime) -> None:
    """Talked through, or taken up again."""
    meeting_not_cancelled(point.meeting, by, at)
    point.is_done = is_done
    point.save(update_fields=["is_done"])


@transaction.atomic
def add_point(
    meeting: Meeting, text: str, *, by: Account, at: datetime, side: str = Side.BOTH
) -> AgendaPoint:
    """Something else to talk about, at the end of the agenda."""
    meeting_not_cancelled(meeting, by, at)
    insist(side in Side.values, f"There is no side {side!r}", "Use vendor, partner or both.", "side")
    return _add(meeting, text, at, side=side, person=by)


@transaction.atomic
def bring_point(meeting: Meeting, text: str, *, who: Contact | Account, at: datetime) -> AgendaPoint:
    """Somebody of either side wants to talk about it, and says so before the meeting begins; twelve points each at most."""
    locked = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    is_to_come = locked.state == Meeting.State.ARRANGED and locked.starts_at > at
    insist(is_to_come, "The meeting has begun, or will not be", "Say it there, or write a mail.")
    contact = who if isinstance(who, Contact) else None
    person = who if isinstance(who, Account) else None
    insist(
        locked.points.filter(contact=contact, person=person).count() < MOST_POINTS,
        f"You brought {MOST_POINTS} points already",
        "Take one back.",
        "text",
    )
    side = Side.PARTNER if contact else Side.VENDOR
    return _add(locked, text, at, side=side, contact=contact, person=person)


@transaction.atomic
def take_point_back(point: AgendaPoint, *, who: Contact | Account, at: datetime) -> None:
    """Whoever brought it thinks better of it, while the meeting is to come."""
    insist(who in (point.contact, point.person), "This point is somebody else's", "Ask who brought it.")
    insist(point.meeting.starts_at > at, "The meeting has begun", "Say it there.")
    note_change(point.meeting, at)
    point.delete()


def _add(
    meeting: Meeting,
    text: str,
    at: datetime,
    *,
    side: str,
    contact: Contact | None = None,
    person: Account | None = None,
) -> AgendaPoint:
    text = " ".join(text.split())[:300]
    insist(bool(text), "The point says nothing", "Write what to talk about.", "text")
    last = meeting.points.order_by("-position").values_list("position", flat=True).first()
    note_change(meeting, at)
    place = 0 if last is None else last + 1
    return meeting.points.create(position=place, text=text, side=side, contact=contact, person=person)


@transaction.atomic
def note_attendance(attendee: Attendee, attended: bool, *, by: Account, at: datetime) -> None:
    """One guest was there, or stayed away."""
    meeting_not_cancelled(attendee.meeting, by, at)
    attendee.attended = attended
    attendee.save(update_fields=["attended"])


@transaction.atomic
def undertake(meeting: Meeting, line: str, *, by: Account, at: datetime) -> Commitment:
    """A commitment from one spoken line, `Petra: send the price list by Fri`; who may owe is whoever comes or works there.

    Raises Refused when owner or date is missing: that is no commitment.
    """
    meeting = meeting_not_cancelled(meeting, by, at)
    people = may_owe(meeting, at)
    spoken = read_line(line, [person.name for person in people], at.astimezone(by.tz).date())
    return propose_commitment(
        spoken.text,
        people[spoken.owner],
        spoken.due_on,
        measure=spoken.measure,
        origin="meeting",
        origin_id=meeting.pk,
        partner=meeting.partner,
        by=by,
        at=at,
    )


@transaction.atomic
def note_minutes_sent(meeting: Meeting, *, by: Account, at: datetime) -> None:
    """Both sides have them on their way."""
    meeting = meeting_not_cancelled(meeting, by, at)
    meeting.minutes_sent_at = at
    meeting.save(update_fields=["minutes_sent_at"])
    record_meeting("meeting.minutes_sent", meeting, by, at)
