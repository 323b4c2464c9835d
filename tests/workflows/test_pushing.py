"""Meetings on a manager's own calendar, on a real server: laid, moved, taken away; once each, and nothing of others overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from drumbeat.apps.meetings.actions import (
    Arrangement,
    arrange_meeting,
    cancel_meeting,
    close_calendar,
    move_meeting,
    settle_copy,
)
from drumbeat.apps.meetings.models import CalendarCopy, Meeting, OwnCalendar
from drumbeat.apps.people.models import Account
from drumbeat.core.icalreading import Event, read_calendar
from drumbeat.core.refusal import Refused
from drumbeat.integrations.caldav import CalDavShelf, Laid, Trouble
from drumbeat.integrations.fakes import HeldShelf
from drumbeat.workflows.pushing import connect_calendar, push_due
from tests.integrations.calendars import PASSWORD, USER, CalendarServer, calendar_server
from tests.world import AT, World, build_world

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("radicale")]

STARTS_AT = datetime(2026, 3, 20, 9, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SHELVES = partial(CalDavShelf, allowed=("127.0.0.0/8",))


@pytest.fixture(scope="module")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CalendarServer]:
    with calendar_server(tmp_path_factory.mktemp("radicale")) as server:
        yield server


@pytest.fixture
def server(radicale: CalendarServer) -> CalendarServer:
    for name in radicale.names():
        radicale.call("DELETE", name)
    return radicale


@pytest.fixture
def world() -> World:
    return build_world()


def arrange(world: World, key: str = "one", organiser: Account | None = None) -> Meeting:
    return arrange_meeting(
        Arrangement(
            key,
            title=f"Review {key}",
            organiser=organiser or world.alice,
            guests=[world.petra],
            starts_at=STARTS_AT,
            minutes=60,
            zone="Europe/Berlin",
            partner=world.bergmann,
        ),
        at=AT,
    )


def connected(world: World, server: CalendarServer) -> OwnCalendar:
    return connect_calendar(world.alice, server.url, USER, PASSWORD, shelves=SHELVES, at=AT)


def events(server: CalendarServer) -> list[Event]:
    return [event for text in server.texts() for event in read_calendar(text).events]


def copies() -> list[str]:
    return list(CalendarCopy.objects.order_by("pk").values_list("state", flat=True))


def test_from_arranged_to_cancelled(world: World, server: CalendarServer) -> None:
    calendar, meeting = connected(world, server), arrange(world)
    assert PASSWORD not in calendar.password
    arrange(world, "of bob", world.bob)
    assert push_due(SHELVES, at=AT) == 1, "and nothing of others"
    [event] = events(server)
    assert (event.summary, event.uid, event.attendees) == ("Review one", meeting.uid, ())
    assert event.start and event.start.instant == STARTS_AT
    assert push_due(SHELVES, at=AT + MINUTE) == 0, "nothing changed"
    move_meeting(meeting, STARTS_AT + DAY, by=world.alice, at=AT + MINUTE)
    assert push_due(SHELVES, at=AT + 2 * MINUTE) == 1
    [event] = events(server)
    assert event.start and (event.start.instant, event.sequence) == (STARTS_AT + DAY, 1)
    cancel_meeting(meeting, by=world.alice, at=AT + 3 * MINUTE)
    assert push_due(SHELVES, at=AT + 4 * MINUTE) == 1
    assert events(server) == [] and copies() == []
    assert push_due(SHELVES, at=AT + 5 * MINUTE) == 0


def test_what_was_changed_over_there_waits_for_its_owner(world: World, server: CalendarServer) -> None:
    connected(world, server)
    meeting = arrange(world)
    push_due(SHELVES, at=AT)
    [name], [text] = server.names(), server.texts()
    assert server.call("PUT", name, text.replace(b"Review one", b"By hand"))[0] == 204
    move_meeting(meeting, STARTS_AT + DAY, by=world.alice, at=AT + MINUTE)
    push_due(SHELVES, at=AT + 2 * MINUTE)
    assert [event.summary for event in events(server)] == ["By hand"] and copies() == ["foreign"]
    assert push_due(SHELVES, at=AT + 9 * MINUTE) == 0, "it is left alone"
    with pytest.raises(Refused, match="somebody else's"):
        settle_copy(CalendarCopy.objects.get(), True, by=world.bob)
    settle_copy(CalendarCopy.objects.get(), True, by=world.alice)
    assert push_due(SHELVES, at=AT + 9 * MINUTE) == 1
    [event] = events(server)
    assert event.start and (event.summary, event.start.instant) == ("Review one", STARTS_AT + DAY)
    assert copies() == ["current"]


def test_what_was_taken_away_over_there_stays_away(world: World, server: CalendarServer) -> None:
    connected(world, server)
    meeting = arrange(world)
    push_due(SHELVES, at=AT)
    server.call("DELETE", server.names()[0])
    move_meeting(meeting, STARTS_AT + DAY, by=world.alice, at=AT + MINUTE)
    push_due(SHELVES, at=AT + 2 * MINUTE)
    assert events(server) == [] and copies() == ["foreign"]
    settle_copy(CalendarCopy.objects.get(), False, by=world.alice)
    move_meeting(meeting, STARTS_AT + 2 * DAY, by=world.alice, at=AT + 3 * MINUTE)
    assert push_due(SHELVES, at=AT + 4 * MINUTE) == 0 and copies() == ["left"]


def test_a_server_that_is_down_is_asked_again_later_and_later(world: World, server: CalendarServer) -> None:
    connected(world, server)
    arrange(world)
    server.stop()
    try:
        assert push_due(SHELVES, at=AT) == 0
        calendar = OwnCalendar.objects.get()
        assert calendar.error and calendar.next_at == AT + 2 * MINUTE and copies() == []
        push_due(SHELVES, at=AT + MINUTE)
        push_due(SHELVES, at=AT + 2 * MINUTE)
        calendar.refresh_from_db()
        assert (calendar.attempts, calendar.next_at) == (2, AT + 6 * MINUTE), (
            "not before its turn, then later"
        )
    finally:
        server.start()
    assert push_due(SHELVES, at=AT + 6 * MINUTE) == 1 and len(events(server)) == 1
    calendar.refresh_from_db()
    assert (calendar.error, calendar.attempts) == ("", 0)


@pytest.mark.parametrize("moved_before", [False, True])
def test_a_worker_killed_after_the_server_took_it_lays_it_once(
    world: World, server: CalendarServer, moved_before: bool
) -> None:
    connected(world, server)
    meeting = arrange(world)
    if moved_before:
        push_due(SHELVES, at=AT)
        move_meeting(meeting, STARTS_AT + DAY, by=world.alice, at=AT + MINUTE / 2)

    class Killed(Exception):
        pass

    class Deadly(CalDavShelf):
        def put(self, name: str, text: bytes, *, replaces: str) -> Laid:
            super().put(name, text, replaces=replaces)
            raise Killed

    with pytest.raises(Killed):
        push_due(partial(Deadly, allowed=("127.0.0.0/8",)), at=AT + MINUTE)
    assert push_due(SHELVES, at=AT + 5 * MINUTE) == 0, "the lease of the dead is not over"
    assert push_due(SHELVES, at=AT + 12 * MINUTE) == 1
    assert len(events(server)) == 1 and copies() == ["current"]


def test_one_event_that_is_refused_stops_no_other(world: World) -> None:
    class Picky(HeldShelf):
        def put(self, name: str, text: bytes, *, replaces: str):
            if b"Review one" in text:
                return Trouble("400 too odd", concerns_all=False, may_retry=False)
            return super().put(name, text, replaces=replaces)

    shelf = Picky()
    connect_calendar(world.alice, "https://c.example/", USER, PASSWORD, shelves=lambda *_: shelf, at=AT)
    first = arrange(world)
    arrange(world, "two")
    push_due(lambda *_: shelf, at=AT)
    assert len(shelf.events) == 1 and sorted(copies()) == ["current", "refused"]
    assert push_due(lambda *_: shelf, at=AT + 2 * MINUTE) == 0
    move_meeting(first, STARTS_AT + DAY, by=world.alice, at=AT + 3 * MINUTE)
    assert push_due(lambda *_: shelf, at=AT + 4 * MINUTE) == 1, "its next change is tried"


@pytest.mark.parametrize("how", ["closed by hand", "account closed"])
def test_what_lies_there_goes_with_the_calendar_or_the_account(
    world: World, server: CalendarServer, how: str
) -> None:
    calendar = connected(world, server)
    arrange(world)
    arrange(world, "two")
    server.call("PUT", "private.ics", server.texts()[0] if server.texts() else PRIVATE)
    push_due(SHELVES, at=AT)
    if how == "closed by hand":
        close_calendar(calendar, at=AT)
    else:
        Account.objects.filter(pk=world.alice.pk).update(is_active=False)
    push_due(SHELVES, at=AT + 2 * MINUTE)
    assert [event.summary for event in events(server)] == ["Private"], "and nothing else"
    assert not OwnCalendar.objects.exists(), "nor is the password kept"


PRIVATE = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:p\r\nDTSTAMP:20260301T120000Z\r\n"
    b"DTSTART:20260320T090000Z\r\nSUMMARY:Private\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def test_a_key_that_changed_asks_for_the_password_again(world: World, settings) -> None:
    shelf = HeldShelf()
    connect_calendar(world.alice, "https://c.example/", USER, PASSWORD, shelves=lambda *_: shelf, at=AT)
    arrange(world)
    settings.SECRET_KEY = "another-key-than-before"
    assert push_due(lambda *_: shelf, at=AT) == 0
    assert "Enter it again" in OwnCalendar.objects.get().error


def test_wrong_settings_are_told_at_once(world: World, server: CalendarServer) -> None:
    with pytest.raises(Refused, match="does not let this user"):
        connect_calendar(world.alice, server.url, "eve", PASSWORD, shelves=SHELVES, at=AT)
    assert not OwnCalendar.objects.exists()


def test_without_servers_nothing_is_done(world: World, tmp_path: Path) -> None:
    assert push_due(None, at=AT) == 0
