"""What readers say about our mail, and which addresses get nothing: wishes, suppressions and their lifting."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.messages.access import may_lift
from drumbeat.apps.messages.models import Suppression, Wish
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account
from drumbeat.core.mailtopics import TOPICS
from drumbeat.core.refusal import Refused, insist


@transaction.atomic
def wish_for(contact: Contact, topics: Collection[str], *, at: datetime) -> None:
    """The reader wants these topics and no others."""
    for topic in TOPICS:
        _wish(contact, topic, topic in topics, at)


def decline_topic(contact: Contact, topic: str, *, at: datetime) -> None:
    """One click: no more about this. Said again it stays so."""
    insist(topic in TOPICS, f"There is no topic {topic!r}", f"There are {', '.join(TOPICS)}.")
    _wish(contact, topic, False, at)


@transaction.atomic
def _wish(contact: Contact, topic: str, is_wanted: bool, at: datetime) -> None:
    wish, is_new = Wish.objects.get_or_create(
        contact=contact, topic=topic, defaults={"is_wanted": is_wanted, "changed_at": at}
    )
    if is_new and is_wanted:
        return
    if not is_new and wish.is_wanted == is_wanted:
        return
    wish.is_wanted, wish.changed_at = is_wanted, at
    wish.save(update_fields=["is_wanted", "changed_at"])
    told = {"partner": contact.partner_id, "topic": topic, "is_wanted": is_wanted}
    record_event("contact.wished", ("contact", contact.pk), by_id=None, at=at, **told)


def suppress_address(address: str, reason: str, note: str, *, at: datetime) -> bool:
    """From now on nothing is sent there. False when that was so."""
    _, is_new = Suppression.objects.get_or_create(
        address=address.lower(),
        lifted_at=None,
        defaults={"reason": reason, "note": note[:300], "since_at": at},
    )
    return is_new


@transaction.atomic
def lift_suppression(suppression: Suppression, *, by: Account, at: datetime) -> None:
    """Mail is sent there again, as when the address was mended or the reader asked for it."""
    insist(may_lift(by), "You may not lift this", "Ask partner operations.")
    if not Suppression.objects.filter(pk=suppression.pk, lifted_at=None).update(lifted_at=at, lifted_by=by):
        raise Refused("This was lifted before", "Nothing is to be done.")
    record_event(
        "suppression.lifted", ("suppression", suppression.pk), by_id=by.pk, at=at, address=suppression.address
    )
