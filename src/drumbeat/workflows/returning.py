"""What became of a letter after it left: given back, complained about, arrived, unwanted. Told by a notice in the mailbox or by
the provider, the same follows, and the step that wrote the letter hears it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from drumbeat.apps.messages import actions as mail
from drumbeat.apps.messages.models import Message
from drumbeat.apps.messages.queries import message_named
from drumbeat.core.mailreading import Failure, failure_told
from drumbeat.integrations.providers import Notice
from drumbeat.workflows.posting import telling_step

UNKNOWN = "unknown"


def take_notices(notices: Iterable[Notice], *, at: datetime) -> Counter[str]:
    """What a provider tells, each once however often it is told; how many of each kind, `unknown` for letters not ours."""
    return Counter(_take(notice, at) for notice in notices)


def _take(notice: Notice, at: datetime) -> str:
    message = message_named(notice.names)
    if message is None or notice.address.lower() not in ("", message.to_address.lower()):
        return UNKNOWN
    match notice.what:
        case "bounced":
            note_return(message, failure_told(message.to_address, notice.words), at=at)
        case "complained":
            note_complaint(message, at=at)
        case "delivered":
            note_arrival(message, arrived_at=min(notice.at or at, at), at=at)
        case "unsubscribed":
            _note_wish(message, at)
    return notice.what


def note_return(message: Message, failure: Failure, *, at: datetime) -> bool:
    """A server gave it back for good."""
    why = f"{failure.reply} {failure.status} {failure.words}".strip()
    with telling_step(message, at):
        return mail.mark_bounced(
            message, why, address=failure.address, is_hard=failure.is_hard, reason=failure.reason, at=at
        )


def note_complaint(message: Message, *, at: datetime) -> bool:
    """Its reader called it unwanted."""
    with telling_step(message, at):
        return mail.mark_complained(message, at=at)


def note_arrival(message: Message, *, arrived_at: datetime, at: datetime) -> bool:
    """The reader's server took it: nobody need ask any more whether it left."""
    with telling_step(message, at):
        return mail.mark_delivered(message, at=arrived_at)


def _note_wish(message: Message, at: datetime) -> None:
    if message.contact and message.topic:
        mail.decline_topic(message.contact, message.topic, at=at)
