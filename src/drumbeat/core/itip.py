"""What a scheduling message does to a meeting (RFC 5546): old state and message in, new state and the reason out.

Knows no mail, no clock and no rights: who may write to whom is asked before. A message can do nothing to a meeting of
another UID or another organizer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from drumbeat.core.icalreading.calendar import CalendarReading
from drumbeat.core.icalreading.events import NO_ANSWER, Attendee, Event
from drumbeat.core.icalreading.moments import Moment, later
from drumbeat.core.itip_series import Series, exception_at, is_occurrence, shortened

DELIVERED = "2.0"


@dataclass(frozen=True, slots=True)
class Applied:
    """The meeting after the message, whether it changed, and what happened in one sentence.

    `answers` are those that were taken over, `strangers` the addresses among them that nobody had invited, `proposal`
    the event that a COUNTER asks for, `wants_copy` that the attendee asked for the meeting anew (REFRESH).
    """

    series: Series | None
    is_changed: bool
    why: str
    answers: tuple[Attendee, ...] = ()
    strangers: tuple[str, ...] = ()
    proposal: Event | None = None
    wants_copy: bool = False


def apply(existing: Series | None, message: CalendarReading) -> Applied:
    """The meeting after this message. A message that means nothing here changes nothing and says why."""
    if reason := _why_ignored(existing, message):
        return Applied(existing, False, reason)
    if message.method in ("REQUEST", "PUBLISH"):
        return _requested(existing, message)
    if existing is None:
        return Applied(None, False, f"{message.method} for a meeting that isn't known")
    if message.method == "COUNTER":
        return _countered(existing, message.events[0])
    if message.method == "REFRESH":
        return Applied(existing, False, "An attendee asks for the meeting anew", wants_copy=True)
    if message.method == "DECLINECOUNTER":
        return Applied(existing, False, "The organizer keeps the time as it is")
    return {"REPLY": _replied, "CANCEL": _cancelled, "ADD": _added}[message.method](existing, message.events)


def _why_ignored(existing: Series | None, message: CalendarReading) -> str:
    if not message.events:
        return message.refused
    if message.method not in (
        "REQUEST",
        "PUBLISH",
        "REPLY",
        "CANCEL",
        "ADD",
        "COUNTER",
        "REFRESH",
        "DECLINECOUNTER",
    ):
        return (
            "The calendar is no message: it names no METHOD"
            if not message.method
            else "Its METHOD is unknown"
        )
    uids = {event.uid for event in message.events}
    if len(uids) > 1 or "" in uids:
        return "The message is about several meetings" if len(uids) > 1 else "The event has no UID"
    if existing and existing.uid not in uids:
        return "The message is about another meeting"
    return (
        "The message comes from another organizer"
        if existing and _is_foreign(existing, message.events)
        else ""
    )


def _is_foreign(existing: Series, events: tuple[Event, ...]) -> bool:
    known = existing.organizer
    told = {event.organizer.email.lower() for event in events if event.organizer}
    return bool(known and told and known.email.lower() not in told)


def _requested(existing: Series | None, message: CalendarReading) -> Applied:
    """An invitation or its newer version. Exceptions of an older version go with it; older messages change nothing."""
    series = existing or Series(None, ())
    is_changed = False
    for event in message.events:
        known = series.event_at(event.recurrence_id)
        if known is None or not _is_older(event, known):
            series, is_changed = series.with_event(event), True
    if not is_changed:
        return Applied(existing, False, "The message is older than what is known")
    return Applied(series, True, "Invited" if existing is None else "The meeting was changed")


def _is_older(event: Event, known: Event) -> bool:
    if event.sequence != known.sequence:
        return event.sequence < known.sequence
    return bool(event.stamped_at and known.stamped_at and event.stamped_at < known.stamped_at)


def _added(existing: Series, events: tuple[Event, ...]) -> Applied:
    """Further occurrences: dates of the series, each with the words of its own."""
    master = existing.master
    newer = [event for event in events if event.start and master and event.sequence >= master.sequence]
    if master is None or not newer:
        return Applied(existing, False, "ADD fits no version that is known")
    starts = tuple(event.start for event in newer if event.start)
    length = _length(master)
    changed = replace(
        master, further=(*master.further, *starts), sequence=max(event.sequence for event in newer)
    )
    series = replace(existing, master=changed)
    for event in newer:
        end = event.end or (later(event.start, length) if event.start and length else None)
        series = series.with_event(replace(event, recurrence_id=event.start, end=end))
    return Applied(series, True, "Occurrences were added")


def _length(event: Event) -> timedelta | None:
    if event.start is None or event.end is None:
        return None
    if event.start.instant and event.end.instant:
        return event.end.instant - event.start.instant
    return event.end.day - event.start.day


def _cancelled(existing: Series, events: tuple[Event, ...]) -> Applied:
    series, is_changed = existing, False
    for event in events:
        known = series.event_at(event.recurrence_id) or series.master
        if known and not _is_older(replace(event, stamped_at=None), known):
            series, is_changed = _without(series, event), True
    return Applied(
        series, is_changed, "Cancelled" if is_changed else "The message is older than what is known"
    )


def _without(series: Series, event: Event) -> Series:
    if event.recurrence_id is None:
        everything = [one for one in (series.master, *series.exceptions) if one]
        cancelled = [
            replace(one, status="CANCELLED", sequence=max(event.sequence, one.sequence)) for one in everything
        ]
        return Series(
            next((one for one in cancelled if not one.recurrence_id), None),
            tuple(one for one in cancelled if one.recurrence_id),
        )
    if event.reaches_on and series.master:
        return shortened(series, event.recurrence_id, event.sequence)
    return series.without(event.recurrence_id)


def _replied(existing: Series, events: tuple[Event, ...]) -> Applied:
    """Answers of attendees. One for a date that is none of the series, or to an older version, isn't taken over."""
    series, taken, strangers, reasons = existing, list[Attendee](), list[str](), list[str]()
    for event in events:
        target = series.event_at(event.recurrence_id)
        is_new = target is None and event.recurrence_id is not None
        if (
            is_new
            and event.recurrence_id
            and series.master
            and is_occurrence(series.master, event.recurrence_id)
        ):
            target = exception_at(series.master, event.recurrence_id)
        if target is None:
            reasons.append("It answers for a date on which the meeting isn't")
            continue
        if 0 < event.sequence < target.sequence and _is_moved_since(existing, event):
            reasons.append("It answers an older version of the meeting")
            continue
        for answer in event.attendees:
            target, news = _with_answer(target, answer, event, is_new=is_new)
            taken += [news] if news else []
            strangers += [answer.email] if not existing.invites(answer.email) else []
        series = series.with_event(target, is_answer=True)
    if not taken:
        return Applied(existing, False, reasons[0] if reasons else "It holds no newer answer")
    return Applied(series, True, "Answered", tuple(taken), tuple(dict.fromkeys(strangers)))


def _is_moved_since(existing: Series, event: Event) -> bool:
    """An answer to an older version counts when that had the same start, or when the answer doesn't say."""
    known = existing.event_at(event.recurrence_id) or existing.master
    return bool(known and known.start and event.start and known.start.key() != event.start.key())


def _with_answer(
    target: Event, answer: Attendee, event: Event, *, is_new: bool
) -> tuple[Event, Attendee | None]:
    """The event with this answer in it, and the answer as it stands now; None when a newer one is known."""
    known = next((one for one in target.attendees if one.email.lower() == answer.email.lower()), None)
    if known is None:
        crasher = replace(answer, answered_at=event.stamped_at)
        return replace(target, attendees=(*target.attendees, crasher)), crasher
    if known.answered_at and event.stamped_at and event.stamped_at < known.answered_at:
        return target, None
    told = "" if is_new else event.request_status or DELIVERED
    answered = replace(
        known, answer=answer.answer, name=answer.name or known.name, told=told, answered_at=event.stamped_at
    )
    people = tuple(answered if one is known else one for one in target.attendees)
    return replace(target, attendees=people), answered


def _countered(existing: Series, proposal: Event) -> Applied:
    """Another time is asked for. The meeting stays as it is until the organizer agrees."""
    return Applied(
        existing, False, "An attendee proposes another time", tuple(proposal.attendees), proposal=proposal
    )


def answer_of(series: Series, email: str, at: Moment | None = None) -> str:
    """The answer of one address for the meeting, or for one occurrence of it; NEEDS-ACTION when none came."""
    event = series.event_at(at) or series.master
    people = event.attendees if event else ()
    return next((one.answer for one in people if one.email.lower() == email.lower()), NO_ANSWER)
