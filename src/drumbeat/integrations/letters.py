"""A letter as a value, how it looks on the wire, and what may become of it. Knows no server and no row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import SMTP
from types import MappingProxyType
from typing import Protocol

LOGO_ID = "logo"
# Quoted-printable and base64 only: such a letter passes every server, also those without 8BITMIME.
POLICY = SMTP.clone(cte_type="7bit")


@dataclass(frozen=True, slots=True)
class Address:
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class File:
    """An enclosed file, read or made only when the letter is sealed. One whose type is `text/calendar; method=REQUEST`
    is shown as an invitation, too."""

    name: str
    media_type: str
    load: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to one person. `at` becomes its date; `message_id` comes in angle brackets; `html` is told like the files
    only when the letter is sealed. `unsubscribe` is the address of one-click (RFC 8058), which optional mail has;
    `return_to` the envelope's sender, to which a server returns what it can't deliver."""

    message_id: str
    sender: Address
    recipient: Address
    subject: str
    text: str
    html: Callable[[], str]
    at: datetime
    reply_to: str = ""
    list_id: str = ""
    unsubscribe: str = ""
    return_to: str = ""
    logo: File | None = None
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Envelope:
    """A letter ready for the wire: `text` is its RFC 5322 form (empty where the post needs none)."""

    letter: Letter
    text: bytes


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server has taken the letter over and answers for it."""


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not now, and surely not accepted. `concerns_all`: the server itself can't be used, other letters neither."""

    reason: str
    concerns_all: bool = False


@dataclass(frozen=True, slots=True)
class Rejected:
    """Never: the server refuses this letter or its address for good."""

    reason: str


@dataclass(frozen=True, slots=True)
class LostContact:
    """The letter was on the wire when the line broke: accepted or not, nobody knows."""

    reason: str


Verdict = Accepted | Deferred | Rejected | LostContact


class Post(Protocol):
    """What takes letters away. It never raises for what a server or a network may do.

    `is_in_house`: it takes every sealed letter at once, and no wire lies between that could break.
    """

    @property
    def is_in_house(self) -> bool: ...

    def seal(self, letter: Letter) -> Envelope:
        """All that can be done and can fail before anything leaves the house. Raises ValueError."""

    def deliver(self, envelope: Envelope) -> Verdict:
        """Hands one letter in."""

    def close(self) -> None:
        """Ends the connection, if there is one; the next letter opens another."""


def wire_form(letter: Letter, marks: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """The letter as RFC 5322 text with CRLF lines; `marks` are headers for the server that takes it. Raises ValueError when an address or header can't be written."""
    message = EmailMessage(policy=POLICY)
    message["Message-ID"] = letter.message_id
    message["Date"] = letter.at
    message["From"] = _mailbox(letter.sender)
    message["To"] = _mailbox(letter.recipient)
    message["Subject"] = letter.subject
    message["Auto-Submitted"] = "auto-generated"
    if letter.reply_to:
        message["Reply-To"] = letter.reply_to
    if letter.list_id:
        message["List-Id"] = letter.list_id
    if letter.unsubscribe:
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message["Precedence"] = "bulk"
    for name, value in marks.items():
        message[name] = value
    message.set_content(letter.text)
    message.add_alternative(letter.html(), subtype="html")
    if letter.logo:
        _draw_logo(message, letter.logo)
    for file in letter.files:
        _enclose(message, file)
    return _whole_lines(letter) + message.as_bytes()


def _whole_lines(letter: Letter) -> bytes:
    """What Python's folding would encode, so that no mail program could follow it: an address longer than a line."""
    return f"List-Unsubscribe: <{letter.unsubscribe}>\r\n".encode("ascii") if letter.unsubscribe else b""


def _draw_logo(message: EmailMessage, logo: File) -> None:
    """Beside the HTML, which shows it by its id: no program has to ask a server for it."""
    parts = [part for part in message.walk() if part.get_content_type() == "text/html"]
    assert isinstance(parts[0], EmailMessage)
    maintype, subtype, _ = _media_type(logo.media_type)
    parts[0].add_related(
        logo.load(), maintype=maintype, subtype=subtype, cid=f"<{LOGO_ID}>", disposition="inline"
    )


def _mailbox(address: Address) -> Mailbox:
    try:
        return Mailbox(display_name=address.name, addr_spec=ascii_address(address.email))
    except (ValueError, IndexError) as error:
        raise ValueError(f"{address.email!r} is no mail address: {error}") from None


def ascii_address(email: str) -> str:
    """The address with its domain in IDNA form. Raises ValueError when the part before the @ isn't ASCII."""
    local, _, domain = email.rpartition("@")
    if not local.isascii():
        raise ValueError(f"{email!r} has letters before the @ that few servers take: ask for another address")
    return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"


def _enclose(message: EmailMessage, file: File) -> None:
    """Invitations go in twice: as an alternative, which mail programs show, and as a file, which all can save."""
    content = file.load()
    maintype, subtype, parameters = _media_type(file.media_type)
    if maintype == "text" and subtype == "calendar":
        shown = {**parameters, "name": file.name}
        _alternative(message).add_alternative(content.decode(), subtype="calendar", params=shown)
        maintype, subtype, parameters = "application", "ics", {}
    message.add_attachment(content, maintype=maintype, subtype=subtype, filename=file.name, params=parameters)


def _alternative(message: EmailMessage) -> EmailMessage:
    parts = [part for part in message.walk() if part.get_content_type() == "multipart/alternative"]
    assert isinstance(parts[0], EmailMessage)
    return parts[0]


def _media_type(text: str) -> tuple[str, str, dict[str, str]]:
    kind, *rest = (piece.strip() for piece in text.split(";"))
    maintype, _, subtype = kind.partition("/")
    return maintype, subtype, dict(re.split(r"\s*=\s*", piece, maxsplit=1) for piece in rest if "=" in piece)
