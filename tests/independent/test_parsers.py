"""What Drumbeat writes, as two other programs read it: the same meeting, the same instants, the same people, no complaint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from drumbeat.core.ical import (
    Entry,
    Guest,
    Invitation,
    calendar_text,
    cancel_text,
    decline_counter_text,
    entry_text,
    request_text,
)

from .parsers import ALL, understood

pytestmark = pytest.mark.xdist_group("parsers")

REVIEW = Invitation(
    uid="abc@polaris.example",
    sequence=0,
    title="Quarterly review; with, signs",
    description="- results, and more\n- asks; and a backslash \\ here\n- "
    + "ein langer Satz mit Umlauten äöü, " * 9
    + "Ende",
    starts_at=datetime(2026, 3, 20, 9, tzinfo=UTC),
    minutes=90,
    zone="Europe/Berlin",
    organiser=Guest("Alice Ahrens", "alice@polaris.example"),
    guests=(Guest('Zoë "Z" Müller, Dr.', "zoe@bergmann.example"), Guest("Sven", "sven@bergmann.example")),
    at=datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
    room="Room 5, 2nd floor",
    video_url="https://meet.example/review?a=1&b=2",
)
MOVED = replace(
    REVIEW, sequence=2, starts_at=datetime(2026, 4, 2, 15, 30, tzinfo=UTC), original_at=datetime(2026, 4, 3, 8, tzinfo=UTC)
)  # fmt: skip
SERIES = replace(REVIEW, rule="FREQ=WEEKLY;COUNT=4")
WEEKS = ["2026-03-20T09:00:00Z", "2026-03-27T09:00:00Z", "2026-04-03T08:00:00Z", "2026-04-10T08:00:00Z"]


@pytest.fixture(params=ALL)
def read(request: pytest.FixtureRequest) -> Callable[[bytes], dict[str, Any]]:
    cache = request.config.cache
    assert cache
    return lambda text: understood(request.param, text, cache)


def test_an_invitation(read) -> None:
    told = read(request_text(REVIEW))
    assert (told["method"], told["complaints"]) == ("REQUEST", [])
    [event] = told["events"]
    assert event == {
        "uid": REVIEW.uid,
        "sequence": 0,
        "start": "2026-03-20T09:00:00Z",
        "end": "2026-03-20T10:30:00Z",
        "zone": "Europe/Berlin",
        "recurrence_id": None,
        "summary": REVIEW.title,
        "description": REVIEW.description,
        "location": "Room 5, 2nd floor · https://meet.example/review?a=1&b=2",
        "status": "CONFIRMED",
        "organizer": "alice@polaris.example",
        "attendees": [
            ["zoe@bergmann.example", "Zoë 'Z' Müller, Dr.", "NEEDS-ACTION", "TRUE"],
            ["sven@bergmann.example", "Sven", "NEEDS-ACTION", "TRUE"],
        ],
    }


def test_a_cancellation(read) -> None:
    told = read(cancel_text(replace(REVIEW, sequence=3)))
    assert (told["method"], told["complaints"]) == ("CANCEL", [])
    event = told["events"][0]
    assert (event["uid"], event["sequence"], event["status"]) == (REVIEW.uid, 3, "CANCELLED")
    assert [one[0] for one in event["attendees"]] == ["zoe@bergmann.example", "sven@bergmann.example"]


def test_a_series_keeps_its_hour_when_clocks_change(read) -> None:
    told = read(request_text(SERIES))
    assert (told["occurrences"], told["complaints"]) == (WEEKS, [])


def test_a_moved_date_of_a_series(read) -> None:
    told = read(request_text(MOVED))
    event = told["events"][0]
    assert (event["start"], event["recurrence_id"]) == ("2026-04-02T15:30:00Z", WEEKS[2])
    assert (event["uid"], event["sequence"], told["complaints"]) == (REVIEW.uid, 2, [])


def test_one_date_of_a_series_is_off(read) -> None:
    told = read(cancel_text(MOVED))
    assert (told["events"][0]["recurrence_id"], told["complaints"]) == (WEEKS[2], [])


def test_a_series_with_its_changed_dates(read) -> None:
    """A date that is off and one that was moved, told with the whole: the other dates stay."""
    off = datetime(2026, 3, 27, 9, tzinfo=UTC)
    told = read(request_text(replace(SERIES, sequence=2, without=(off,)), MOVED))
    master, moved = told["events"]
    assert (master["recurrence_id"], moved["recurrence_id"]) == (None, WEEKS[2])
    assert {master["uid"], moved["uid"]} == {REVIEW.uid} and told["complaints"] == []
    assert WEEKS[1] not in told["occurrences"] and {WEEKS[0], WEEKS[3]} <= set(told["occurrences"])


def test_several_dates_of_a_series_are_off(read) -> None:
    told = read(cancel_text(MOVED, replace(MOVED, original_at=datetime(2026, 4, 10, 8, tzinfo=UTC))))
    assert [one["recurrence_id"] for one in told["events"]] == WEEKS[2:] and told["complaints"] == []


def test_the_time_stays(read) -> None:
    told = read(decline_counter_text(REVIEW))
    assert told["method"] == "DECLINECOUNTER"
    # RFC 5546, 3.2.8 wants SEQUENCE where it isn't zero; libical never.
    assert [one for one in told["complaints"] if "SEQUENCE" not in one] == []
    event = told["events"][0]
    assert (event["uid"], event["organizer"], event["start"]) == (REVIEW.uid, "alice@polaris.example", None)


def test_a_calendar_to_subscribe_to(read) -> None:
    elsewhere = replace(REVIEW, uid="def@polaris.example", zone="America/New_York")
    entries = [
        Entry(REVIEW, "https://drumbeat.example/meetings/1/"),
        Entry(elsewhere, "https://x.example/", True),
    ]
    told = read(calendar_text(entries, name="Alice; all, of it"))
    assert (told["method"], told["complaints"]) == ("PUBLISH", [])
    assert [(one["zone"], one["start"], one["status"], one["attendees"]) for one in told["events"]] == [
        ("Europe/Berlin", "2026-03-20T09:00:00Z", "CONFIRMED", []),
        ("America/New_York", "2026-03-20T09:00:00Z", "CANCELLED", []),
    ]


def test_a_meeting_on_a_calendar_server(read) -> None:
    told = read(entry_text(Entry(REVIEW, "https://drumbeat.example/meetings/1/")))
    assert not told["method"] and told["complaints"] == []
    assert (told["events"][0]["uid"], told["events"][0]["attendees"]) == (REVIEW.uid, [])


@pytest.mark.parametrize(
    "zone",
    ["America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu",
     "America/St_Johns", "Pacific/Apia", "UTC"],
)  # fmt: skip
def test_every_zone_s_rules_say_the_same_instant(read, zone: str) -> None:
    """One day of each month of two years in one series would hide a wrong rule; so each is a meeting of its own."""
    moments = [
        datetime(2026, 1, 15, 13, 30, tzinfo=UTC) + timedelta(days=29 * number) for number in range(24)
    ]
    entries = [
        Entry(replace(REVIEW, uid=f"{number}@x", starts_at=moment, zone=zone), "https://x.example/")
        for number, moment in enumerate(moments)
    ]
    told = read(calendar_text(entries, name="Zones"))
    assert [one["start"] for one in told["events"]] == [f"{one:%Y-%m-%dT%H:%M:%SZ}" for one in moments]
