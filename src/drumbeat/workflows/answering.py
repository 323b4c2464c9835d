"""What an answer sets in motion: the step that waits for it, the guest's yes or no to a meeting, or another time to decide on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from drumbeat.apps.meetings.actions import take_answer, take_counter
from drumbeat.apps.meetings.bridge import invitation_of, invitation_to_all
from drumbeat.apps.meetings.models import Attendee, Meeting
from drumbeat.apps.messages.models import Message
from drumbeat.apps.routines.actions import look_again_together
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import Step, StepState
from drumbeat.core.ical import request_text
from drumbeat.core.icalreading import CalendarReading, Event, Moment, read_calendar, read_calendar_text
from drumbeat.core.itip import apply
from drumbeat.core.itip_series import Series, series_of
from drumbeat.core.mailreading import Reading
from drumbeat.workflows.waiting import MAIL_ANSWERED

ANSWERS = {
    "ACCEPTED": Attendee.Answer.ACCEPTED,
    "DECLINED": Attendee.Answer.DECLINED,
    "TENTATIVE": Attendee.Answer.NONE,
}

MOST_ANSWERS = 60  # events in one mail; a series has 26 dates at most


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
    """Answers of guests to meetings of ours, and other times that they ask for, each from the guest's own address; how many
    were new."""
    calendar = read_calendar_text(reading.calendar, method=reading.calendar_method)
    senders = frozenset(person["email"].lower() for person in reading.sender)
    return sum(
        _take(meeting, event, calendar, senders, at)
        for event in calendar.events[:MOST_ANSWERS]
        for meeting in _meetings_of(event)
    )


def _meetings_of(event: Event) -> list[Meeting]:
    """The date that it names; without one the meeting, or those of a series that were not moved one by one."""
    rows = (
        list(Meeting.objects.filter(uid=event.uid).select_related("organiser", "series")) if event.uid else []
    )
    named = event.recurrence_id
    if named is None:
        return [one for one in rows if one.series is None or one.sequence <= one.series.sequence]
    return [one for one in rows if one.original_at and _is_named(one, one.original_at, named)]


def _is_named(meeting: Meeting, original_at: datetime, named: Moment) -> bool:
    if named.instant:
        return named.instant == original_at
    return named.day == original_at.astimezone(ZoneInfo(meeting.zone)).date()


def _take(
    meeting: Meeting, event: Event, calendar: CalendarReading, senders: frozenset[str], at: datetime
) -> int:
    attendees = list(meeting.attendees.select_related("contact__partner", "person"))
    guests = {one.who.email.lower(): one for one in attendees if one.who and one.who.email.lower() in senders}
    if not guests:
        return 0
    told = _told(meeting, attendees, event, at)
    named = replace(event, recurrence_id=told.events[0].recurrence_id)
    applied = apply(told, replace(calendar, events=(named,)))
    if applied.proposal:
        return sum(_propose(guest, applied.proposal, at) for guest in list(guests.values())[:1])
    answers = [one for one in applied.answers if applied.is_changed and one.email.lower() in guests]
    known = [(guests[one.email.lower()], ANSWERS.get(one.answer)) for one in answers]
    return sum(take_answer(attendee, answer, at=at) for attendee, answer in known if answer)


def _told(meeting: Meeting, attendees: list[Attendee], event: Event, at: datetime) -> Series:
    """The meeting as our invitation tells it: alone, as one date of its series, or the whole series."""
    if meeting.series and event.recurrence_id is None:
        invitation = invitation_to_all(meeting.series, meeting, attendees, at=at)
    else:
        invitation = invitation_of(meeting, attendees, at=at)
    told = series_of(read_calendar(request_text(invitation)))
    assert told, "an invitation holds its meeting"
    return told


def _propose(guest: Attendee, wanted: Event, at: datetime) -> bool:
    """A proposal about an older version of the meeting, or without a time, asks for nothing."""
    start, meeting = wanted.start, guest.meeting
    if start is None or start.local is None or wanted.sequence < meeting.sequence:
        return False
    starts_at = start.instant or start.local.replace(tzinfo=ZoneInfo(meeting.zone)).astimezone(UTC)
    ends_at = wanted.end.instant if wanted.end else None
    minutes = round((ends_at - starts_at).total_seconds() / 60) if ends_at else meeting.minutes
    return take_counter(guest, starts_at, max(minutes, 1), words=wanted.comment, at=at)
