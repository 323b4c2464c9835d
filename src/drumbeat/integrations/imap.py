"""Mail that came in, read from a mailbox by IMAP. It changes nothing there: no mark, no move, no deletion.

It knows places in the mailbox (UIDVALIDITY and UID, RFC 3501, 2.3.1.1); it knows no message and no meaning.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, Self
from urllib.parse import parse_qs, unquote, urlsplit

from drumbeat.core.refusal import Refused

TIMEOUT_SECONDS = 20.0
MOST_BYTES = 25_000_000
PORTS = {"implicit": 993, "starttls": 143, "none": 143}
EXAMPLE = (
    "Write imap://user:password@mail.example.com:993/INBOX?tls=implicit (tls: implicit, starttls or none)."
)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Unreachable(Exception):
    """The mailbox can't be read now; what was given out before is complete."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far a mailbox was read: `validity` changes when its numbers begin anew."""

    validity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Incoming:
    """One letter as it lies there. `size` is its true size; `text` ends at the most that is read."""

    place: Place
    size: int
    text: bytes


class Mailbox(Protocol):
    """Where mail comes in. It raises Unreachable for whatever a server or a network may do."""

    @property
    def name(self) -> str: ...

    def after(self, place: Place | None, *, since: date, limit: int) -> Iterator[Incoming]:
        """The letters behind that place, oldest first; without a place, or when numbers began anew, those since a day."""

    def close(self) -> None:
        """Ends the connection, if there is one."""


@dataclass(frozen=True, slots=True)
class Account:
    """Where the mailbox is."""

    host: str
    port: int
    tls: str
    folder: str
    user: str
    password: str

    @classmethod
    def of(cls, url: str) -> Self:
        """From `imap://user:password@host:port/folder?tls=implicit|starttls|none`. Raises Refused."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise Refused(f"The mailbox's address can't be read: {error}", EXAMPLE) from None
        tls = parse_qs(parts.query).get("tls", ["implicit"])[-1]
        if parts.scheme != "imap" or not parts.hostname or not parts.username or tls not in PORTS:
            raise Refused(f"{re.sub(r':[^:@/]*@', ':…@', url)!r} is no address of a mailbox", EXAMPLE)
        folder = unquote(parts.path.strip("/")) or "INBOX"
        return cls(
            parts.hostname,
            port or PORTS[tls],
            tls,
            folder,
            unquote(parts.username),
            unquote(parts.password or ""),
        )


class ImapMailbox:
    """One connection, opened by the first question and kept until `close`."""

    def __init__(self, url: str, *, timeout: float = TIMEOUT_SECONDS) -> None:
        self.account = Account.of(url)
        self.timeout = timeout
        self._connection: imaplib.IMAP4 | None = None

    @property
    def name(self) -> str:
        return f"{self.account.user}@{self.account.host}/{self.account.folder}"[:120]

    def after(self, place: Place | None, *, since: date, limit: int) -> Iterator[Incoming]:
        try:
            connection = self._connected()
            validity = _opened(connection, self.account.folder)
            last = place.uid if place and place.validity == validity else 0
            for uid in _uids(connection, last, since)[:limit]:
                if letter := _letter(connection, Place(validity, uid)):
                    yield letter
        except (OSError, imaplib.IMAP4.error, ValueError, IndexError, TypeError) as error:
            self._drop()
            raise Unreachable(
                f"{self.account.host}:{self.account.port}: {error or type(error).__name__}"
            ) from None

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.logout()
        except (OSError, imaplib.IMAP4.error):
            connection.shutdown()

    def _connected(self) -> imaplib.IMAP4:
        if self._connection is None:
            self._connection = _connect(self.account, self.timeout)
        return self._connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.shutdown()


def _connect(account: Account, timeout: float) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if account.tls == "implicit":
        connection: imaplib.IMAP4 = imaplib.IMAP4_SSL(
            account.host, account.port, ssl_context=context, timeout=timeout
        )
    else:
        connection = imaplib.IMAP4(account.host, account.port, timeout=timeout)
    try:
        if account.tls == "starttls":
            connection.starttls(context)
        connection.login(account.user, account.password)
    except BaseException:
        connection.shutdown()
        raise
    return connection


def _opened(connection: imaplib.IMAP4, folder: str) -> int:
    """Its UIDVALIDITY. Opened for reading only, so that nothing there becomes *seen*."""
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    _checked(connection.select(f'"{escaped}"', readonly=True))
    return int(connection.response("UIDVALIDITY")[1][0] or 0)


def _uids(connection: imaplib.IMAP4, last: int, since: date) -> list[int]:
    """RFC 3501: `n:*` always names the last letter, also when its number is below n."""
    asked = f"UID {last + 1}:*" if last else f"SINCE {since.day}-{MONTHS[since.month - 1]}-{since.year}"
    found = _checked(connection.uid("SEARCH", asked))
    return sorted(uid for uid in map(int, (found[0] or b"").split()) if uid > last)


def _letter(connection: imaplib.IMAP4, place: Place) -> Incoming | None:
    """None for one that was taken away meanwhile."""
    found = _checked(connection.uid("FETCH", str(place.uid), f"(RFC822.SIZE BODY.PEEK[]<0.{MOST_BYTES}>)"))
    parts = [part for part in found if isinstance(part, tuple)]
    if not parts:
        return None
    size = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(part[0] for part in parts))
    return Incoming(place, int(size[1]) if size else len(parts[0][1]), parts[0][1])


def _checked(answer: tuple[str, Any]) -> list[Any]:
    kind, data = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(f"the server said {kind}: {data!r:.200}")
    return list(data)
