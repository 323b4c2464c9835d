"""Rooms of chat are set and closed; what is posted there is written once for its key, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.people.models import Account
from drumbeat.apps.webhooks.access import may_set_room
from drumbeat.apps.webhooks.models import Delivery, Endpoint, Room
from drumbeat.core.refusal import insist

from .delivering import ROOM, SHORTEST_SECRET

TEAM = "team"


@transaction.atomic
def set_room(
    form: str, url: str, *, person: Account | None, by: Account, at: datetime, secret: str = ""
) -> Room:
    """The one room of a person, or of the team with `person` None; set again, it takes the place of the one before. Whoever
    calls has asked the hooks whether the address may be spoken to."""
    insist(may_set_room(by, person), "This isn't your room", "Ask a director or the person")
    insist(
        form in Room.Form.values, f"There is no form {form[:20]!r}", "Choose Slack, Teams or plain", "form"
    )
    is_signed = form == Room.Form.PLAIN
    insist(
        not is_signed or len(secret) >= SHORTEST_SECRET,
        "A plain webhook is signed, and the secret is too short",
        f"Use {SHORTEST_SECRET} signs at least.",
        "secret",
    )
    key = f"{ROOM}{person.pk if person else TEAM}"
    endpoint, _ = Endpoint.objects.update_or_create(
        key=key,
        defaults={
            "url": url,
            "secret": secret if is_signed else "",
            "added_at": at,
            "added_by": by,
            "closed_at": None,
        },
    )
    room, _ = Room.objects.update_or_create(endpoint=endpoint, defaults={"form": form, "person": person})
    _record("room.set", room, by, at)
    return room


@transaction.atomic
def close_room(room: Room, *, by: Account, at: datetime) -> None:
    """Nothing more is written for it; what is queued fails with words. Closing twice changes nothing."""
    insist(may_set_room(by, room.person), "This isn't your room", "Ask a director or the person")
    if Endpoint.objects.open().filter(pk=room.endpoint_id).update(closed_at=at):
        _record("room.closed", room, by, at)


def write_posts(posts: Iterable[tuple[str, Room, str]], *, at: datetime) -> None:
    """(key, room, payload): each queued once for its key, whatever is tried again."""
    Delivery.objects.bulk_create(
        (
            Delivery(key=key, endpoint=room.endpoint, payload=payload, written_at=at, next_attempt_at=at)
            for key, room, payload in posts
        ),
        ignore_conflicts=True,
    )


def _record(kind: str, room: Room, by: Account, at: datetime) -> None:
    """The address is as good as a password, so it isn't told."""
    record_event(kind, ("room", room.pk), by_id=by.pk, at=at, form=room.form, owner=room.person_id)
