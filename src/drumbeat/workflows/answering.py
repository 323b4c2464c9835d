"""What an answer sets in motion: the step that waits for it, or the guest's yes or no to a meeting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from drumbeat.apps.meetings.actions import take_answer
from drumbeat.apps.meetings.bridge import invitation_of
from drumbeat.apps.meetings.models import Attendee, Meeting
from drumbeat.apps.messages.models import Message
from drumbeat.apps.routines.actions import look_again_together
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import Step, StepState
from drumbeat.core.ical import request_text
from drumbeat.core.icalreading import Attendee as Guest
from drumbeat.core.icalreading import CalendarReading, read_calendar, read_calendar_text
from drumbeat.core.itip import apply
from drumbeat.core.itip_series import series_of
from drumbeat.core.mailreading import Reading
from drumbeat.workflows.waiting import MAIL_ANSWERED

ANSWERS = {
    "ACCEPTED": Attendee.Answer.ACCEPTED,
    "DECLINED": Attendee.Answer.DECLINED,
    "TENTATIVE": Attendee.Answer.NONE,
}


def wake_waits(message: Message, *, at: datetime) -> int:
    """The steps of its occurrence that wait for an answer look at once; how many."""
    waiting = list(_waits(message))
    look_again_together(waiting, next_at=at, at=at)
    return len(waiting)


def _waits(message: Message) -> Iterator[Step]:
    if message.step_id is None:
        return
    occurrences = Step.objects.filter(pk=message.step_id).values("occurrence_id")
    steps = Step.objects.filter(occurrence_id__in=occurrences, state=StepState.OPEN)
    for step in steps.select_related("occurrence__version", "playbook_step"):
        if playbook_of(step.occurrence.version).step(step.playbook_step.key).until == MAIL_ANSWERED:
            yield step


def take_calendar_answer(reading: Reading, *, at: datetime) -> int:
    """Answers of guests to a meeting of ours, each from the guest's own address; how many were new."""
    calendar = read_calendar_text(reading.calendar, method=reading.calendar_method)
    uid = calendar.events[0].uid if calendar.events else ""
    meeting = Meeting.objects.filter(uid=uid).select_related("organiser").first() if uid else None
    if meeting is None:
        return 0
    senders = {person["email"].lower() for person in reading.sender}
    guests = {
        _email(attendee): attendee for attendee in meeting.attendees.select_related("contact", "person")
    }
    answers = [one for one in _answered(meeting, guests, calendar, at) if one.email.lower() in senders]
    known = [
        (guests[one.email.lower()], ANSWERS.get(one.answer)) for one in answers if one.email.lower() in guests
    ]
    return sum(take_answer(attendee, answer, at=at) for attendee, answer in known if answer)


def _answered(
    meeting: Meeting, guests: dict[str, Attendee], calendar: CalendarReading, at: datetime
) -> tuple[Guest, ...]:
    """The answers that count for the meeting as our invitation tells it; a COUNTER's guest has not said yes."""
    invited = read_calendar(request_text(invitation_of(meeting, list(guests.values()), at=at)))
    applied = apply(series_of(invited), calendar)
    return applied.answers if applied.is_changed else ()


def _email(attendee: Attendee) -> str:
    return attendee.who.email.lower() if attendee.who else ""
