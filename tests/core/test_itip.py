"""Scheduling messages (RFC 5546): the cases of two calendar servers, and what must not happen to a meeting."""

from __future__ import annotations

import json
from typing import Any

import pytest

from drumbeat.core.icalreading import CalendarReading, read_calendar_text
from drumbeat.core.itip import Applied, answer_of, apply
from drumbeat.core.itip_series import Series, series_of
from drumbeat.core.mailreading import read_mail
from tests.shared import shared_root

Case = dict[str, Any]
MEETING = (
    "UID:u\nSEQUENCE:2\nDTSTAMP:20261101T000000Z\nDTSTART;TZID=Europe/Berlin:20261201T090000\nDTEND;TZID=Europe/Berlin:20261201T100000\n"
    "ORGANIZER:mailto:jonas@v.example\nATTENDEE:mailto:zoe@p.example\n"
)
WEEKLY = MEETING + "RRULE:FREQ=WEEKLY;COUNT=5\n"


def message(method: str, *events: str) -> CalendarReading:
    inside = "".join(f"BEGIN:VEVENT\n{event}END:VEVENT\n" for event in events)
    return read_calendar_text(
        f"BEGIN:VCALENDAR\n{f'METHOD:{method}' if method else ''}\n{inside}END:VCALENDAR\n"
    )


def known(event: str = MEETING) -> Series:
    series = series_of(message("", event))
    assert series
    return series


def reply(answer: str, extra: str = "", who: str = "zoe@p.example") -> CalendarReading:
    return message(
        "REPLY", f"UID:u\nORGANIZER:mailto:jonas@v.example\nATTENDEE;PARTSTAT={answer}:mailto:{who}\n{extra}"
    )


def cases(file: str) -> list[Any]:
    path = shared_root() / "data/ics" / file
    if not path.exists():
        return [pytest.param({}, id="absent", marks=pytest.mark.skip("shared calendars are absent"))]
    return [
        pytest.param(row, id=row["source"].replace(" ", "-"))
        for row in json.loads(path.read_text(encoding="utf-8"))
    ]


def seen(series: Series | None) -> list[Any]:
    """What the cases compare: identity, times, state and everybody's answer."""
    return [
        (
            event.recurrence_id.told() if event.recurrence_id else "",
            event.uid, event.sequence, event.status, event.rule,
            event.start.told() if event.start else "", event.end.told() if event.end else "",
            sorted((one.email, one.answer, one.told) for one in event.attendees),
        )
        for event in (series.events if series else ())
    ]  # fmt: skip


@pytest.mark.shared
@pytest.mark.parametrize("case", cases("itip_sabre_dev.json"))
def test_cases_of_a_calendar_library(case: Case) -> None:
    if "itip" not in case:
        pytest.skip("A case without a message")
    old = series_of(read_calendar_text(case["old"])) if case.get("old") else None
    wanted = series_of(read_calendar_text(case["expected"])) if case.get("expected") else old

    assert seen(apply(old, read_calendar_text(case["itip"])).series) == seen(wanted)


@pytest.mark.shared
@pytest.mark.parametrize("case", cases("imip_cyrus_dev.json"))
def test_cases_of_a_calendar_server(case: Case) -> None:
    """The meeting after all the messages, against the last value that the server's own test asserts of each property."""
    series = None
    for sent in case["messages"]:
        series = _after(series, sent["text"])
    if not case["messages"] or case["source"].endswith("calendarid"):
        pytest.skip("A case without all its messages")
    asserted = {name: value for value, name in case["asserted_in_order"]}

    assert int(bool(series)) == int(asserted["scalar @$events"])
    for name, value in asserted.items():
        told = _told(series, name)
        assert not told or value.lower() in told, name


def _after(series: Series | None, text: str) -> Series | None:
    if text.startswith("BEGIN:VCALENDAR"):
        reading = read_calendar_text(text)
        return apply(series, reading).series if reading.method else series_of(reading)
    mail = read_mail(text.encode())
    return apply(series, read_calendar_text(mail.calendar, method=mail.calendar_method)).series


def _told(series: Series | None, name: str) -> set[str]:
    """What the meeting and its occurrences tell of this property; nothing for those that we don't keep."""
    events = series.events if series else ()
    if name.startswith("foo") and name.endswith("participationStatus"):
        return {one.answer.lower() for event in events for one in event.attendees if one.email in name}
    if name == "start":
        return {
            event.start.local.isoformat().lower() for event in events if event.start and event.start.local
        }
    kept = {"title": "summary", "status": "status", "sequence": "sequence"}
    return {str(getattr(event, kept[name])).lower() for event in events} if name in kept else set()


def test_an_answer_is_taken_over() -> None:
    after = apply(known(), reply("ACCEPTED"))

    assert after.series
    assert (after.is_changed, answer_of(after.series, "ZOE@p.example")) == (True, "ACCEPTED")
    assert [one.email for one in after.answers] == ["zoe@p.example"]


def test_a_later_answer_wins_whatever_comes_first() -> None:
    early, late = (
        reply(answer, f"DTSTAMP:2026112{day}T000000Z\n") for answer, day in (("DECLINED", 1), ("ACCEPTED", 2))
    )
    first = apply(apply(known(), early).series, late)
    second = apply(apply(known(), late).series, early)

    assert first.series and second.series
    assert answer_of(first.series, "zoe@p.example") == answer_of(second.series, "zoe@p.example") == "ACCEPTED"
    assert not second.is_changed


def test_an_answer_to_a_moved_meeting_is_not_taken_over() -> None:
    old = "SEQUENCE:1\nDTSTART;TZID=Europe/Berlin:20261130T090000\n"

    assert not apply(known(), reply("ACCEPTED", old)).is_changed


def test_somebody_uninvited_is_named() -> None:
    assert apply(known(), reply("ACCEPTED", who="eve@x.example")).strangers == ("eve@x.example",)


def test_one_occurrence_is_answered_in_any_zone() -> None:
    after = apply(known(WEEKLY), reply("DECLINED", "RECURRENCE-ID:20261208T080000Z\n"))

    assert after.series
    assert answer_of(after.series, "zoe@p.example") == "NEEDS-ACTION"
    assert [one.start.told() for one in after.series.exceptions if one.start] == ["2026-12-08T09:00:00+01:00"]
    assert not apply(known(WEEKLY), reply("DECLINED", "RECURRENCE-ID:20270105T080000Z\n")).is_changed


def ignored(after: Applied, before: Series | None) -> bool:
    return after.series == before and not after.is_changed and bool(after.why)


def test_what_means_nothing_here_changes_nothing() -> None:
    moved = MEETING.replace("20261201", "20261202")
    for strange in (
        message("REQUEST", moved.replace("SEQUENCE:2", "SEQUENCE:1")),
        message("REQUEST", moved.replace("UID:u", "UID:v")),
        message("REQUEST", moved.replace("jonas@v", "eve@x").replace("SEQUENCE:2", "SEQUENCE:9")),
        message("REQUEST", moved, moved.replace("UID:u", "UID:v")),
        message("CANCEL", moved.replace("SEQUENCE:2", "SEQUENCE:1")),
        message("XYZ", moved),
        message("", moved),
        message("REFRESH", "UID:u\n"),
        message("DECLINECOUNTER", "UID:u\n"),
    ):
        assert ignored(apply(known(), strange), known())
    for method in ("REPLY", "CANCEL", "ADD", "COUNTER", "REFRESH"):
        assert ignored(apply(None, message(method, MEETING)), None)


def test_a_counter_is_a_proposal() -> None:
    after = apply(known(), message("COUNTER", MEETING.replace("20261201", "20261203")))

    assert after.proposal and after.proposal.start
    assert (after.is_changed, after.proposal.start.told()) == (False, "2026-12-03T09:00:00+01:00")


def test_cancelling_one_and_all_later_ones() -> None:
    one = apply(known(WEEKLY), message("CANCEL", MEETING + "RECURRENCE-ID:20261208T080000Z\n")).series
    rest = apply(
        known(WEEKLY), message("CANCEL", MEETING + "RECURRENCE-ID;RANGE=THISANDFUTURE:20261208T080000Z\n")
    ).series

    assert one and one.master and rest and rest.master
    assert [moment.told() for moment in one.master.without] == ["2026-12-08T08:00:00+00:00"]
    assert rest.master.rule == "FREQ=WEEKLY;UNTIL=20261208T075959Z"


def test_a_message_twice_is_as_once() -> None:
    for sent in (message("REQUEST", MEETING), reply("ACCEPTED"), message("CANCEL", MEETING)):
        once = apply(known(), sent).series
        assert seen(apply(once, sent).series) == seen(once)
