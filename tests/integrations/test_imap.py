"""What a mailbox gives out: the same tests for Debian's Dovecot and the fake; then a server's faults."""

from __future__ import annotations

import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from drumbeat.core.refusal import Refused
from drumbeat.integrations.fakes import HeldMailbox
from drumbeat.integrations.imap import Account, ImapMailbox, Incoming, Mailbox, Place, Unreachable

from .mailboxes import DOVECOT, Server, running
from .servers import free_port

LONG_AGO = date(2026, 1, 1)


@dataclass
class Case:
    mailbox: Mailbox
    put: Callable[[bytes], None]
    begin_anew: Callable[[], None]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    if DOVECOT is None:
        pytest.skip("Dovecot is absent: apt-get install --no-install-recommends dovecot-imapd")
    with tempfile.TemporaryDirectory(prefix="imap", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        with running(Path(folder) / "d") as started:
            yield started


@pytest.fixture(params=["fake", "dovecot"])
def case(request: pytest.FixtureRequest) -> Iterator[Case]:
    if request.param == "fake":
        fake = HeldMailbox()
        yield Case(fake, fake.put, fake.begin_anew)
        return
    server: Server = request.getfixturevalue("server")
    mailbox = ImapMailbox(server.url, timeout=5)
    yield Case(mailbox, server.put, server.begin_anew)
    mailbox.close()


def letter(subject: str) -> bytes:
    return f"From: zoe@p.example\r\nSubject: {subject}\r\nMessage-ID: <{subject}@p.example>\r\n\r\nHello\r\n".encode()


def read(mailbox: Mailbox, place: Place | None = None, limit: int = 100) -> list[Incoming]:
    return list(mailbox.after(place, since=LONG_AGO, limit=limit))


def test_letters_come_once_in_order_and_behind_a_place(case: Case) -> None:
    before = read(case.mailbox)
    for subject in ("one", "two", "three"):
        case.put(letter(subject))
    all_of_them = read(case.mailbox)
    place = all_of_them[len(before)].place

    assert [one.text for one in all_of_them[len(before) :]] == [
        letter(name) for name in ("one", "two", "three")
    ]
    assert [one.text for one in read(case.mailbox, place)] == [letter("two"), letter("three")]
    assert [one.text for one in read(case.mailbox, place, limit=1)] == [letter("two")]
    assert read(case.mailbox, all_of_them[-1].place) == []


def test_numbers_that_begin_anew_are_noticed(case: Case) -> None:
    case.put(letter("four"))
    last = read(case.mailbox)[-1].place
    case.mailbox.close()
    case.begin_anew()
    again = read(case.mailbox, last)

    assert letter("four") in [one.text for one in again]
    assert again[-1].place.validity != last.validity


def test_nothing_is_marked_as_seen(server: Server) -> None:
    server.put(letter("unseen"))
    mailbox = ImapMailbox(server.url, timeout=5)
    read(mailbox)
    mailbox.close()

    assert b"\\Seen" not in server.flags()


def test_a_server_that_is_down_is_unreachable() -> None:
    mailbox = ImapMailbox(f"imap://u:p@127.0.0.1:{free_port()}?tls=none", timeout=1)

    with pytest.raises(Unreachable, match=r"127\.0\.0\.1"):
        read(mailbox)


@contextmanager
def saying(*lines: bytes) -> Iterator[str]:
    """A server that says these lines, one for each that it hears, and then hangs up, or is silent for `...`."""
    listener = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            for line in lines:
                if line == b"...":
                    done.wait(5)
                    return
                connection.sendall(line)
                connection.recv(1000)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"imap://u:p@127.0.0.1:{listener.getsockname()[1]}?tls=none"
    finally:
        done.set()
        listener.close()
        thread.join(5)


@pytest.mark.parametrize(
    "lines",
    [
        (b"* OK hello\r\n", b"..."),
        (b"* OK hello\r\n",),
        (b"* BYE too many connections\r\n",),
        (b"\x00\xff garbage\r\n",),
        (b"...",),
    ],
)
def test_slow_dying_and_senseless_servers_are_unreachable(lines: tuple[bytes, ...]) -> None:
    with saying(*lines) as url:
        mailbox = ImapMailbox(url, timeout=0.5)
        with pytest.raises(Unreachable):
            read(mailbox)
        mailbox.close()


def test_addresses_of_mailboxes() -> None:
    account = Account.of("imap://a%40v.example:p%3Aw@mail.example/Answers?tls=starttls")

    assert (account.user, account.password, account.folder, account.port) == (
        "a@v.example",
        "p:w",
        "Answers",
        143,
    )
    for wrong in ("smtp://a:b@c", "imap://host", "imap://a:b@c:x", "imap://a:b@c?tls=maybe"):
        with pytest.raises(Refused) as refusal:
            Account.of(wrong)
        assert "b@c" not in str(refusal.value) or ":…@" in str(refusal.value)
