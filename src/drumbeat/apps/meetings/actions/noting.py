"""What a person notes about a meeting: who said yes, what was said, that nobody has come yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.meetings.access import may_change_meeting
from drumbeat.apps.meetings.models import Attendee, CounterProposal, Meeting
from drumbeat.apps.people.models import Account
from drumbeat.core.refusal import Refused

State = Meeting.State


@transaction.atomic
def reopen_meeting(meeting: Meeting, *, by: Account, at: datetime) -> Meeting:
    """Takes a hasty note back: nobody has come yet."""
    meeting = meeting_not_cancelled(meeting, by, at)
    meeting.state = State.ARRANGED
    meeting.save(update_fields=["state"])
    meeting.attendees.update(attended=None)
    record_meeting("meeting.reopened", meeting, by, at)
    return meeting


@transaction.atomic
def note_answer(attendee: Attendee, answer: str, *, by: Account, at: datetime) -> Attendee:
    """A guest accepted or declined, as somebody heard."""
    if answer not in Attendee.Answer.values:
        raise Refused(
            f"There is no answer {answer!r}",
            f"Use one of {', '.join(Attendee.Answer.values)}.",
            field="answer",
        )
    meeting = meeting_to_come(attendee.meeting, by, at)
    attendee.answer = answer
    attendee.save(update_fields=["answer"])
    record_meeting("meeting.answered", meeting, by, at, answer=answer)
    return attendee


@transaction.atomic
def take_answer(attendee: Attendee, answer: str, *, at: datetime) -> bool:
    """A guest's own calendar told it. False when the meeting is over, or nothing changes."""
    locked = Meeting.objects.select_for_update(of=("self",)).get(pk=attendee.meeting_id)
    if locked.state != State.ARRANGED or attendee.answer == answer:
        return False
    attendee.answer = answer
    attendee.save(update_fields=["answer"])
    told = {"partner": locked.partner_id, "answer": answer}
    record_event("meeting.answered", ("meeting", locked.pk), by_id=None, at=at, **told)
    return True


@transaction.atomic
def write_minutes(meeting: Meeting, text: str, *, by: Account, at: datetime) -> Meeting:
    """What was said and agreed, as Markdown. Writing again replaces it; what was mailed stays mailed."""
    meeting = meeting_not_cancelled(meeting, by, at)
    meeting.notes = text.strip()
    meeting.notes_version += 1
    meeting.save(update_fields=["notes", "notes_version"])
    record_meeting("meeting.minuted", meeting, by, at)
    return meeting


def meeting_to_come(meeting: Meeting, by: Account, at: datetime) -> Meeting:
    """The row, locked; refused to strangers and when it is over."""
    locked = _locked(meeting, by, at)
    if locked.state != State.ARRANGED:
        raise Refused(f"This meeting is {locked.get_state_display().lower()} already", "Arrange a new one.")
    return locked


def meeting_not_cancelled(meeting: Meeting, by: Account, at: datetime) -> Meeting:
    """The row, locked; refused to strangers and when it will not be."""
    return all_not_cancelled([(meeting, by, at)])[meeting.pk]


def all_not_cancelled(asked: Sequence[tuple[Meeting, Account, datetime]]) -> dict[int, Meeting]:
    """The same for many by their ids, locked in one order, so that two who take several never wait in a circle."""
    locked = _all_locked(asked)
    if any(meeting.state == State.CANCELLED for meeting in locked.values()):
        raise Refused("This meeting was cancelled", "Arrange a new one.")
    return locked


def _locked(meeting: Meeting, by: Account, at: datetime) -> Meeting:
    return _all_locked([(meeting, by, at)])[meeting.pk]


def _all_locked(asked: Sequence[tuple[Meeting, Account, datetime]]) -> dict[int, Meeting]:
    rows = Meeting.objects.select_for_update(of=("self",)).select_related("organiser", "partner")
    locked = {row.pk: row for row in rows.filter(pk__in=[one.pk for one, _, _ in asked]).order_by("pk")}
    if not all(may_change_meeting(by, locked[meeting.pk], at) for meeting, by, at in asked):
        raise Refused("This meeting is somebody else's", "Ask its organiser or the director.")
    return locked


def note_change(meeting: Meeting, at: datetime) -> None:
    """Whoever keeps a copy of it looks again."""
    meeting.changed_at = at
    meeting.save(update_fields=["changed_at"])


def settle_open_counters(meeting: Meeting, *, at: datetime) -> None:
    """Proposals for a time that is none any more."""
    waiting = CounterProposal.objects.filter(attendee__meeting=meeting, settled_at=None)
    waiting.update(settled_at=at, is_accepted=False)


def record_meeting(kind: str, meeting: Meeting, by: Account, at: datetime, **payload: object) -> None:
    record_event(kind, ("meeting", meeting.pk), by_id=by.pk, at=at, partner=meeting.partner_id, **payload)
