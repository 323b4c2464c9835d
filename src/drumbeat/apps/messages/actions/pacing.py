"""So many letters a minute to one mail domain, whichever worker sends them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from drumbeat.apps.messages.models import Pace


@transaction.atomic
def take_turns(wanted: Mapping[str, int], a_minute: int, *, at: datetime) -> dict[str, int]:
    """Domain -> how many of the letters wanted may leave in this minute of the clock. They count as gone, whatever becomes of
    them. Domains are locked in one order, so that workers don't wait in a circle."""
    minute = at.replace(second=0, microsecond=0)
    new = (Pace(domain=domain, minute_at=minute) for domain in sorted(wanted))
    Pace.objects.bulk_create(new, ignore_conflicts=True)
    paces = list(Pace.objects.select_for_update().filter(domain__in=wanted).order_by("domain"))
    turns = {pace.domain: _take(pace, wanted[pace.domain], a_minute, minute) for pace in paces}
    Pace.objects.bulk_update(paces, ["minute_at", "letters"])
    return turns


def _take(pace: Pace, wanted: int, a_minute: int, minute: datetime) -> int:
    used = pace.letters if pace.minute_at == minute else 0
    granted = max(min(wanted, a_minute - used), 0)
    pace.minute_at, pace.letters = minute, used + granted
    return granted
