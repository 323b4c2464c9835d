"""A calendar file, understood: its method and its events, or the reason why not. Text in, values out."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from drumbeat.core.icalreading.events import Attendee, Event, event_of
from drumbeat.core.icalreading.lines import Component, calendars_in, decoded
from drumbeat.core.icalreading.moments import Moment, moment_of
from drumbeat.core.icalreading.zonebook import Zones
from drumbeat.core.icalreading.zones import Observance, RuledZone, Zone, bare_name, zone_named
from drumbeat.core.recurrence import RuleError, parse_rule
from drumbeat.core.refusal import Refused, insist

METHODS = frozenset(["PUBLISH", "REQUEST", "REPLY", "ADD", "CANCEL", "REFRESH", "COUNTER", "DECLINECOUNTER"])
MOST_EVENTS = 2_000
MOST_OBSERVANCES = 200


@dataclass(frozen=True, slots=True)
class Unread:
    """An event that couldn't be read, and why."""

    uid: str
    why: str


@dataclass(frozen=True, slots=True)
class CalendarReading:
    """What a calendar says. `others` counts the components that are no events, such as VTODO.

    `problems` are those outside of its events.
    """

    method: str
    product: str
    events: tuple[Event, ...]
    unread: tuple[Unread, ...]
    others: dict[str, int]
    problems: tuple[str, ...] = ()

    @property
    def refused(self) -> str:
        """Why nothing was understood; empty when something was."""
        if self.events:
            return ""
        if self.unread:
            return self.unread[0].why
        named = ", ".join(
            f"{count} {name}" for name, count in sorted(self.others.items()) if name != "VTIMEZONE"
        )
        return f"The calendar holds no event{f', only {named}' if named else ''}"

    def as_json(self) -> dict[str, Any]:
        """One object: the first event (of a series the series itself) plainly, and all under `events` when there are several."""
        told: dict[str, Any] = {"method": self.method or None, "product": self.product or None}
        if self.refused:
            told["refused"] = self.refused
        if self.events:
            told |= _event_json(next((one for one in self.events if not one.recurrence_id), self.events[0]))
        if len(self.events) + len(self.unread) > 1:
            told["events"] = [_event_json(event) for event in self.events]
        if self.problems:
            told["problems"] = [*self.problems, *told.get("problems", [])]
        if self.unread:
            told["unread"] = [{"uid": one.uid or None, "why": one.why} for one in self.unread]
        return told | ({"others": self.others} if self.others else {})


def read_calendar(raw: bytes) -> CalendarReading:
    """Understands the bytes of an .ics file; refuses what is no calendar or beyond all measure."""
    return read_calendar_text(decoded(raw))


def read_calendar_text(text: str, *, method: str = "") -> CalendarReading:
    """The same of text. `method` is that of the mail's part, for calendars that name none themselves."""
    calendars = calendars_in(text)
    parts = [(part, calendar) for calendar in calendars for part in calendar.parts]
    events = [pair for pair in parts if pair[0].name == "VEVENT"]
    insist(
        len(events) <= MOST_EVENTS,
        f"The file has {len(events):,} events",
        f"At most {MOST_EVENTS:,} are read.",
    )
    zones = {id(calendar): _zones_of(calendar) for calendar in calendars}
    read, unread = [], []
    for component, calendar in events:
        try:
            read.append(event_of(component, zones[id(calendar)]))
        except Refused as refusal:
            unread.append(Unread(component.value("UID")[:500], str(refusal)))
    others = Counter(part.name for part, _ in parts if part.name != "VEVENT")
    named = calendars[0].value("METHOD").upper() or method.upper()
    return CalendarReading(
        named[:40],
        calendars[0].value("PRODID")[:300],
        tuple(read),
        tuple(unread),
        dict(others),
        tuple(told for calendar in calendars for told in _problems(calendar)),
    )


def _problems(calendar: Component) -> list[str]:
    """Those of the calendar and of its zones, down to their observances."""
    zones = [part for part in calendar.parts if part.name == "VTIMEZONE"]
    outside = [calendar, *zones, *(part for zone in zones for part in zone.parts)]
    return [told for one in outside for told in one.problems()]


def _zones_of(calendar: Component) -> Zones:
    zones: dict[str, Zone] = {}
    for part in calendar.parts:
        name = bare_name(part.value("TZID"))
        observances = tuple(filter(None, map(_observance, part.parts[:MOST_OBSERVANCES])))
        if part.name == "VTIMEZONE" and observances:
            zones[name] = _by_location(part) or RuledZone(name[:200], observances)
    return Zones(zones)


def _by_location(part: Component) -> Zone | None:
    location = part.value("X-LIC-LOCATION")
    return zone_named(location) if location else None


def _observance(part: Component) -> Observance | None:
    """None for one that can't be read: the others may still do."""
    start = part.first("DTSTART")
    try:
        begins = moment_of(start, Zones()).local if start else None
        before, after = _offset(part.value("TZOFFSETFROM")), _offset(part.value("TZOFFSETTO"))
        rule = parse_rule(part.value("RRULE")) if part.value("RRULE") else None
        further = [
            moment_of(line, Zones()).local
            for line in part.all("RDATE")[:500]
            if "," not in line.value and line.value
        ]
    except (Refused, RuleError):
        return None
    if begins is None or before is None or after is None:
        return None
    return Observance(begins, before, after, rule, tuple(one for one in further if one))


def _offset(text: str) -> timedelta | None:
    found = re.fullmatch(r"([+-])?(\d\d):?(\d\d)(?::?(\d\d))?", text.strip())
    if not found or int(found[2]) > 23:
        return None
    length = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=int(found[4] or 0))
    return -length if found[1] == "-" else length


def _event_json(event: Event) -> dict[str, Any]:
    told: dict[str, Any] = {
        "uid": event.uid or None,
        "sequence": event.sequence,
        "start": event.start.told() if event.start else None,
        "end": event.end.told() if event.end else None,
        "zone": (event.start.zone or None) if event.start else None,
        "all_day": bool(event.start and event.start.is_day),
        "summary": event.summary,
        "location": event.location or None,
        "status": event.status or None,
        "organizer": _person_json(event.organizer) if event.organizer else None,
        "attendees": [
            _person_json(one) | {"answer": one.answer, "role": one.role} for one in event.attendees
        ],
        "recurrence": _recurrence_json(event),
        "recurrence_id": event.recurrence_id.told() if event.recurrence_id else None,
        "stamp": event.stamped_at.isoformat() if event.stamped_at else None,
    }
    return told | ({"problems": list(event.problems)} if event.problems else {})


def _person_json(person: Attendee) -> dict[str, Any]:
    return {"email": person.email, "name": person.name}


def _recurrence_json(event: Event) -> dict[str, Any] | None:
    if not (event.rule or event.further or event.without):
        return None
    return {"rule": event.rule or None, "further": _told(event.further), "without": _told(event.without)}


def _told(moments: tuple[Moment, ...]) -> list[str]:
    return [moment.told() for moment in moments]
