"""Invitations, cancellations and calendars of meetings as iCalendar texts (RFC 5545, 5546). Knows no mail and no row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vDuration, vRecur, vText, vUri

from drumbeat.core.icalzones import zone_rules

PRODUCT = "-//Drumbeat//Meetings//EN"
REQUEST, CANCEL, PUBLISH, DECLINE_COUNTER = "REQUEST", "CANCEL", "PUBLISH", "DECLINECOUNTER"
YEARS_OF_RULES = 4  # a series runs over two years at most, and may begin at the end of one
REFRESHED_EACH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who organises or attends."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """One meeting as its guests see it. `starts_at` is an instant, `zone` the IANA name it is told in.

    `uid` stays for the meeting's life, `sequence` grows with each change; `at` is the moment of writing. `rule` (RRULE) makes
    it a series that begins then, `without` the starts at which it is not held; `original_at` one changed date of a series,
    named by the start that it had there.
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
    room: str = ""
    video_url: str = ""
    rule: str = ""
    without: tuple[datetime, ...] = ()
    original_at: datetime | None = None

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Entry:
    """A meeting in a calendar that somebody reads, with the page where it is run."""

    invitation: Invitation
    page: str
    is_cancelled: bool = False


def request_text(invitation: Invitation, *dates: Invitation) -> bytes:
    """Asks the guests to come, or tells them of a change (same `uid`, higher `sequence`); after a series its changed dates."""
    asked = {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
    told = [invitation, *dates]
    return _text(_calendar(REQUEST), [(_with_guests(one, "CONFIRMED", **asked), one) for one in told])


def cancel_text(*invitations: Invitation) -> bytes:
    """Tells the guests that the meeting, or dates of its series, will not be."""
    return _text(_calendar(CANCEL), [(_with_guests(one, "CANCELLED"), one) for one in invitations])


def _with_guests(invitation: Invitation, status: str, **asked: str) -> Event:
    event = _event(invitation, status)
    for guest in invitation.guests:
        event.add("attendee", _address(guest, **asked))
    return event


def decline_counter_text(invitation: Invitation) -> bytes:
    """Tells a guest who asked for another time that the meeting stays as it is; such a message names it and no more."""
    return _text(_calendar(DECLINE_COUNTER), [(_named(invitation), invitation)])


def calendar_text(entries: Sequence[Entry], *, name: str) -> bytes:
    """A calendar to subscribe to. It asks nobody for an answer, so it names no attendees."""
    calendar = _calendar(PUBLISH)
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", vDuration(REFRESHED_EACH), {"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESHED_EACH))
    return _text(calendar, [(_entry(entry), entry.invitation) for entry in entries])


def entry_text(entry: Entry) -> bytes:
    """One meeting as it lies on a calendar server. Without attendees: such a server would write to them itself."""
    return _text(_calendar(""), [(_entry(entry), entry.invitation)])


def _entry(entry: Entry) -> Event:
    event = _event(entry.invitation, "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("last-modified", entry.invitation.at.astimezone(UTC))
    event.add("url", vUri(entry.page))
    return event


def _event(invitation: Invitation, status: str) -> Event:
    event = _named(invitation)
    event.add("dtstart", _local(invitation.starts_at, invitation.zone))
    event.add("dtend", _local(invitation.ends_at, invitation.zone))
    if invitation.rule:
        event.add("rrule", vRecur.from_ical(invitation.rule))
    for start in invitation.without:
        event.add("exdate", _local(start, invitation.zone))
    event.add("summary", invitation.title)
    event.add("description", invitation.description)
    if place := " · ".join(part for part in (invitation.room, invitation.video_url) if part):
        event.add("location", place)
    if invitation.video_url:
        event.add("conference", vUri(invitation.video_url), {"VALUE": "URI", "FEATURE": "VIDEO"})
    event.add("status", status)
    return event


def _named(invitation: Invitation) -> Event:
    """Which meeting, in which version, and whose."""
    event = Event()
    event.add("uid", invitation.uid)
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", invitation.at.astimezone(UTC))
    event.add("organizer", _address(invitation.organiser))
    if invitation.original_at:
        event.add("recurrence-id", _local(invitation.original_at, invitation.zone))
    return event


def _local(moment: datetime, zone: str) -> datetime:
    """In the zone's own time; in UTC where that would name an earlier moment, in the hour that an autumn night repeats."""
    local = moment.astimezone(UTC if zone == "UTC" else ZoneInfo(zone))
    return moment.astimezone(UTC) if local.fold else local


def _address(guest: Guest, **parameters: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{guest.email}")
    # Double quotes would have to be written as RFC 6868 wants, and few programs read that.
    for name, value in {"CN": guest.name.replace('"', "'"), **parameters}.items():
        address.params[name] = vText(value)
    return address


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    if method:
        calendar.add("method", method)
    return calendar


def _text(calendar: Calendar, events: Sequence[tuple[Event, Invitation]]) -> bytes:
    for zone, (year, years) in _spans(invitation for _, invitation in events).items():
        calendar.add_component(zone_rules(zone, year, years))
    for event, _ in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical(sorted=False))


def _spans(invitations: Iterable[Invitation]) -> dict[str, tuple[int, int]]:
    """Zone -> the first year that its rules must cover, and how many."""
    years: dict[str, list[int]] = {}
    for one in invitations:
        moments = [one.starts_at, one.original_at or one.starts_at]
        last = YEARS_OF_RULES if one.rule else 2
        spanned = [year for moment in moments for year in (moment.year, moment.year + last)]
        years.setdefault(one.zone, []).extend(spanned)
    return {zone: (min(told), max(told) - min(told)) for zone, told in years.items() if zone != "UTC"}
