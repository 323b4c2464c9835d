"""Invitations as other programs read them: the same meeting, the same instant, in every zone and on every day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from drumbeat.core.ical import Guest, Invitation, cancel_text, request_text

REVIEW = Invitation(
    uid="abc@polaris.example",
    sequence=0,
    title="Quarterly review; with, signs",
    description="- results\n- asks",
    starts_at=datetime(2026, 3, 20, 9, tzinfo=UTC),
    minutes=90,
    zone="Europe/Berlin",
    organiser=Guest("Alice Ahrens", "alice@polaris.example"),
    guests=(
        Guest('Zoë "Z" Müller, Dr.', "zoe@bergmann.example"),
        Guest("Sven Sommer", "sven@bergmann.example"),
    ),
    at=datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
)
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "America/St_Johns",
    "Pacific/Apia",
]


def read(text: bytes) -> tuple[Calendar, Event]:
    calendar = Calendar.from_ical(text)
    assert isinstance(calendar, Calendar)
    event = calendar.walk("VEVENT")[0]
    assert isinstance(event, Event)
    return calendar, event


def test_asks_guests_to_come() -> None:
    calendar, event = read(request_text(REVIEW))
    assert (calendar["METHOD"], event["STATUS"]) == ("REQUEST", "CONFIRMED")
    assert (event["UID"], event["SEQUENCE"], event["SUMMARY"]) == (REVIEW.uid, 0, REVIEW.title)
    assert event["DESCRIPTION"] == REVIEW.description
    assert event["DTSTAMP"].dt == REVIEW.at
    assert str(event["ORGANIZER"]) == "mailto:alice@polaris.example"
    assert [str(guest) for guest in event["ATTENDEE"]] == [
        "mailto:zoe@bergmann.example",
        "mailto:sven@bergmann.example",
    ]
    assert {guest.params["RSVP"] for guest in event["ATTENDEE"]} == {"TRUE"}
    assert {guest.params["PARTSTAT"] for guest in event["ATTENDEE"]} == {"NEEDS-ACTION"}
    assert event["ATTENDEE"][0].params["CN"] == "Zoë 'Z' Müller, Dr."


def test_tells_guests_that_it_is_off() -> None:
    calendar, event = read(cancel_text(replace(REVIEW, sequence=1)))
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    assert event["UID"] == REVIEW.uid and len(event["ATTENDEE"]) == 2


def test_is_the_same_text_for_the_same_meeting_in_crlf_lines_of_75_octets() -> None:
    text = request_text(REVIEW)
    assert text == request_text(replace(REVIEW))
    assert all(len(line) <= 75 and b"\n" not in line for line in text.split(b"\r\n"))


def test_names_its_zone_with_the_rules() -> None:
    text = request_text(REVIEW).decode()
    assert "DTSTART;TZID=Europe/Berlin:20260320T100000" in text
    # RFC 5545, 3.6.5: onset in the wall clock's time before the change.
    assert "BEGIN:DAYLIGHT\r\nDTSTART:20260329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200" in text
    assert "BEGIN:STANDARD\r\nDTSTART:20261025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100" in text


def test_needs_no_rules_for_utc() -> None:
    text = request_text(replace(REVIEW, zone="UTC")).decode()
    assert "VTIMEZONE" not in text and "DTSTART:20260320T090000Z" in text


@example(zone="Europe/Berlin", starts_at=datetime(2026, 10, 25, 0, 30, tzinfo=UTC), minutes=60)
@example(zone="Europe/Berlin", starts_at=datetime(2026, 10, 25, 1, 30, tzinfo=UTC), minutes=60)
@example(zone="Europe/Berlin", starts_at=datetime(2026, 3, 29, 0, 30, tzinfo=UTC), minutes=60)
@given(
    zone=st.sampled_from(ZONES),
    starts_at=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    minutes=st.integers(5, 480),
)
def test_a_reader_gets_the_instant_back(zone: str, starts_at: datetime, minutes: int) -> None:
    starts_at = starts_at.replace(microsecond=0)
    _, event = read(request_text(replace(REVIEW, zone=zone, starts_at=starts_at, minutes=minutes)))
    assert event["DTSTART"].dt.astimezone(UTC) == starts_at
    assert event["DTEND"].dt.astimezone(UTC) == starts_at + timedelta(minutes=minutes)


@pytest.mark.parametrize("zone", ZONES)
def test_the_rules_tell_each_offset_of_two_years(zone: str) -> None:
    calendar, _ = read(request_text(replace(REVIEW, zone=zone)))
    observances = sorted(
        (part["DTSTART"].dt, part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td)
        for part in calendar.walk("VTIMEZONE")[0].subcomponents
    )
    for hours in range(0, 2 * 365 * 24, 5):
        moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
        begun = [
            after for local, before, after in observances if local - before <= moment.replace(tzinfo=None)
        ]
        assert begun[-1] == moment.astimezone(ZoneInfo(zone)).utcoffset()
