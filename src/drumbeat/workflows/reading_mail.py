"""Mail that came in is read, matched to what we sent, and its consequences are drawn: each mail once.

A mail and all that follows from it is one transaction, in which the mailbox's place moves on: whatever dies, it is
done wholly or read again. It is known by its Message-ID, so that a mailbox that numbers anew changes nothing. A mail that
makes the reader fail is set aside with the reason, and the next one is read.

Ours is only what names the Message-ID of a mail of ours, and an answer counts only from somebody of the same partner.
What a machine answered for a person changes nothing.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import OperationalError, transaction

from drumbeat.apps.messages import actions as mail
from drumbeat.apps.messages.models import Message, Received
from drumbeat.apps.messages.queries import message_named, place_of
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.core.mailreading import Reading, read_mail
from drumbeat.core.refusal import Refused
from drumbeat.core.returns import returned_number
from drumbeat.integrations.imap import MOST_BYTES, Incoming, Mailbox, Place, Unreachable
from drumbeat.workflows.answering import take_calendar_answer, wake_waits
from drumbeat.workflows.returning import note_complaint, note_return

log = logging.getLogger(__name__)
FIRST_LOOK_BACK = timedelta(days=7)
CHUNK = 100
MOST_HEAD = 64_000
Kind = Received.Kind


def read_mailbox(mailbox: Mailbox | None, *, at: datetime, limit: int = CHUNK) -> Mapping[str, int]:
    """Reads what is new, oldest first; how many of each kind. Without a mailbox, or when it can't be reached, nothing."""
    counted: Counter[str] = Counter()
    if mailbox is None:
        return counted
    known = place_of(mailbox.name)
    place = Place(known.validity, known.uid) if known and known.uid else None
    try:
        for incoming in mailbox.after(place, since=(at - FIRST_LOOK_BACK).date(), limit=limit):
            counted[take_mail(incoming, mailbox.name, at=at)] += 1
    except Unreachable as trouble:
        log.warning("The mailbox can't be read: %s", trouble)
        mail.note_trouble(mailbox.name, str(trouble), at=at)
    return counted


def take_posted(letters: Iterable[bytes], provider: str, *, at: datetime) -> Mapping[str, int]:
    """Letters that a provider posted, each as if it had come to a mailbox; how many of each kind."""
    unnumbered = (Incoming(Place(0, 0), len(text), text) for text in letters)
    return Counter(take_mail(incoming, f"posted by {provider}", at=at) for incoming in unnumbered)


def take_mail(incoming: Incoming, mailbox: str, *, at: datetime) -> str:
    """One mail and what follows from it; its kind, or `known`."""
    try:
        return _take(incoming, mailbox, at)
    except OperationalError:
        raise
    except Exception as fault:
        log.exception("A mail was set aside: %s %s", mailbox, incoming.place)
        return _set_aside(incoming, mailbox, f"The reader failed: {type(fault).__name__}", at)


def _take(incoming: Incoming, mailbox: str, at: datetime) -> str:
    if incoming.size > MOST_BYTES:
        return _set_aside(incoming, mailbox, f"{incoming.size:,} bytes are more than is read", at)
    try:
        reading = read_mail(incoming.text)
    except Refused as refusal:
        return _set_aside(incoming, mailbox, str(refusal), at)
    with transaction.atomic():
        kept = _keep(reading, incoming, mailbox, at)
        if kept:
            _follow(kept, reading, at)
        mail.keep_place(mailbox, incoming.place.validity, incoming.place.uid, at=at)
    return reading.kind if kept else "known"


@transaction.atomic
def _set_aside(incoming: Incoming, mailbox: str, why: str, at: datetime) -> str:
    mail.keep_received(
        _digest("", incoming.text), mailbox=mailbox, validity=incoming.place.validity, uid=incoming.place.uid,
        kind=Kind.UNREAD, from_address="", subject="", text="", note=why, at=at,
    )  # fmt: skip
    mail.keep_place(mailbox, incoming.place.validity, incoming.place.uid, at=at)
    return Kind.UNREAD


def _keep(reading: Reading, incoming: Incoming, mailbox: str, at: datetime) -> Received | None:
    sender = reading.sender[0]["email"].lower() if reading.sender else ""
    message = message_named([reading.about, *reversed(reading.references)]) or _returned_to_us(incoming.text)
    is_returned = reading.kind in (Kind.BOUNCE, Kind.COMPLAINT)
    contact = _contact(sender, message.partner if message else None)
    if message and not is_returned and not _is_of_the_same_side(message, sender, contact):
        message, contact = None, None
    return mail.keep_received(
        _digest(reading.message_id, incoming.text), mailbox=mailbox,
        validity=incoming.place.validity, uid=incoming.place.uid, kind=reading.kind, from_address=sender,
        subject=reading.subject, text=reading.text, at=at, message=message,
        partner=message.partner if message else contact.partner if contact else None,
        contact=message.contact if message and is_returned else contact,
    )  # fmt: skip


def _returned_to_us(text: bytes) -> Message | None:
    """By the address that it came back to, which was made for one letter."""
    head = text[:MOST_HEAD].replace(b"\r\n", b"\n").partition(b"\n\n")[0].decode("latin-1")
    pk = returned_number(head, settings.SECRET_KEY) if settings.BOUNCE_ADDRESS else None
    return Message.objects.select_related("contact", "partner").filter(pk=pk).first() if pk else None


def _digest(message_id: str, text: bytes) -> str:
    return hashlib.sha256(message_id.encode() or text).hexdigest()


def _contact(email: str, partner: Partner | None) -> Contact | None:
    """The person with this address, of this partner if one is named; nobody when several partners have one."""
    found = (
        Contact.objects.filter(email__iexact=email).select_related("partner")
        if email
        else Contact.objects.none()
    )
    people = list((found.filter(partner=partner) if partner else found)[:5])
    return people[0] if len({person.partner_id for person in people}) == 1 else None


def _is_of_the_same_side(message: Message, sender: str, contact: Contact | None) -> bool:
    """The one we wrote to, or somebody else of that partner."""
    is_colleague = contact is not None and contact.partner_id == message.partner_id
    return sender == message.to_address.lower() or is_colleague


def _follow(kept: Received, reading: Reading, at: datetime) -> None:
    """What follows from it. An auto-reply, and all that a machine sent for nobody, changes nothing."""
    if reading.kind == Kind.BOUNCE and kept.message:
        _returned(kept.message, reading, at)
    elif reading.kind == Kind.COMPLAINT and kept.message:
        note_complaint(kept.message, at=at)
    elif reading.kind == Kind.CALENDAR_REPLY:
        take_calendar_answer(reading, at=at)
    elif reading.kind == Kind.HUMAN_REPLY and kept.message and not reading.is_automatic:
        mail.mark_answered(kept.message, at=at)
        wake_waits(kept.message, at=at)


def _returned(message: Message, reading: Reading, at: datetime) -> None:
    """One mail of ours has one recipient: the failure of his address counts, else of the only one named."""
    for_good = [one for one in reading.failures if one.is_permanent]
    own = [one for one in for_good if one.address.lower() == message.to_address.lower()]
    for failure in own[:1] or (for_good if len(for_good) == 1 else []):
        note_return(message, failure, at=at)
