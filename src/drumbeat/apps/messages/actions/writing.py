"""A message is written: once for its key, whatever is tried again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from drumbeat.apps.ledger.models import Promise
from drumbeat.apps.messages.bridge import language_for
from drumbeat.apps.messages.models import Announcement, Attachment, Message
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.people.models import Account
from drumbeat.apps.people.queries import vendor
from drumbeat.core.refusal import Refused

CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes along: its bytes, or the source that makes them when the message leaves (`edition:17`)."""

    name: str
    media_type: str
    content: bytes | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be written to one person; `text` is Markdown."""

    key: str
    to: Contact | Account
    partner: Partner | None
    subject: str
    text: str
    promise: Promise | None = None
    purpose: str = ""
    reply_to: str = ""
    attachments: Sequence[Enclosure] = ()
    topic: str = ""
    announcement: Announcement | None = None
    not_before: datetime | None = None


def write_message(
    key: str,
    *,
    to: Contact | Account,
    partner: Partner | None,
    subject: str,
    text: str,
    at: datetime,
    promise: Promise | None = None,
    purpose: str = "",
    reply_to: str = "",
    attachments: Sequence[Enclosure] = (),
) -> Message | None:
    """Queues one message; None when one with this key was written before."""
    note = Note(key, to, partner, subject, text, promise, purpose, reply_to, attachments)
    written = write_messages([note], at=at)
    return written[0] if written else None


def write_messages(notes: Iterable[Note], *, at: datetime) -> list[Message]:
    """Queues those whose key is new, all or none. Raises Refused for somebody without a mail address."""
    by_key = {note.key: _checked(note) for note in notes}
    try:
        return _write_new(by_key, at)
    except IntegrityError:
        # Another process wrote one of them in this very moment; its row is there now.
        return _write_new(by_key, at)


@transaction.atomic
def _write_new(by_key: dict[str, Note], at: datetime) -> list[Message]:
    """Chunk by chunk: PostgreSQL takes 65,535 values a statement."""
    sender, keys = vendor().mail_from, list(by_key)
    chunks = (keys[begin : begin + CHUNK] for begin in range(0, len(keys), CHUNK))
    return [
        message
        for chunk in chunks
        for message in _write_chunk({key: by_key[key] for key in chunk}, sender, at)
    ]


def _write_chunk(by_key: dict[str, Note], sender: str, at: datetime) -> list[Message]:
    known = set(Message.objects.filter(key__in=by_key).values_list("key", flat=True))
    new = [note for key, note in by_key.items() if key not in known]
    written = Message.objects.bulk_create(_message(note, sender, at) for note in new)
    Attachment.objects.bulk_create(
        Attachment(
            message=message,
            name=file.name,
            media_type=file.media_type,
            content=file.content,
            source=file.source,
        )
        for note, message in zip(new, written, strict=True)
        for file in note.attachments
    )
    return written


def _checked(note: Note) -> Note:
    if not note.to.email:
        raise Refused(
            f"{note.to.name} has no mail address", "Enter one on the partner's page.", field="email"
        )
    return note


def _message(note: Note, sender: str, at: datetime) -> Message:
    return Message(
        key=note.key,
        partner=note.partner,
        contact=note.to if isinstance(note.to, Contact) else None,
        person=note.to if isinstance(note.to, Account) else None,
        promise=note.promise,
        to_name=_one_line(note.to.name)[:120],
        to_address=note.to.email,
        reply_to=note.reply_to,
        subject=_one_line(note.subject)[:200],
        text=note.text,
        message_id=_message_id(note.key, sender, at),
        written_at=at,
        next_attempt_at=max(at, note.not_before) if note.not_before else at,
        purpose=note.purpose,
        topic=note.topic if isinstance(note.to, Contact) else "",
        language=language_for(note.to),
        announcement=note.announcement,
    )


def _one_line(text: str) -> str:
    """Headers hold one line: what comes from names and titles must not begin a second."""
    return " ".join(text.split())


def _message_id(key: str, sender: str, at: datetime) -> str:
    """The same for every attempt, so that a mail program shows one letter even if two should arrive."""
    digest = hashlib.sha256(f"{key} {sender} {at.isoformat()}".encode()).hexdigest()[:32]
    return f"<{digest}@{sender.rpartition('@')[2]}>"
