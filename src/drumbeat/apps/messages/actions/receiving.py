"""Mail that came in is kept once, and what it says of our mail is noted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import DateTimeField
from django.db.models.functions import Coalesce

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.messages.models import Message, ReadingPlace, Received, Suppression
from drumbeat.apps.partners.models import Contact, Partner

from .wishing import suppress_address

# What comes back may be quicker than the mark that it left.
LEFT_THE_HOUSE = (Message.State.SENT, Message.State.UNCERTAIN, Message.State.SENDING)


def keep_received(
    digest: str,
    *,
    mailbox: str,
    validity: int,
    uid: int,
    kind: str,
    from_address: str,
    subject: str,
    text: str,
    at: datetime,
    message: Message | None = None,
    partner: Partner | None = None,
    contact: Contact | None = None,
    note: str = "",
) -> Received | None:
    """The new row; None when this mail was kept before, from whichever place."""
    row, is_new = Received.objects.get_or_create(
        digest=digest,
        defaults={
            "mailbox": mailbox,
            "validity": validity,
            "uid": uid,
            "kind": kind,
            "message": message,
            "partner": partner,
            "contact": contact,
            "from_address": from_address[:254],
            "subject": subject[:200],
            "text": text,
            "note": note[:300],
            "received_at": at,
        },
    )
    return row if is_new else None


@transaction.atomic
def mark_bounced(
    message: Message, why: str, *, address: str, is_hard: bool, reason: str, at: datetime
) -> bool:
    """A server gave the message back. For a hard bounce of the contact's own address an event asks whether the contact left.
    False when that was known."""
    locked = Message.objects.select_for_update(of=("self",)).select_related("contact").get(pk=message.pk)
    if locked.state not in LEFT_THE_HOUSE:
        return False
    locked.state, locked.error, locked.lease_until = Message.State.BOUNCED, why[:300], None
    locked.save(update_fields=["state", "error", "lease_until"])
    record_event(
        "message.bounced", ("message", locked.pk), by_id=None, at=at, partner=locked.partner_id, reason=reason
    )
    if is_hard and locked.to_address.lower() == address.lower():
        suppress_address(address, Suppression.Reason.HARD_BOUNCE, why, at=at)
    if is_hard and locked.contact and locked.to_address.lower() == address.lower():
        told = {"partner": locked.contact.partner_id, "email": address, "reason": reason, "is_hard": True}
        record_event("contact.bounced", ("contact", locked.contact.pk), by_id=None, at=at, **told)
    return True


@transaction.atomic
def mark_complained(message: Message, *, at: datetime) -> bool:
    """Its reader called it unwanted: nothing is sent there any more until operations lift it, and the manager hears of it,
    once for the address. False when that was known."""
    locked = Message.objects.select_for_update(of=("self",)).select_related("contact").get(pk=message.pk)
    if locked.state not in LEFT_THE_HOUSE:
        return False
    locked.state, locked.error, locked.lease_until = Message.State.COMPLAINED, "the reader complained", None
    locked.save(update_fields=["state", "error", "lease_until"])
    is_new = suppress_address(locked.to_address, Suppression.Reason.COMPLAINT, locked.subject, at=at)
    if locked.contact and is_new:
        told = {"partner": locked.contact.partner_id, "email": locked.to_address}
        record_event("contact.complained", ("contact", locked.contact.pk), by_id=None, at=at, **told)
    return True


def mark_delivered(message: Message, *, at: datetime) -> bool:
    """Its reader's server has it: then it surely left, whatever was uncertain. False when that was known, or it came back."""
    left = Message.objects.filter(pk=message.pk, delivered_at=None, state__in=LEFT_THE_HOUSE)
    sent_at = Coalesce("sent_at", at, output_field=DateTimeField())
    return bool(
        left.update(state=Message.State.SENT, sent_at=sent_at, delivered_at=at, lease_until=None, error="")
    )


def mark_answered(message: Message, *, at: datetime) -> None:
    """A person answered it."""
    record_event("message.answered", ("message", message.pk), by_id=None, at=at, partner=message.partner_id)


@transaction.atomic
def keep_place(mailbox: str, validity: int, uid: int, *, at: datetime) -> None:
    """The mailbox was read up to there."""
    place = {"validity": validity, "uid": uid, "read_at": at, "error": ""}
    ReadingPlace.objects.update_or_create(mailbox=mailbox, defaults=place)


def note_trouble(mailbox: str, error: str, *, at: datetime) -> None:
    """It couldn't be read; how far it was read stays."""
    ReadingPlace.objects.update_or_create(mailbox=mailbox, defaults={"error": error[:300], "read_at": at})
