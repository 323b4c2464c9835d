"""Endpoints are added and closed; a delivery is written once, reserved, sent, and marked with what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.people.models import Account, Role
from drumbeat.apps.webhooks.models import Delivery, Endpoint
from drumbeat.core.playbook import grammar
from drumbeat.core.playbook.problems import Unreadable
from drumbeat.core.refusal import Refused, insist

LEASE = timedelta(minutes=10)
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
SHORTEST_SECRET = 16
ROOM = "chat-"  # so the keys of rooms begin: nobody who adds endpoints may turn a room elsewhere
State = Delivery.State


@transaction.atomic
def add_endpoint(
    key: str,
    url: str,
    secret: str,
    *,
    by: Account | None,
    at: datetime,
    headers: Mapping[str, str] | None = None,
) -> Endpoint:
    """Added, or changed when there is one of this key; an empty secret then keeps the one before."""
    _refuse_unless_administrator(by)
    try:
        grammar.slug(key)
    except Unreadable as error:
        raise Refused(error.reason, error.mend, field="key") from None
    insist(
        not key.startswith(ROOM), f"Names from {ROOM} on are those of chat rooms", "Choose another.", "key"
    )
    known = Endpoint.objects.filter(key=key).first()
    secret = secret or (known.secret if known else "")
    insist(
        len(secret) >= SHORTEST_SECRET,
        "The secret is too short",
        f"Use {SHORTEST_SECRET} signs at least.",
        "secret",
    )
    for name, value in (headers or {}).items():
        is_fit = (
            name.isascii() and name.replace("-", "").isalnum() and "\n" not in value and "\r" not in value
        )
        insist(is_fit, f"{name[:40]!r} is no header", "Write one a line, like X-Key: value.", "headers")
    endpoint, _ = Endpoint.objects.update_or_create(
        key=key,
        defaults={
            "url": url, "secret": secret, "headers": dict(headers or {}), "added_at": at, "added_by": by, "closed_at": None,
        },
    )  # fmt: skip
    record_event("endpoint.added", ("endpoint", endpoint.pk), by_id=by.pk if by else None, at=at, key=key)
    return endpoint


@transaction.atomic
def close_endpoint(endpoint: Endpoint, *, by: Account | None, at: datetime) -> None:
    """Nothing is written for it any more; what is queued fails with words."""
    _refuse_unless_administrator(by)
    if Endpoint.objects.open().filter(pk=endpoint.pk).update(closed_at=at):
        record_event("endpoint.closed", ("endpoint", endpoint.pk), by_id=by.pk if by else None, at=at)


def _refuse_unless_administrator(by: Account | None) -> None:
    insist(by is None or by.has(Role.ADMINISTRATOR), "Only an administrator names endpoints", "Ask one.")


def write_delivery(key: str, step_id: int, endpoint: Endpoint, payload: str, *, at: datetime) -> Delivery:
    """Queued once for its key, whatever is tried again."""
    Delivery.objects.bulk_create(
        [
            Delivery(
                key=key,
                step_id=step_id,
                endpoint=endpoint,
                payload=payload,
                written_at=at,
                next_attempt_at=at,
            )
        ],
        ignore_conflicts=True,
    )
    return Delivery.objects.get(key=key)


@transaction.atomic
def claim_deliveries(*, at: datetime, limit: int, lease: timedelta = LEASE) -> list[Delivery]:
    """Due ones, begun: from now on nobody can tell whether they were sent, until they are marked."""
    due = Delivery.objects.due(at).order_by("next_attempt_at", "pk").select_for_update(skip_locked=True)
    ids = list(due.values_list("pk", flat=True)[:limit])
    Delivery.objects.filter(pk__in=ids).update(state=State.SENDING, lease_until=at + lease)
    return list(Delivery.objects.filter(pk__in=ids).select_related("endpoint").order_by("pk"))


def mark_delivered(delivery: Delivery, status: int, *, at: datetime) -> None:
    _mark(
        delivery,
        state=State.DELIVERED,
        status=status,
        delivered_at=at,
        error="",
        attempts=delivery.attempts + 1,
    )


def mark_refused(
    delivery: Delivery, error: str, status: int | None, *, at: datetime, may_retry: bool
) -> None:
    """Tried again with growing pauses; after the last, or when it is useless, it stands failed."""
    attempts = delivery.attempts + 1
    if may_retry and attempts <= len(BACKOFF):
        again = at + BACKOFF[attempts - 1]
        _mark(
            delivery,
            state=State.QUEUED,
            status=status,
            error=error[:300],
            attempts=attempts,
            next_attempt_at=again,
        )
    else:
        _mark(delivery, state=State.FAILED, status=status, error=error[:300], attempts=attempts)


def mark_uncertain(delivery: Delivery, error: str) -> None:
    _mark(delivery, state=State.UNCERTAIN, error=error[:300], attempts=delivery.attempts + 1)


def requeue_delivery(delivery: Delivery, *, at: datetime) -> None:
    """A person has it sent (again), under its old key."""
    _mark(delivery, state=State.QUEUED, error="", attempts=0, next_attempt_at=at)


def note_settlement(delivery: Delivery, *, by: Account, at: datetime) -> None:
    record_event("delivery.settled", ("delivery", delivery.pk), by_id=by.pk, at=at, state=delivery.state)


def _mark(delivery: Delivery, **changes: object) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(lease_until=None, **changes)
    for name, value in changes.items():
        setattr(delivery, name, value)
