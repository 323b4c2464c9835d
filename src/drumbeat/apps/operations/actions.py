"""Writing down that a process passed, and forgetting what is long past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from .models import Pass, Process

KEPT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Passed:
    """One pass of a process: `kind` is clock, worker or night; `wall` is the process's own clock, undisturbed by a demo's
    offset, in seconds since 1970."""

    process: str
    kind: str
    took_ms: int
    wall: float
    done: Mapping[str, int]
    error: str = ""


SEEN = """
INSERT INTO operations_process (name, kind, seen_at, took_ms, skew_ms)
VALUES (%(name)s, %(kind)s, %(at)s, %(took)s, 1000 * (%(wall)s - extract(epoch FROM clock_timestamp())))
ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, seen_at = excluded.seen_at, took_ms = excluded.took_ms,
                                 skew_ms = excluded.skew_ms
RETURNING id
"""


@transaction.atomic
def record_pass(passed: Passed, *, at: datetime) -> None:
    """The process is alive; its pass is kept when it did something or failed."""
    done = {word: count for word, count in passed.done.items() if count}
    told: dict[str, Any] = {
        "name": passed.process,
        "kind": passed.kind,
        "at": at,
        "took": passed.took_ms,
        "wall": passed.wall,
    }
    with connection.cursor() as cursor:
        cursor.execute(SEEN, told)
        process = cursor.fetchone()[0]
    if done or passed.error:
        Pass.objects.create(
            process_id=process,
            kind=passed.kind,
            at=at,
            took_ms=passed.took_ms,
            done=done,
            error=passed.error[:300],
        )


@transaction.atomic
def forget_passes(*, at: datetime) -> None:
    """Passes and processes of more than two weeks ago go."""
    Pass.objects.filter(at__lt=at - KEPT).delete()
    Process.objects.filter(seen_at__lt=at - KEPT).delete()
