"""Writing down that something happened, in the transaction of the action that did it."""

from __future__ import annotations

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
