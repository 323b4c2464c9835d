"""A message file as headers and parts, within limits. Knows MIME; doesn't judge what the message means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

from drumbeat.core.refusal import insist

MOST_BYTES = 25_000_000
MOST_PARTS = 300
DEEPEST = 12
LONGEST_TEXT = 200_000
LONGEST_HEADER = 4_000
UNDECLARED_PARTS = re.compile(
    r"(?:.{0,300}\bMIME\b.{0,300}?)?^--(\S[^\r\n\"]{4,69}?)[ \t]*\r?\ncontent-(?:type|description|transfer)",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
STATUS_KINDS = ("message/delivery-status", "message/feedback-report", "message/disposition-notification")
CHARSET_GUESSES = ("utf-8", "iso-2022-jp", "shift_jis", "cp1252")
CHARSET_LIMITED = frozenset({"utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape"})


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf: its media type, its text (empty when it is no text), and whether it lies inside an enclosed message.

    `parameters` are those of Content-Type, in small letters, such as `report-type` and `method`.
    """

    kind: str
    text: str
    name: str
    is_enclosed: bool
    parameters: dict[str, str]


@dataclass(frozen=True, slots=True)
class Letter:
    """The headers as they came (first first, names in small letters) and the leaves in order."""

    headers: tuple[tuple[str, str], ...]
    kind: str
    parameters: dict[str, str]
    parts: tuple[Part, ...]

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    def all_of(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    def own(self, *kinds: str) -> list[Part]:
        """The parts of these kinds that aren't inside an enclosed message."""
        return [part for part in self.parts if part.kind in kinds and not part.is_enclosed]

    @property
    def enclosed_headers(self) -> str:
        """The headers of the first message that came along, as text; empty when none did."""
        kinds = ("message/rfc822", "text/rfc822-headers", "message/global", "message/rfc822-headers")
        return next((part.text for part in self.parts if part.kind in kinds), "")


def open_letter(raw: bytes) -> Letter:
    """Reads a message file; refuses what is empty, too large, or nested and divided beyond all measure."""
    insist(len(raw) <= MOST_BYTES, f"The file has {len(raw):,} bytes", f"At most {MOST_BYTES:,} are read.")
    insist(bool(raw.strip()), "The file is empty", "Save the message with its headers.")
    declared = len(re.findall(rb"(?im)^content-type:", raw))
    insist(
        declared <= MOST_PARTS, f"The message declares {declared:,} parts", f"At most {MOST_PARTS} are read."
    )
    message = _parsed(_without_mbox_line(raw))
    insist(
        bool(message.keys()) or b"\0" not in raw[:4_000],
        "The file is no message",
        "Save the message as text.",
    )
    return Letter(
        _headers_of(message),
        message.get_content_type(),
        _parameters_of(message),
        tuple(_leaves(message, 0, is_enclosed=False)),
    )


def _without_mbox_line(raw: bytes) -> bytes:
    """Some stores put a line `From sender date`, or blank lines, before the headers."""
    raw = raw.lstrip(b"\r\n\xef\xbb\xbf")
    return raw.partition(b"\n")[2] if raw.startswith((b"From ", b">From ")) else raw


def _parsed(raw: bytes) -> Message:
    """Some gateways lose the boundary from the headers but keep the parts: it is told anew, before them."""
    message = BytesParser(policy=compat32).parsebytes(raw)
    body = message.get_payload()
    found = UNDECLARED_PARTS.match(body[:2_000].lstrip()) if isinstance(body, str) else None
    if not found:
        return message
    told = f'Content-Type: multipart/mixed; boundary="{found[1]}"\n'
    return BytesParser(policy=compat32).parsebytes(told.encode("ascii", "replace") + raw)


def _headers_of(message: Message) -> tuple[tuple[str, str], ...]:
    return tuple((name.lower(), plain_header(value)) for name, value in message.raw_items())


def plain_header(value: object) -> str:
    """Encoded words decoded, folding undone. What can't be decoded stays as it came."""
    text = re.sub(r"\r?\n[ \t]*", " ", str(value)[:LONGEST_HEADER])
    if "=?" not in text:
        return _without_surrogates(text).strip()
    try:
        pieces = decode_header(text)
    except (ValueError, LookupError):
        return text.strip()
    return "".join(
        piece if isinstance(piece, str) else _decoded(piece, charset or "ascii") for piece, charset in pieces
    ).strip()


def _without_surrogates(text: str) -> str:
    raw = text.encode("utf-8", "surrogateescape")
    return text if text.isascii() else _decoded(raw, "utf-8")


def _decoded(raw: bytes, charset: str) -> str:
    """By the charset named; by guesses when that is unknown, plainly wrong or no charset of mail."""
    names = [] if charset.lower() in CHARSET_LIMITED else [charset]
    for name in (*names, *CHARSET_GUESSES):
        try:
            return raw.decode(name).replace("\x00", "")
        except (LookupError, ValueError):
            continue
    return raw.decode("latin-1").replace("\x00", "")


def _leaves(message: Message, depth: int, *, is_enclosed: bool) -> Iterator[Part]:
    insist(
        depth <= DEEPEST, f"Its parts are nested more than {DEEPEST} deep", "Send the inner message itself."
    )
    kind, inner = message.get_content_type(), _inner(message)
    if kind in STATUS_KINDS:
        yield _part(message, _fields_text(message, inner), is_enclosed=is_enclosed)
    elif not inner:
        yield _part(message, _text_of(message, kind), is_enclosed=is_enclosed)
    else:
        is_message = kind.startswith("message/")
        if is_message:
            yield _part(message, _header_text(inner[0]), is_enclosed=is_enclosed)
        for part in inner:
            yield from _leaves(part, depth + 1, is_enclosed=is_enclosed or is_message)


def _inner(message: Message) -> list[Message]:
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []


def _part(message: Message, text: str, *, is_enclosed: bool) -> Part:
    name = plain_header(message.get_filename() or "") if message.get("content-disposition") else ""
    return Part(message.get_content_type(), text, name[:200], is_enclosed, _parameters_of(message))


def _parameters_of(message: Message) -> dict[str, str]:
    try:
        pairs = message.get_params(failobj=[])[1:]
    except (ValueError, LookupError, IndexError):
        return {}
    return {name.lower(): str(value).lower() for name, value in pairs}


def _fields_text(message: Message, blocks: list[Message]) -> str:
    """The blocks of a report as text again: the parser takes each for a message of headers alone."""
    if not blocks:
        return _text_of(message, "text/plain")
    told = [
        "\n".join(f"{name}: {value}" for name, value in one.raw_items()) + _remainder(one) for one in blocks
    ]
    return _without_surrogates("\n\n".join(told))[:LONGEST_TEXT]


def _remainder(block: Message) -> str:
    """What followed a line that is no header: the fields after it would be lost otherwise."""
    rest = block.get_payload()
    return f"\n{rest}" if isinstance(rest, str) and rest.strip() else ""


def _header_text(inner: Message) -> str:
    return "\n".join(f"{name}: {plain_header(value)}" for name, value in inner.raw_items())


def _text_of(message: Message, kind: str) -> str:
    if not kind.startswith(("text/", "message/")) and kind not in ("application/ics", "multipart/mixed"):
        is_untold = kind.startswith("multipart/") or kind == "application/octet-stream"
        if not is_untold or message.get_filename():
            return ""
    raw = message.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    charset = str(message.get_content_charset() or "utf-8")
    return _decoded(raw[: 4 * LONGEST_TEXT], charset).replace("\r\n", "\n")[:LONGEST_TEXT]
