"""Invitations and cancellations of meetings as iTIP texts (RFC 5545, 5546). Knows no mail and no row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vText

PRODUCT = "-//Drumbeat//Meetings//EN"
REQUEST, CANCEL = "REQUEST", "CANCEL"
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who organises or attends."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """One meeting as its guests see it. `starts_at` is an instant, `zone` the IANA name it is told in.

    `uid` stays for the meeting's life, `sequence` grows with each change; `at` is the moment of writing.
    """

    uid: str
    sequence: int
    title: str
    description: str
    starts_at: datetime
    minutes: int
    zone: str
    organiser: Guest
    guests: tuple[Guest, ...]
    at: datetime

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


def request_text(invitation: Invitation) -> bytes:
    """Asks the guests to come, or tells them of a change (same `uid`, higher `sequence`)."""
    event = _event(invitation)
    event.add("status", "CONFIRMED")
    for guest in invitation.guests:
        event.add("attendee", _address(guest, ROLE="REQ-PARTICIPANT", PARTSTAT="NEEDS-ACTION", RSVP="TRUE"))
    return _calendar(REQUEST, event, invitation)


def cancel_text(invitation: Invitation) -> bytes:
    """Tells the guests that the meeting will not be."""
    event = _event(invitation)
    event.add("status", "CANCELLED")
    for guest in invitation.guests:
        event.add("attendee", _address(guest))
    return _calendar(CANCEL, event, invitation)


def _event(invitation: Invitation) -> Event:
    event = Event()
    event.add("uid", invitation.uid)
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", invitation.at.astimezone(UTC))
    event.add("dtstart", _local(invitation.starts_at, invitation.zone))
    event.add("dtend", _local(invitation.ends_at, invitation.zone))
    event.add("summary", invitation.title)
    event.add("description", invitation.description)
    event.add("organizer", _address(invitation.organiser))
    return event


def _local(moment: datetime, zone: str) -> datetime:
    """In the zone's own time; in UTC where that would name an earlier moment, in the hour that an autumn night repeats."""
    local = moment.astimezone(UTC if zone == "UTC" else ZoneInfo(zone))
    return moment.astimezone(UTC) if local.fold else local


def _address(guest: Guest, **parameters: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{guest.email}")
    for name, value in {"CN": guest.name, **parameters}.items():
        address.params[name] = vText(value)
    return address


def _calendar(method: str, event: Event, invitation: Invitation) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if invitation.zone != "UTC":
        calendar.add_component(_zone_rules(invitation.zone, invitation.starts_at.year))
    calendar.add_component(event)
    return bytes(calendar.to_ical(sorted=False))


@lru_cache(maxsize=512)
def _zone_rules(zone: str, year: int) -> Timezone:
    """VTIMEZONE with every change of offset from the start of this year to the end of the next.

    RFC 5545, 3.6.5: an observance begins at the wall clock's time *before* the change.
    """
    place, first = ZoneInfo(zone), datetime(year, 1, 1, tzinfo=UTC)
    rules = Timezone()
    rules.add("tzid", zone)
    rules.add_component(_observance(first.astimezone(place), first.astimezone(place)))
    for change in _changes(place, first, datetime(year + 2, 1, 1, tzinfo=UTC)):
        before, after = (change - SECOND).astimezone(place), change.astimezone(place)
        rules.add_component(_observance(before, after))
    return rules


def _observance(before: datetime, after: datetime) -> TimezoneStandard | TimezoneDaylight:
    offset_before, offset_after = before.utcoffset(), after.utcoffset()
    assert offset_before is not None and offset_after is not None
    observance = TimezoneDaylight() if after.dst() else TimezoneStandard()
    observance.add("dtstart", (after.astimezone(UTC) + offset_before).replace(tzinfo=None))
    observance.add("tzoffsetfrom", offset_before)
    observance.add("tzoffsetto", offset_after)
    observance.add("tzname", after.tzname())
    return observance


def _changes(place: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """The first second (UTC) of each new offset in [first, last)."""
    day = first
    while day < last:
        follower = day + timedelta(days=1)
        if _offset(place, day) != _offset(place, follower):
            yield _change_between(place, day, follower)
        day = follower


def _change_between(place: ZoneInfo, low: datetime, high: datetime) -> datetime:
    while high - low > SECOND:
        middle = low + (high - low) // (2 * SECOND) * SECOND
        low, high = (middle, high) if _offset(place, middle) == _offset(place, low) else (low, middle)
    return high


def _offset(place: ZoneInfo, moment: datetime) -> timedelta | None:
    return moment.astimezone(place).utcoffset()
