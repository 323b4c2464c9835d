"""Whether a letter may leave now: its reader's wishes, hours and fatigue, and what is known of the address. Mail that a
contract needs (without topic) only asks whether the address is good; it knows no row and no server."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from drumbeat.core.mailcaps import CAPS, Caps
from drumbeat.core.worktime import WorkingHours, localize, next_working_moment


@dataclass(frozen=True, slots=True)
class Reader:
    """`ban`: why the address gets nothing; `declined`: topics not wanted; `sent_this_week` counts from Monday, where the
    reader is."""

    hours: WorkingHours
    sent_this_week: int = 0
    declined: frozenset[str] = frozenset()
    ban: str = ""


@dataclass(frozen=True, slots=True)
class Leave:
    """Now."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Not before then."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Never:
    """Not at all: the reader doesn't want it, or the address must be mended first."""

    reason: str


Gate = Leave | Hold | Never


def gate(topic: str, reader: Reader, at: datetime, caps: Caps = CAPS) -> Gate:
    """The first reason that holds it back, the lasting ones first."""
    if reader.ban:
        return Never(f"nothing is sent to this address: {reader.ban}")
    if not topic:
        return Leave()
    if topic in reader.declined:
        return Never(f"the reader does not want mail about {topic}")
    if reader.sent_this_week >= caps.a_week:
        monday = week_begin(at, reader.hours) + timedelta(days=7)
        until = next_working_moment(localize(monday.date(), time(0), reader.hours.zone), reader.hours)
        return Hold(
            until, f"held back: {reader.sent_this_week} mails this week already, {caps.a_week} at most"
        )
    opens = next_working_moment(at, reader.hours)
    return Hold(opens, "held back: outside the reader's working hours") if opens > at else Leave()


def week_begin(at: datetime, hours: WorkingHours) -> datetime:
    """Midnight of the Monday before, where the reader is."""
    day = at.astimezone(hours.zone).date()
    return localize(day - timedelta(days=day.weekday()), time(0), hours.zone)


def slots(domains: Iterable[tuple[str, datetime]], a_minute: int) -> list[datetime]:
    """When each letter leaves, given its domain and its earliest moment in order: so many a minute to one domain."""
    last: dict[str, tuple[datetime, int]] = {}
    found = []
    for domain, earliest in domains:
        minute, used = last.get(domain, (earliest, 0))
        if earliest > minute:
            minute, used = earliest, 0
        elif used >= a_minute:
            minute, used = minute + timedelta(minutes=1), 0
        last[domain] = minute, used + 1
        found.append(minute)
    return found
