"""Writing down that something happened, in the transaction of the action that did it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from .models import Event


def record_event(
    kind: str, subject: tuple[str, int], *, by_id: int | None, at: datetime, **payload: Any
) -> Event:
    """`kind` is a word of the vocabulary, such as `partner.joined`; `subject` is (noun, id)."""
    subject_kind, subject_id = subject
    return Event.objects.create(
        kind=kind, subject_kind=subject_kind, subject_id=subject_id, by_id=by_id, at=at, payload=payload
    )


def record_events(
    kind: str, subjects: Iterable[tuple[str, int]], *, by_id: int | None, at: datetime, **payload: Any
) -> None:
    """The same thing that happened to many subjects at once."""
    Event.objects.bulk_create(
        Event(kind=kind, subject_kind=noun, subject_id=subject_id, by_id=by_id, at=at, payload=payload)
        for noun, subject_id in subjects
    )
