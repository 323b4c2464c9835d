"""A message on its way: leased, begun, and what became of it.

A lease of a queued message only reserves it: if the worker dies, it is taken again. `sending` is written before the
socket is touched; when the worker dies there, the message becomes `uncertain` and waits for a person.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from drumbeat.apps.messages.models import LEASE, Message, MessageSet

# After the sixth refusal every twelve hours; after the last the message stands as failed, with the server's words.
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
ATTEMPTS_AT_MOST = 12
LEFT_BEHIND = "the worker ended while the message was on its way: it may have been accepted or not"


@transaction.atomic
def claim_messages(*, at: datetime, limit: int, lease: timedelta = LEASE) -> list[Message]:
    """Reserves what is due, oldest first; any number of workers may claim at once. They stay `queued`."""
    claimed = list(
        Message.objects.due(at).order_by("next_attempt_at", "pk").select_for_update(skip_locked=True)[:limit]
    )
    until = at + lease
    Message.objects.filter(pk__in=[message.pk for message in claimed]).update(lease_until=until)
    for message in claimed:
        message.lease_until = until
    return claimed


def begin_sending(message: Message, *, at: datetime, lease: timedelta = LEASE) -> bool:
    """Says that from now on the message may be on the wire: one statement, which commits itself. False when it isn't this
    worker's any more."""
    mine = Message.objects.filter(pk=message.pk, state=Message.State.QUEUED, lease_until=message.lease_until)
    return _change(
        message, mine, state=Message.State.SENDING, attempts=message.attempts + 1, lease_until=at + lease
    )


def mark_sent(message: Message, *, at: datetime) -> bool:
    """A server has accepted it. Whoever heard the server's word is right, whatever the row says meanwhile, unless that is what
    became of it afterwards."""
    unsent = Message.objects.filter(pk=message.pk).exclude(state__in=Message.ACCEPTED)
    return _change(message, unsent, state=Message.State.SENT, sent_at=at, lease_until=None, error="")


def mark_all_sent(messages: Collection[Message], *, at: datetime) -> None:
    """For a post in the house, which takes reserved messages without a wire between: sent at the first attempt."""
    queued = Message.objects.filter(pk__in=[message.pk for message in messages], state=Message.State.QUEUED)
    queued.update(
        state=Message.State.SENT, sent_at=at, lease_until=None, error="", attempts=F("attempts") + 1
    )


def mark_deferred(message: Message, error: str, *, at: datetime, gives_up: bool = True) -> bool:
    """Surely not accepted: queued again after a growing pause, or failed when it was tried often enough.

    `gives_up=False` is for a server that can't be reached: that is no fault of the message.
    """
    if gives_up and message.attempts >= ATTEMPTS_AT_MOST:
        return mark_failed(message, f"given up after {message.attempts} attempts: {error}", at=at)
    return _leave_sending(
        message, Message.State.QUEUED, error, next_attempt_at=at + backoff(message.attempts)
    )


def backoff(attempts: int) -> timedelta:
    """The pause after so many attempts."""
    return BACKOFF[min(max(attempts, 1), len(BACKOFF)) - 1]


def mark_failed(message: Message, error: str, *, at: datetime) -> bool:
    """The server refuses it for good."""
    return _leave_sending(message, Message.State.FAILED, error, next_attempt_at=at)


def drop_message(message: Message, why: str, *, at: datetime) -> bool:
    """It is not sent any more, and says why: its reader doesn't want it."""
    return _leave_sending(message, Message.State.DROPPED, why, next_attempt_at=at)


def mark_uncertain(message: Message, error: str, *, at: datetime) -> bool:
    """Accepted or not, nobody knows. It is never sent again by itself."""
    return _leave_sending(message, Message.State.UNCERTAIN, error, next_attempt_at=at)


def _leave_sending(message: Message, state: str, error: str, *, next_attempt_at: datetime) -> bool:
    """Only of the very attempt that `message` stands for: its number, or before it began its lease, tells."""
    attempt = Q(state__in=[Message.State.SENDING, Message.State.UNCERTAIN], attempts=message.attempts)
    reserved = Q(state=Message.State.QUEUED, lease_until=message.lease_until)
    mine = Message.objects.filter(attempt | reserved, pk=message.pk)
    changes = {"state": state, "lease_until": None, "error": error[:300], "next_attempt_at": next_attempt_at}
    return _change(message, mine, **changes)


def _change(message: Message, rows: MessageSet, **changes: object) -> bool:
    if not rows.update(**changes):
        return False
    for name, value in changes.items():
        setattr(message, name, value)
    return True


def hold_back(messages: Collection[Message], error: str, *, until: datetime) -> None:
    """Gives back what was reserved but not begun, because the server can't be used: no attempt is counted."""
    mine = [message.pk for message in messages]
    Message.objects.filter(pk__in=mine, state=Message.State.QUEUED).update(
        lease_until=None, error=error[:300], next_attempt_at=until
    )


def expire_lease(message: Message, *, at: datetime) -> bool:
    """What a worker that is gone left on the wire becomes uncertain; it is never sent again by itself."""
    left = Message.objects.left_behind(at).filter(pk=message.pk)
    return _change(message, left, state=Message.State.UNCERTAIN, lease_until=None, error=LEFT_BEHIND)
