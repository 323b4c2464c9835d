"""Calendars of all makers: what is read of them, in which zone, and what is refused with a reason."""

from __future__ import annotations

import csv
import tarfile
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.core.ical import Guest, Invitation, request_text
from drumbeat.core.icalreading import CalendarReading, read_calendar
from drumbeat.core.refusal import Refused
from tests.shared import shared

OWN_RULES = (
    "BEGIN:VTIMEZONE\nTZID:{name}\n"
    "BEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\n"
    "BEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:{summer}\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\n"
    "END:VTIMEZONE\n"
)


def calendar(event: str, before: str = "", end: str = "\n") -> CalendarReading:
    text = f"BEGIN:VCALENDAR\n{before}BEGIN:VEVENT\nUID:u\n{event}\nEND:VEVENT\nEND:VCALENDAR\n"
    return read_calendar(text.replace("\n", end).encode())


def told(event: str, before: str = "") -> dict[str, Any]:
    return calendar(event, before).as_json()


STARTS = {
    "in UTC": ("DTSTART:20261125T090000Z", "2026-11-25T09:00:00+00:00", "UTC"),
    "by IANA name": (
        "DTSTART;TZID=Europe/Berlin:20261125T090000",
        "2026-11-25T09:00:00+01:00",
        "Europe/Berlin",
    ),
    "by Windows name": (
        "DTSTART;TZID=W. Europe Standard Time:20260701T090000",
        "2026-07-01T09:00:00+02:00",
        "Europe/Berlin",
    ),
    "with a path before": (
        "DTSTART;TZID=/mozilla.org/20070129_1/America/New_York:20260701T090000",
        "2026-07-01T09:00:00-04:00",
        "America/New_York",
    ),
    "floating": ("DTSTART:20261125T090000", "2026-11-25T09:00:00", "floating"),
    "a whole day": ("DTSTART;VALUE=DATE:20261125", "2026-11-25", None),
    "Z beside a zone": ("DTSTART;TZID=Europe/Berlin:20261125T090000Z", "2026-11-25T09:00:00+00:00", "UTC"),
    "unknown zone": ("DTSTART;TZID=Nowhere:20261125T090000", "2026-11-25T09:00:00", "floating"),
}


@pytest.mark.parametrize("name", STARTS)
def test_starts(name: str) -> None:
    line, start, zone = STARTS[name]

    assert (told(line)["start"], told(line)["zone"]) == (start, zone)


@pytest.mark.parametrize(
    ("summer", "zone", "start"),
    [
        ("+0200", "Europe/Berlin", "2026-07-01T09:00:00+02:00"),
        ("+0230", "Office", "2026-07-01T09:00:00+02:30"),
    ],
)
def test_a_zone_of_its_own_goes_by_its_rules(summer: str, zone: str, start: str) -> None:
    """Rules like those of a zone of the world get its name; others keep their own."""
    reading = told("DTSTART;TZID=Office:20260701T090000", OWN_RULES.format(name="Office", summer=summer))

    assert (reading["start"], reading["zone"]) == (start, zone)
    assert told("DTSTART;TZID=Office:20260101T090000", OWN_RULES.format(name="Office", summer=summer))[
        "start"
    ].endswith("+01:00")


def test_ends_by_duration_and_of_days() -> None:
    assert told("DTSTART:20261125T090000Z\nDURATION:PT1H30M")["end"] == "2026-11-25T10:30:00+00:00"
    assert told("DTSTART;VALUE=DATE:20261125")["end"] == "2026-11-26"
    assert told("DTSTART:20261125T090000Z\nDTEND:20261125T080000Z")["problems"] == [
        "It ends before it starts"
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_folded_lines_people_and_answers(end: str) -> None:
    reading = calendar(
        'DTSTART:20261125T090000Z\nATTENDEE;CN="Müller, Zoë";PARTSTAT=accepted;X-A="b:c";ROLE=CHAIR:MAILTO:zoe@p.exa\n mple\n'
        "ORGANIZER;CN=Jonas:mailto:jonas@v.example\nSUMMARY:Review\\, Q4\\nsecond\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE:20261202T090000Z",
        end=end,
    ).as_json()

    assert reading["attendees"] == [
        {"email": "zoe@p.example", "name": "Müller, Zoë", "answer": "ACCEPTED", "role": "CHAIR"}
    ]
    assert reading["organizer"] == {"email": "jonas@v.example", "name": "Jonas"}
    assert reading["summary"] == "Review, Q4\nsecond"
    assert reading["recurrence"] == {
        "rule": "FREQ=WEEKLY;COUNT=3",
        "further": [],
        "without": ["2026-12-02T09:00:00+00:00"],
    }


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings(encoding: str) -> None:
    text = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u\nDTSTART:20261125\nSUMMARY:Grüße\nEND:VEVENT\nEND:VCALENDAR\n"
    )

    assert read_calendar(text.encode(encoding)).events[0].summary == "Grüße"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no calendar"),
        ("hello", "no calendar"),
        ("BEGIN:VCALENDAR\nBEGIN:VTODO\nEND:VTODO\nEND:VCALENDAR", "only 1 VTODO"),
        (
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:soon\nEND:VEVENT\nEND:VCALENDAR",
            "DTSTART is no date: 'soon'",
        ),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260231\nEND:VEVENT\nEND:VCALENDAR", "doesn't exist"),
        ("BEGIN:VEVENT\n" * 50, "nested"),
    ],
)
def test_refusals_say_why(text: str, why: str) -> None:
    try:
        said = read_calendar(text.encode()).refused
    except Refused as refusal:
        said = str(refusal)

    assert why in said


def test_our_own_invitations_are_understood() -> None:
    invitation = Invitation(
        "u1", 3, "Review", "…", datetime(2026, 7, 1, 7, tzinfo=UTC), 60, "Europe/Berlin",
        Guest("Alice", "alice@v.example"), (Guest("Zoë", "zoe@p.example"),), datetime(2026, 6, 1, tzinfo=UTC),
    )  # fmt: skip
    reading = read_calendar(request_text(invitation)).as_json()

    assert (reading["method"], reading["uid"], reading["sequence"]) == ("REQUEST", "u1", 3)
    assert (reading["start"], reading["end"]) == ("2026-07-01T09:00:00+02:00", "2026-07-01T10:00:00+02:00")
    assert reading["attendees"][0]["answer"] == "NEEDS-ACTION"


@pytest.mark.shared
def test_all_shared_calendars_are_read_or_refused_in_a_second() -> None:
    folder = shared("data/ics")
    with (folder / "index_dev.csv").open(encoding="utf-8", newline="") as lines:
        labels = {row["file"]: row for row in csv.DictReader(lines)}
    with tarfile.open(folder / "ics_permissive.tar.gz") as tar:
        files = {member.name.removeprefix("./"): tar.extractfile(member) for member in tar if member.isfile()}
        for name, file in files.items():
            assert file
            _check(name, file.read(), labels.get(name))


def _check(name: str, raw: bytes, label: dict[str, str] | None) -> None:
    started = time.process_time()
    try:
        reading = read_calendar(raw)
    except Refused as refusal:
        assert str(refusal), name
        return
    assert time.process_time() - started < 1, name
    assert reading.events or reading.refused, name
    if label and label["icalendar_7.3_parse"] == "ok" and int(label["vevents"]):
        is_same = len(reading.events) + len(reading.unread) == int(label["vevents"])
        assert is_same or "custom_component" in name, name
        assert reading.method == label["method"].upper(), name


@settings(max_examples=300)
@given(st.text(alphabet='BEGIN:VTIMEZONDSA;="\n 0123456789TZPRUL-,/\\', max_size=400))
def test_whatever_comes_is_read_or_refused(text: str) -> None:
    whole = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u\n{text}\nEND:VEVENT\nEND:VCALENDAR"
    try:
        read_calendar(whole.encode()).as_json()
    except Refused as refusal:
        assert str(refusal)
