"""How a letter looks on the wire (RFC 5322, MIME): quoted-printable and base64 only, so that it passes every server, also those
without 8BITMIME, and keeps a signature on the way. It takes the older half of Python's `email`, which is six times as fast as the
newer one and folds no address."""

from __future__ import annotations

import re
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Iterator, Mapping
from email.header import Header
from email.headerregistry import Address as Mailbox
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.policy import compat32
from email.utils import format_datetime, formataddr
from types import MappingProxyType
from typing import Any

from drumbeat.core.mailhtml import LOGO_ID

from .letters import Address, File, Letter

POLICY = compat32.clone(linesep="\r\n", max_line_length=78)
# Most addresses; the others are looked at by the library, which takes a hundred times as long.
PLAIN_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}", re.ASCII)
# What neither a header (RFC 5322, 2.2) nor a text should hold.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def wire_form(letter: Letter, marks: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """The letter with CRLF lines; `marks` are headers for the server that takes it. Raises ValueError when an address or header
    can't be written."""
    shown = _shown(letter)
    root: Any = _multipart("mixed", [shown, *map(_enclosed, letter.files)]) if letter.files else shown
    for name, value in [*_headers(letter), *marks.items()]:
        root[name] = _one_line(value) if isinstance(value, str) else value
    return _whole_lines(letter) + bytes(root.as_bytes(policy=POLICY))


def _headers(letter: Letter) -> Iterator[tuple[str, str | Header]]:
    """In the order in which they stand."""
    yield "Message-ID", letter.message_id
    yield "Date", format_datetime(letter.at)
    yield "From", _mailbox("From", letter.sender)
    yield "To", _mailbox("To", letter.recipient)
    yield "Subject", _worded("Subject", letter.subject)
    yield "Auto-Submitted", "auto-generated"
    if letter.reply_to:
        yield "Reply-To", letter.reply_to
    if letter.list_id:
        yield "List-Id", letter.list_id
    if letter.unsubscribe:
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
        yield "Precedence", "bulk"


def _whole_lines(letter: Letter) -> bytes:
    """What folding could part, so that no mail program could follow it: an address longer than a line."""
    address = _one_line(letter.unsubscribe)
    return f"List-Unsubscribe: <{address}>\r\n".encode("ascii") if address else b""


def _mailbox(header: str, address: Address) -> str | Header:
    email = ascii_address(address.email)
    if not PLAIN_ADDRESS.fullmatch(email):
        _look_at(email)
    name = CONTROLS.sub("", _one_line(address.name))
    if name.isascii():
        return formataddr((name, email))
    written = Header(name, "utf-8", header_name=header)
    written.append(f"<{email}>", "us-ascii")
    return written


def _look_at(email: str) -> None:
    try:
        Mailbox(addr_spec=email)
    except (ValueError, IndexError) as error:
        raise ValueError(f"{email!r} is no mail address: {error}") from None


def ascii_address(email: str) -> str:
    """The address with its domain in IDNA form. Raises ValueError when the part before the @ isn't ASCII."""
    local, _, domain = email.rpartition("@")
    if not local.isascii():
        raise ValueError(f"{email!r} has letters before the @ that few servers take: ask for another address")
    return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"


def _worded(header: str, text: str) -> str | Header:
    """Encoded where it isn't ASCII, or looks as if it were encoded."""
    words = CONTROLS.sub("", _one_line(text))
    return words if words.isascii() and "=?" not in words else Header(words, "utf-8", header_name=header)


def _one_line(text: str) -> str:
    """Whatever would begin another header is refused."""
    if "\r" in text or "\n" in text:
        raise ValueError(f"{text!r} has several lines, and a header has one")
    return text


def _shown(letter: Letter) -> Message:
    """What a mail program shows, the plainest first. Invitations go in twice: here, and as a file, which all can save."""
    html = _text("html", letter.html())
    if letter.logo:
        html = _multipart("related", [html, _logo(letter.logo)])
    invitations = [_invitation(file) for file in letter.files if _is_calendar(file)]
    return _multipart("alternative", [_text("plain", letter.text), html, *invitations])


def _multipart(kind: str, parts: list[Message]) -> Message:
    return MIMEMultipart(kind, _subparts=parts, policy=POLICY)


def _text(kind: str, text: str, **parameters: str) -> Message:
    part = Message(policy=POLICY)
    part.add_header("Content-Type", f"text/{kind}", charset="utf-8", **parameters)
    part["Content-Transfer-Encoding"] = "quoted-printable"
    lines = CONTROLS.sub("", re.sub(r"\r\n?", "\n", text))
    part.set_payload(b2a_qp(f"{lines.removesuffix(chr(10))}\n".encode()).decode("ascii"))
    return part


def _logo(file: File) -> Message:
    """Beside the HTML, which shows it by its id: no program has to ask a server for it."""
    part = _bytes(file.media_type, file.load())
    part["Content-ID"] = f"<{LOGO_ID}>"
    part["Content-Disposition"] = "inline"
    return part


def _is_calendar(file: File) -> bool:
    return file.media_type.startswith("text/calendar")


def _invitation(file: File) -> Message:
    _, parameters = _media_type(file.media_type)
    return _text("calendar", file.load().decode(), **parameters, name=file.name)


def _enclosed(file: File) -> Message:
    part = _bytes("application/ics" if _is_calendar(file) else file.media_type, file.load())
    name = file.name if file.name.isascii() else ("utf-8", "", file.name)
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part


def _bytes(media_type: str, content: bytes) -> Message:
    kind, parameters = _media_type(media_type)
    part = Message(policy=POLICY)
    part.add_header("Content-Type", kind, **parameters)
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(encodebytes(content).decode("ascii"))
    return part


def _media_type(text: str) -> tuple[str, dict[str, str]]:
    kind, *rest = (piece.strip() for piece in text.split(";"))
    return kind, dict(re.split(r"\s*=\s*", piece, maxsplit=1) for piece in rest if "=" in piece)
