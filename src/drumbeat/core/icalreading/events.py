"""One VEVENT as a value: when, who, how often, and what each has answered. Knows no message and no calendar around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from drumbeat.core.icalreading.lines import Component, Property
from drumbeat.core.icalreading.moments import Moment, duration_of, is_before, later, moment_of
from drumbeat.core.icalreading.zonebook import Zones
from drumbeat.core.recurrence import RuleError, parse_rule
from drumbeat.core.refusal import Refused

MOST_ATTENDEES = 1_000
MOST_DATES = 5_000
LONGEST_TEXT = 2_000
NO_ANSWER = "NEEDS-ACTION"


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody asked to come. `answer` is the PARTSTAT in capitals; `told` the delivery status of the last exchange."""

    email: str
    name: str = ""
    answer: str = NO_ANSWER
    role: str = "REQ-PARTICIPANT"
    kind: str = "INDIVIDUAL"
    is_asked: bool = False
    told: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A meeting, or one changed occurrence of a series (then `recurrence_id` names it by its original start).

    `rule` is the RRULE as written; `further` and `without` are RDATE and EXDATE. `stamped_at` is DTSTAMP.
    """

    uid: str
    sequence: int
    stamped_at: datetime | None
    start: Moment | None
    end: Moment | None
    summary: str = ""
    location: str = ""
    status: str = ""
    organizer: Attendee | None = None
    attendees: tuple[Attendee, ...] = ()
    rule: str = ""
    further: tuple[Moment, ...] = ()
    without: tuple[Moment, ...] = ()
    recurrence_id: Moment | None = None
    reaches_on: bool = False
    request_status: str = ""
    comment: str = ""
    problems: tuple[str, ...] = ()


def event_of(component: Component, zones: Zones) -> Event:
    """Reads a VEVENT; refuses one whose dates can't be read. Smaller faults are told in `problems`."""
    problems = [told for one in (component, *component.parts) for told in one.problems()]
    start = _moment(component, "DTSTART", zones)
    end = _end(component, start, zones, problems)
    problems += _doubts(component, zones)
    if start and end and is_before(end, start):
        problems.append("It ends before it starts")
        end = None
    recurrence = component.first("RECURRENCE-ID")
    organizer = component.first("ORGANIZER")
    return Event(
        uid=component.value("UID")[:500],
        sequence=_whole(component.value("SEQUENCE"), problems),
        stamped_at=_instant(component, "DTSTAMP", zones),
        start=start,
        end=end,
        summary=component.value("SUMMARY")[:LONGEST_TEXT],
        location=component.value("LOCATION")[:LONGEST_TEXT],
        status=component.value("STATUS").upper()[:40],
        organizer=_person(organizer) if organizer else None,
        attendees=_attendees(component, problems),
        rule=_rule(component, problems),
        further=_moments(component, "RDATE", zones, problems),
        without=_moments(component, "EXDATE", zones, problems),
        recurrence_id=moment_of(recurrence, zones) if recurrence else None,
        reaches_on=recurrence is not None
        and recurrence.parameters.get("RANGE", "").upper() == "THISANDFUTURE",
        request_status=component.value("REQUEST-STATUS").partition(";")[0][:20],
        comment=component.value("COMMENT")[:LONGEST_TEXT],
        problems=tuple(problems),
    )


def _moment(component: Component, name: str, zones: Zones) -> Moment | None:
    line = component.first(name)
    return moment_of(line, zones) if line and line.value.strip() else None


def _doubts(component: Component, zones: Zones) -> list[str]:
    """What is doubtful about the zones of its times, each said once. A Z and a whole day need no zone."""
    lines = [line for name in ("DTSTART", "DTEND", "RECURRENCE-ID") if (line := component.first(name))]
    named = [
        line.parameters.get("TZID", "") for line in lines if re.search(r"[T ][\d:]+$", line.value.strip())
    ]
    return [doubt for name in dict.fromkeys(named) if (doubt := zones.doubt(name))]


def _end(component: Component, start: Moment | None, zones: Zones, problems: list[str]) -> Moment | None:
    """DTEND, or the start and DURATION; a day without either lasts that day (RFC 5545, 3.6.1)."""
    try:
        if told := _moment(component, "DTEND", zones):
            return told
        if start and (duration := component.value("DURATION")):
            return later(start, duration_of(duration))
    except Refused as refusal:
        problems.append(refusal.what)
        return None
    if start is None:
        return None
    return later(start, timedelta(days=1)) if start.is_day else None


def _instant(component: Component, name: str, zones: Zones) -> datetime | None:
    try:
        found = _moment(component, name, zones)
    except Refused:
        return None
    return found.instant if found else None


def _whole(text: str, problems: list[str]) -> int:
    if re.fullmatch(r"\d{1,9}", text):
        return int(text)
    if text:
        problems.append(f"SEQUENCE is no number: {text[:20]!r}")
    return 0


def _person(line: Property) -> Attendee:
    """Address from the value, or from EMAIL where the value is no address."""
    given = line.parameters
    address = re.sub(r"(?i)^\s*mailto:\s*", "", line.text).strip().strip("<>")
    if "@" not in address and "@" in given.get("EMAIL", ""):
        address = given["EMAIL"]
    return Attendee(
        email=address[:300],
        name=given.get("CN", "").strip("'\" ")[:300],
        answer=given.get("PARTSTAT", NO_ANSWER).upper(),
        role=given.get("ROLE", "REQ-PARTICIPANT").upper(),
        kind=given.get("CUTYPE", "INDIVIDUAL").upper(),
        is_asked=given.get("RSVP", "").upper() == "TRUE",
        told=given.get("SCHEDULE-STATUS", ""),
    )


def _attendees(component: Component, problems: list[str]) -> tuple[Attendee, ...]:
    lines = component.all("ATTENDEE")
    if len(lines) > MOST_ATTENDEES:
        problems.append(f"{len(lines):,} attendees; the first {MOST_ATTENDEES:,} are read")
    people = [_person(line) for line in lines[:MOST_ATTENDEES] if line.value.strip()]
    return tuple({person.email.lower(): person for person in reversed(people)}.values())[::-1]


def _rule(component: Component, problems: list[str]) -> str:
    """The RRULE as written when it can be read; else a problem is told and the event stands alone."""
    text = component.value("RRULE")
    try:
        if text:
            parse_rule(text.rstrip(";"))
    except RuleError as error:
        problems.append(f"RRULE can't be followed: {error}"[:300])
    return text[:1_000].rstrip(";")


def _moments(component: Component, name: str, zones: Zones, problems: list[str]) -> tuple[Moment, ...]:
    found: list[Moment] = []
    for line in component.all(name):
        for value in filter(None, line.value.split(",")):
            if len(found) >= MOST_DATES:
                problems.append(f"More than {MOST_DATES:,} dates in {name}; the rest is left out")
                return tuple(found)
            try:
                found.append(moment_of(Property(name, line.parameters, value.partition("/")[0]), zones))
            except Refused as refusal:
                problems.append(refusal.what)
    return tuple(found)
