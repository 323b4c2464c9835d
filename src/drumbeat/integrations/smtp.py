"""Letters go out by SMTP. It knows which answer of a server means what; it knows no message and no retry.

Until the letter's text begins to travel, a broken line is harmless: nothing can have been accepted. From then on
until the server's answer, a broken line leaves the letter's fate unknown, and the verdict says so.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from drumbeat.core.refusal import Refused

from .letters import (
    Accepted,
    Address,
    Deferred,
    Envelope,
    File,
    Letter,
    LostContact,
    Post,
    Rejected,
    Verdict,
)
from .providers import marks
from .wire import ascii_address, wire_form

__all__ = [
    "Accepted",
    "Address",
    "Deferred",
    "Envelope",
    "File",
    "Letter",
    "LostContact",
    "Post",
    "Rejected",
    "Server",
    "SmtpPost",
    "Verdict",
]

TIMEOUT_SECONDS = 30.0
PORTS = {"starttls": 587, "implicit": 465, "none": 25}
EXAMPLE = "Write smtp://user:password@mail.example.com:587?tls=starttls (tls: starttls, implicit or none)."
CLOSING = 421
SIGN_IN_FIRST = 530
GO_AHEAD = 354


@dataclass(frozen=True, slots=True)
class Server:
    """Where letters are handed in. Without a user no sign-in is tried."""

    host: str
    port: int
    tls: str
    user: str = ""
    password: str = ""

    @classmethod
    def of(cls, url: str) -> Self:
        """From `smtp://user:password@host:port?tls=starttls|implicit|none`. Raises Refused."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise Refused(f"The mail server's address can't be read: {error}", EXAMPLE) from None
        tls = parse_qs(parts.query).get("tls", ["starttls"])[-1]
        if parts.scheme != "smtp" or not parts.hostname or tls not in PORTS:
            raise Refused(f"{_without_password(url)!r} is no address of a mail server", EXAMPLE)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.hostname, port or PORTS[tls], tls, user, password)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def _without_password(url: str) -> str:
    return re.sub(r":[^:@/]*@", ":…@", url)


class _Unusable(Exception):
    """The server can't be used now; nothing was handed in."""


class SmtpPost:
    """One connection, opened by the first letter and kept until `close`."""

    is_in_house = False

    def __init__(self, url: str, *, provider: str = "", timeout: float = TIMEOUT_SECONDS) -> None:
        self.server = Server.of(url)
        self.provider = provider
        self.timeout = timeout
        self._connection: smtplib.SMTP | None = None

    def seal(self, letter: Letter) -> Envelope:
        return Envelope(letter, wire_form(letter, marks(self.provider, letter.message_id)))

    def deliver(self, envelope: Envelope) -> Verdict:
        was_fresh = self._connection is None
        verdict = self._hand_in(envelope)
        if not was_fresh and isinstance(verdict, Deferred) and verdict.concerns_all:
            # Servers end connections that are old or have carried many letters: that says nothing about a new one.
            verdict = self._hand_in(envelope)
        return verdict

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.quit()
        except (OSError, smtplib.SMTPException):
            connection.close()

    def _hand_in(self, envelope: Envelope) -> Verdict:
        try:
            connection = self._connected()
            refusal = _announce(connection, envelope.letter)
        except (OSError, smtplib.SMTPException, _Unusable) as error:
            self._drop()
            return Deferred(f"{self.server}: {_told(error)}", concerns_all=True)
        if refusal is not None:
            return self._refused(*refusal)
        return self._pour(connection, envelope.text)

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            self._connection = _connect(self.server, self.timeout)
        return self._connection

    def _pour(self, connection: smtplib.SMTP, text: bytes) -> Verdict:
        """The text itself. Only here may the fate of a letter become unknown."""
        try:
            connection.send(_dotted(text))
            code, reply = connection.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return LostContact(f"{self.server}: {_told(error)} while the letter was on its way")
        if code < 0:
            self._drop()
            return LostContact(f"{self.server}: no answer after the letter was sent")
        return Accepted() if 200 <= code < 300 else self._refused(code, reply)

    def _refused(self, code: int, reply: bytes) -> Verdict:
        """The server's no to this letter: 4xx is for now, 5xx for good; 421 announces the end of the connection."""
        reason = f"{self.server}: {code} {_plain(reply)}"
        if code == CLOSING or not self._is_reset():
            self._drop()
        if code == CLOSING:
            return Deferred(reason, concerns_all=True)
        return Deferred(reason) if code < 500 else Rejected(reason)

    def _is_reset(self) -> bool:
        """The next letter begins from a clean table."""
        try:
            return self._connection is not None and self._connection.rset()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class _Line(smtplib.SMTP):
    """Lets go of the socket where the greeting doesn't come; the library keeps it."""

    def connect(self, *where: Any, **how: Any) -> tuple[int, bytes]:
        try:
            return super().connect(*where, **how)
        except BaseException:
            self.close()
            raise


class _TlsLine(_Line, smtplib.SMTP_SSL):
    """The same, encrypted from its first byte."""


def _connect(server: Server, timeout: float) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.tls == "implicit":
        connection: smtplib.SMTP = _TlsLine(server.host, server.port, timeout=timeout, context=context)
    else:
        connection = _Line(server.host, server.port, timeout=timeout)
    try:
        connection.ehlo_or_helo_if_needed()
        if server.tls == "starttls":
            connection.starttls(context=context)
            connection.ehlo()
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _announce(connection: smtplib.SMTP, letter: Letter) -> tuple[int, bytes] | None:
    """MAIL, RCPT and DATA; the first refusal, or None when the text may follow."""
    code, reply = connection.mail(ascii_address(letter.return_to or letter.sender.email))
    if code in (CLOSING, SIGN_IN_FIRST):
        raise _Unusable(f"{code} {_plain(reply)}")
    if code != 250:
        return code, reply
    code, reply = connection.rcpt(ascii_address(letter.recipient.email))
    if code not in (250, 251):
        return code, reply
    code, reply = connection.docmd("DATA")
    return None if code == GO_AHEAD else (code, reply)


def _dotted(text: bytes) -> bytes:
    """RFC 5321, 4.5.2: lines that begin with a dot get a second one, a lone dot ends the text."""
    lines = re.sub(rb"(?m)^\.", b"..", text)
    return lines + (b".\r\n" if lines.endswith(b"\r\n") else b"\r\n.\r\n")


def _told(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"the sign-in was refused ({error.smtp_code} {_plain(error.smtp_error)})"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_plain(error.smtp_error)}"
    return str(error) or type(error).__name__


def _plain(reply: bytes | str) -> str:
    text = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
    return " ".join(text.split())
