"""Calendars as other programs write them, faults and all; the answers are those of RFC 5545 and RFC 5546."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from drumbeat.core.icalreading import CalendarReading, read_calendar
from drumbeat.core.itip import apply
from drumbeat.core.itip_series import is_occurrence, series_of
from tests.core.icalreading.test_reading import OWN_RULES

BERLIN = "2026-07-06T10:00:00+02:00"


def message(
    event: str, *, method: str = "REQUEST", before: str = "", product: str = "-//X//EN"
) -> CalendarReading:
    text = (
        f"BEGIN:VCALENDAR\nPRODID:{product}\nVERSION:2.0\nMETHOD:{method}\n{before}"
        f"BEGIN:VEVENT\n{event}\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    return read_calendar(text.replace("\n", "\r\n").encode())


def told(event: str, **around: str) -> dict[str, Any]:
    return message(event, **around).as_json()


def test_outlook_com() -> None:
    """Its zone is called by Windows' name and comes with rules since 1601; the name is enough."""
    reading = told(
        'ORGANIZER;CN="Wu, Ana":mailto:ana@v.example\nATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;'
        "CN=Zoë:mailto:zoe@p.example\nUID:040000008200E00074C5B7101A82E00800000000\nSUMMARY;LANGUAGE=de-DE:Rückblick\n"
        "DTSTART;TZID=W. Europe Standard Time:20260706T100000\nDTEND;TZID=W. Europe Standard Time:20260706T110000\n"
        "DTSTAMP:20260701T080000Z\nX-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.example/l/x",
        before=OWN_RULES.format(name="W. Europe Standard Time", summer="+0200"),
        product="Microsoft Exchange Server 2010",
    )

    assert (reading["start"], reading["zone"], reading["summary"]) == (BERLIN, "Europe/Berlin", "Rückblick")
    assert reading["organizer"] == {"email": "ana@v.example", "name": "Wu, Ana"}
    assert "problems" not in reading


def test_exchange_with_fields_of_its_own() -> None:
    """A day without end by Microsoft's word for it is still what DTSTART and DTEND say."""
    reading = told(
        "UID:x\nDTSTART;VALUE=DATE:20260706\nDTEND;VALUE=DATE:20260708\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE\n"
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE\nX-MICROSOFT-CDO-APPT-SEQUENCE:7\nSEQUENCE:2\nX-MICROSOFT-DISALLOW-COUNTER:FALSE",
        product="Microsoft CDO for Microsoft Exchange",
    )

    assert (reading["start"], reading["end"], reading["all_day"]) == ("2026-07-06", "2026-07-08", True)
    assert reading["sequence"] == 2


@pytest.mark.parametrize(
    ("value", "start", "zone"),
    [("20260706T100000", "2026-07-06T10:00:00", "floating"), ("20260706T080000Z", "2026-07-06T08:00:00+00:00", "UTC")],
)  # fmt: skip
def test_google_with_a_zone_of_the_whole_calendar_only(value: str, start: str, zone: str) -> None:
    """X-WR-TIMEZONE is a wish about display; RFC 5545 (3.3.5) leaves a time without zone floating."""
    reading = told(
        f"UID:x@google.com\nDTSTART:{value}", before="X-WR-TIMEZONE:Europe/Berlin\nX-WR-CALNAME:Partner\n"
    )

    assert (reading["start"], reading["zone"]) == (start, zone)


@pytest.mark.parametrize(
    "zone",
    [
        '"(GMT+01.00) Amsterdam / Berlin / Bern / Rome / Stockholm / Vienna"',
        "/freeassociation.sourceforge.net/Tzfile/Europe/Berlin",
        "/freeassociation.sourceforge.net/Europe/Berlin",
        "/mozilla.org/20050126_1/Europe/Berlin",
        "/softwarestudio.org/Olson_20011030_5/Europe/Berlin",
        "W. Europe",
        "custom_Europe/Berlin",
    ],
)
def test_zimbra_evolution_mozilla_and_notes_name_berlin(zone: str) -> None:
    reading = told(
        f"UID:x\nDTSTART;TZID={zone}:20260706T100000\nDURATION:PT45M", product="Zimbra-Calendar-Provider"
    )

    assert (reading["start"], reading["end"], reading["zone"]) == (
        BERLIN,
        "2026-07-06T10:45:00+02:00",
        "Europe/Berlin",
    )


def test_notes_lists_its_dates_instead_of_a_rule() -> None:
    reading = told(
        'UID:x-Lotus_Notes_Generated\nDTSTART;TZID="W. Europe":20260706T100000\nDTEND;TZID="W. Europe":20260706T110000\n'
        'RDATE;TZID="W. Europe";VALUE=PERIOD:20260706T100000/20260706T110000,\n 20260713T100000/PT1H\nX-LOTUS-CHARSET:UTF-8',
        before=OWN_RULES.format(name="W. Europe", summer="+0200"),
    )

    assert reading["recurrence"] == {
        "rule": None,
        "further": [BERLIN, "2026-07-13T10:00:00+02:00"],
        "without": [],
    }


def test_apple_names_america_with_a_hyphen() -> None:
    assert told("UID:x\nDTSTART;TZID=US-Eastern:20260706T100000")["start"] == "2026-07-06T10:00:00-04:00"


INVITED = (
    "UID:x\nDTSTAMP:20260701T080000Z\nSEQUENCE:1\nDTSTART:20260706T080000Z\nDTEND:20260706T090000Z\n"
    "ORGANIZER:mailto:ana@v.example\nATTENDEE:mailto:zoe@p.example"
)


def test_a_cancellation_that_names_only_the_meeting() -> None:
    """Without SEQUENCE it is of version 0 (3.8.7.4): it cancels that one, and does nothing to a later one."""
    meeting = series_of(message(INVITED.replace("SEQUENCE:1\n", "")))
    cancellation = message("UID:x", method="CANCEL")

    assert cancellation.as_json()["start"] is None
    after = apply(meeting, cancellation)
    assert after.series and after.series.master and after.series.master.status == "CANCELLED"
    assert not apply(series_of(message(INVITED)), cancellation).is_changed


def test_a_reply_that_delegates_names_both() -> None:
    reading = message(
        INVITED.replace("ATTENDEE:mailto:zoe@p.example", "")
        + 'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:kim@p.example":mailto:zoe@p.example\n'
        'ATTENDEE;PARTSTAT=ACCEPTED;DELEGATED-FROM="mailto:zoe@p.example":mailto:kim@p.example',
        method="REPLY",
    )

    assert [(one.email, one.answer) for one in reading.events[0].attendees] == [
        ("zoe@p.example", "DELEGATED"),
        ("kim@p.example", "ACCEPTED"),
    ]
    assert apply(series_of(message(INVITED)), reading).strangers == ("kim@p.example",)


def test_a_counter_proposes_and_changes_nothing() -> None:
    meeting = series_of(message(INVITED))
    after = apply(meeting, message(INVITED.replace("T080000Z\nDTEND", "T120000Z\nDTEND"), method="COUNTER"))

    assert (after.series, after.is_changed) == (meeting, False)
    assert after.proposal and after.proposal.start and after.proposal.start.told().startswith("2026-07-06T12")


@pytest.mark.parametrize(
    ("until", "is_last_in"),
    [
        ("20260119T090000Z", True),
        ("20260119T085959Z", False),
        ("20260119T100000", True),
        ("20260119T095959", False),
    ],
)
def test_a_series_ends_by_its_own_clock_or_in_utc(until: str, is_last_in: bool) -> None:
    """UNTIL is in UTC where the start has a zone (3.3.10); writers who give the wall clock mean that of the start."""
    series = message(
        f"UID:x\nDTSTART;TZID=Europe/Berlin:20260105T100000\nRRULE:FREQ=WEEKLY;UNTIL={until}"
    ).events[0]
    last = message("UID:x\nDTSTART;TZID=Europe/Berlin:20260119T100000").events[0].start

    assert last and not series.problems
    assert is_occurrence(series, last) is is_last_in


def test_a_day_left_out_of_a_series_of_times_is_told_as_a_day() -> None:
    """An EXDATE of another kind than the start leaves no occurrence out (3.8.5.1)."""
    reading = message(
        "UID:x\nDTSTART;TZID=Europe/Berlin:20260105T100000\nRRULE:FREQ=WEEKLY\nEXDATE;VALUE=DATE:20260112"
    )
    on_the_day = message("UID:x\nDTSTART;TZID=Europe/Berlin:20260112T100000").events[0].start

    assert reading.as_json()["recurrence"]["without"] == ["2026-01-12"]
    assert on_the_day and is_occurrence(reading.events[0], on_the_day)
    assert not is_occurrence(replace(reading.events[0], without=(on_the_day,)), on_the_day)


@pytest.mark.parametrize("end", ["DURATION:-PT1H", "DTEND:20260706T070000Z"])
def test_an_end_before_the_start_is_left_out_and_told(end: str) -> None:
    reading = told(f"UID:x\nDTSTART:20260706T080000Z\n{end}")

    assert (reading["end"], reading["problems"]) == (None, ["It ends before it starts"])


def test_what_is_missing_is_null() -> None:
    reading = told("DTSTART:20260706T080000Z")

    assert (reading["uid"], reading["stamp"], reading["organizer"], reading["attendees"]) == (
        None,
        None,
        None,
        [],
    )


def test_quoted_printable_is_undone_where_a_line_names_it() -> None:
    """As vCalendar 1.0 has it; elsewhere an equals sign is one (RFC 5545 knows no such encoding)."""
    reading = told(
        "UID:x\nDTSTART:20260706T080000Z\nSUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:R=C3=BCckblick\nLOCATION:Raum=20B"
    )

    assert (reading["summary"], reading["location"]) == ("Rückblick", "Raum=20B")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("fold", ["\t", " "])
def test_folds_line_ends_and_encodings(encoding: str, ends: str, fold: str) -> None:
    text = (
        f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:x\nDTSTART;TZID=(UTC+01:00) Amsterdam, Ber\n{fold}lin:2026\n{fold}0706T100000\n"
        f"SUMMARY:Rück\n{fold}blick\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    reading = read_calendar(text.replace("\n", ends).encode(encoding)).as_json()

    assert (reading["start"], reading["summary"]) == (BERLIN, "Rückblick")


BROKEN = {
    "running on": ("DESCRIPTION:We meet\nin the big room", "'in the big room'"),
    "an address": ("DESCRIPTION:Join at\nhttps://meet.example/x", "'https://meet.example/x'"),
    "without a value": ("ATTENDEE;CN=Zoe;PARTSTAT=ACCEP", "'ATTENDEE;CN=Zoe;PARTSTAT=ACCEP'"),
    "several": ("DESCRIPTION:One\ntwo three\nfour five", "'two three' and 1 more"),
    "in an alarm": ("BEGIN:VALARM\nDESCRIPTION:One\ntwo three\nEND:VALARM", "'two three'"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_line_whose_fold_was_lost_is_told(name: str) -> None:
    lines, shown = BROKEN[name]
    reading = told(f"UID:x\nDTSTART:20260706T080000Z\n{lines}\nSUMMARY:Review")

    assert reading["problems"] == [f"A line is no property and is left out: {shown}"]
    assert reading["summary"] == "Review"


def test_a_broken_line_outside_of_the_events_is_told_of_the_calendar() -> None:
    reading = told("UID:x\nDTSTART:20260706T080000Z", before="X-WR-CALDESC:Our\nown calendar\n")

    assert reading["problems"] == ["A line is no property and is left out: 'own calendar'"]
    assert message("UID:x").problems == ()
