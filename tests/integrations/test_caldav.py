"""The client of calendar servers, held against Radicale, and its fake against the same examples."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from drumbeat.integrations.caldav import CalDavShelf, Changed, Gone, Kept, Laid, Shelf, Trouble
from drumbeat.integrations.fakes import HeldShelf

from .calendars import PASSWORD, USER, CalendarServer, calendar_server
from .servers import free_port

pytestmark = pytest.mark.xdist_group("radicale")
HOUSE = ("127.0.0.0/8",)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CalendarServer]:
    with calendar_server(tmp_path_factory.mktemp("radicale")) as server:
        yield server


@pytest.fixture(params=["radicale", "held"])
def shelf(request: pytest.FixtureRequest) -> Shelf:
    if request.param == "held":
        return HeldShelf()
    server = request.getfixturevalue("server")
    return CalDavShelf(server.url, USER, PASSWORD, allowed=HOUSE)


def event(uid: str, title: str = "Review") -> bytes:
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260301T120000Z",
        "DTSTART:20260320T090000Z", "DTEND:20260320T100000Z", f"SUMMARY:{title}", "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


def test_lays_changes_and_takes_away(shelf: Shelf) -> None:
    assert shelf.look() is None
    first = shelf.put("a.ics", event("a"), replaces="")
    assert isinstance(first, Laid) and first.etag
    second = shelf.put("a.ics", event("a", "Moved"), replaces=first.etag)
    assert isinstance(second, Laid) and second.etag != first.etag
    kept = shelf.get("a.ics")
    assert isinstance(kept, Kept) and b"Moved" in kept.text and kept.etag == second.etag
    assert shelf.remove("a.ics", replaces=second.etag) == Gone()
    assert shelf.get("a.ics") == Gone()


def test_overwrites_nothing_that_somebody_changed(shelf: Shelf) -> None:
    first = shelf.put("b.ics", event("b"), replaces="")
    assert isinstance(first, Laid)
    theirs = shelf.put("b.ics", event("b", "By hand"), replaces=first.etag)
    assert isinstance(theirs, Laid)
    assert shelf.put("b.ics", event("b", "Ours"), replaces=first.etag) == Changed()
    assert shelf.put("b.ics", event("b", "Ours"), replaces="") == Changed()
    assert shelf.remove("b.ics", replaces=first.etag) == Changed()
    kept = shelf.get("b.ics")
    assert isinstance(kept, Kept) and b"By hand" in kept.text


def test_resurrects_nothing_that_somebody_took_away(shelf: Shelf) -> None:
    first = shelf.put("c.ics", event("c"), replaces="")
    assert isinstance(first, Laid)
    shelf.remove("c.ics", replaces=first.etag)
    assert shelf.put("c.ics", event("c"), replaces=first.etag) == Changed()
    assert shelf.remove("c.ics", replaces=first.etag) == Gone()


@pytest.mark.parametrize(
    ("path", "user", "words", "may_retry"),
    [("", "eve", "does not let", False), ("elsewhere/", USER, "no calendar", False)],
)
def test_says_why_a_calendar_can_t_be_used(
    server: CalendarServer, path: str, user: str, words: str, may_retry: bool
) -> None:
    trouble = CalDavShelf(server.url + path, user, PASSWORD, allowed=HOUSE).look()
    assert trouble and words in trouble.reason and trouble.may_retry is may_retry


def test_a_server_that_is_down_is_tried_later() -> None:
    shelf = CalDavShelf(f"http://127.0.0.1:{free_port()}/x/", USER, PASSWORD, allowed=HOUSE)
    for verdict in (
        shelf.put("a.ics", event("a"), replaces=""),
        shelf.remove("a.ics", replaces="x"),
        shelf.get("a.ics"),
    ):
        assert isinstance(verdict, Trouble) and verdict.may_retry and verdict.concerns_all


def test_a_server_that_answers_a_letter_at_a_time_holds_nobody_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_trickle, args=(server,), daemon=True).start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/x/"
        verdict = CalDavShelf(url, USER, PASSWORD, allowed=HOUSE, timeout=0.2).get("a.ics")
    assert isinstance(verdict, Trouble) and verdict.may_retry and "too long" in verdict.reason


def _trickle(server: socket.socket) -> None:
    line, _ = server.accept()
    with line, suppress(OSError):
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
        for _ in range(100):
            line.sendall(b"x")
            threading.Event().wait(0.05)


def test_speaks_to_nothing_inside_a_house_that_was_not_allowed(
    server: CalendarServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "create_connection", lambda *args: pytest.fail(f"connected to {args}"))
    trouble = CalDavShelf(server.url, USER, PASSWORD).look()
    assert trouble and "inside a house" in trouble.reason and not trouble.may_retry
