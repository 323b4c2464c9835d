"""What a person says about a message that the machine can't decide on: was it sent, shall it be tried again?"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.messages.access import may_settle
from drumbeat.apps.messages.models import Message
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account
from drumbeat.core.refusal import Refused


@transaction.atomic
def settle_message(message: Message, was_sent: bool, *, by: Account, at: datetime) -> Message:
    """A person has looked: an uncertain message was sent, or it was not and is queued again."""
    message = _locked(message, by, at)
    if message.state != Message.State.UNCERTAIN:
        raise Refused(
            f"This message is {message.get_state_display().lower()}, not uncertain", "Nothing is to be said."
        )
    message.error, message.lease_until = "", None
    if was_sent:
        message.state, message.sent_at = Message.State.SENT, at
    else:
        message.state, message.next_attempt_at = Message.State.QUEUED, at
    message.save()
    record_event("message.settled", ("message", message.pk), by_id=by.pk, at=at, was_sent=was_sent)
    return message


@transaction.atomic
def retry_message(message: Message, *, by: Account, at: datetime) -> Message:
    """A failed message is queued again, as when an address was mended; it counts its attempts anew."""
    message = _locked(message, by, at)
    if message.state != Message.State.FAILED:
        raise Refused(
            f"This message is {message.get_state_display().lower()}, not failed",
            "Only a failed message can be tried again by hand.",
        )
    message.state, message.attempts, message.next_attempt_at = Message.State.QUEUED, 0, at
    message.to_address = _address_now(message)
    message.save()
    record_event("message.retried", ("message", message.pk), by_id=by.pk, at=at)
    return message


def drop_queued(partner: Partner) -> int:
    """What waits in the outbox for a partner's people is not sent any more; how many were dropped."""
    queued = Message.objects.filter(partner=partner, state=Message.State.QUEUED).exclude(contact=None)
    return queued.update(state=Message.State.DROPPED)


def _locked(message: Message, by: Account, at: datetime) -> Message:
    message = (
        Message.objects.select_for_update(of=("self",)).select_related("contact", "person").get(pk=message.pk)
    )
    if not may_settle(by, message, at):
        raise Refused(
            "You may not decide on this message", "Ask partner operations or the partner's manager."
        )
    return message


def _address_now(message: Message) -> str:
    who = message.contact or message.person
    return who.email if who and who.email else message.to_address
