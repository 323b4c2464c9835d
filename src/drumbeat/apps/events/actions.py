"""Writing down that something happened, in the transaction of the action that did it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from drumbeat.core.events import KINDS
from drumbeat.core.refusal import insist

from .models import Crossing, Event, Source


def record_event(
    kind: str, subject: tuple[str, int], *, by_id: int | None, at: datetime, **payload: Any
) -> Event:
    """`kind` is a word of the vocabulary, such as `partner.joined`; `subject` is (noun, id). `partner` in the payload is
    the id of the partner it concerns. What the vocabulary names waits for the routines that it opens."""
    event = event_of(kind, subject, by_id=by_id, at=at, **payload)
    event.save(force_insert=True)
    return event


def record_events(
    kind: str, subjects: Iterable[tuple[str, int]], *, by_id: int | None, at: datetime, **payload: Any
) -> None:
    """The same thing that happened to many subjects at once."""
    write_events([event_of(kind, subject, by_id=by_id, at=at, **payload) for subject in subjects])


def event_of(
    kind: str, subject: tuple[str, int], *, by_id: int | None, at: datetime, **payload: Any
) -> Event:
    """The row, not yet written."""
    noun, pk = subject
    partner = pk if noun == "partner" else payload.get("partner")
    return Event(
        kind=kind,
        subject_kind=noun,
        subject_id=pk,
        partner_id=partner,
        person_id=payload.get("person", by_id),
        by_id=by_id,
        at=at,
        payload=payload,
        is_waiting=kind in KINDS,
    )


def write_events(events: Sequence[Event]) -> list[Event]:
    """Those that are new: an event whose source gave its key before is passed over."""
    keyed = {(event.source, event.key) for event in events if event.key}
    known = set(
        Event.objects.filter(key__in=[key for _, key in keyed]).values_list("source", "key") if keyed else ()
    )
    new = [event for event in events if not event.key or (event.source, event.key) not in known]
    Event.objects.bulk_create(new, ignore_conflicts=bool(keyed), batch_size=2000)
    return new


@transaction.atomic
def record_crossings(kind: str, now: Iterable[int], *, at: datetime) -> int:
    """The partners of whom a fact is true: an event for each of whom it was not. How many are new."""
    true = set(now)
    Crossing.objects.filter(kind=kind).exclude(partner_id__in=true).delete()
    fresh = true - set(Crossing.objects.filter(kind=kind).values_list("partner_id", flat=True))
    Crossing.objects.bulk_create(
        Crossing(kind=kind, partner_id=partner, since_at=at) for partner in sorted(fresh)
    )
    record_events(kind, (("partner", partner) for partner in sorted(fresh)), by_id=None, at=at)
    return len(fresh)


@transaction.atomic
def add_source(name: str, secret: str, *, at: datetime) -> Source:
    """A system that may post; one that was closed opens again, with its new secret."""
    insist(bool(name) and name == name.lower() and name.replace("-", "").isalnum() and len(name) <= 40,
           f"{name!r} is no name of a source", "Use small letters, digits and hyphens", "name")  # fmt: skip
    known = Source.objects.select_for_update().filter(name=name).first()
    insist(
        known is None or known.closed_at is not None, f"There is a source {name}", "Close it first", "name"
    )
    if known is None:
        return Source.objects.create(name=name, secret=secret, added_at=at)
    known.secret, known.added_at, known.closed_at = secret, at, None
    known.save()
    return known


@transaction.atomic
def close_source(name: str, *, at: datetime) -> None:
    """It may post no longer; what it posted stays."""
    closed = Source.objects.open().filter(name=name).update(closed_at=at)
    insist(bool(closed), f"There is no open source {name}", "Look at the list", "name")
