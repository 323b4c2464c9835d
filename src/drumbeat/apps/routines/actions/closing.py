"""Work ends before its time, because its subject is no longer there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from drumbeat.apps.routines.models import Occurrence, Subscription

from .closing_early import close_early
from .subscribing import end_subscriptions


@dataclass(frozen=True, slots=True)
class WoundUp:
    """How many subscriptions ended, and how many open occurrences were closed with them."""

    subscriptions: int = 0
    occurrences: int = 0


@transaction.atomic
def wind_up(subscriptions: Iterable[Subscription], *, reason: str, at: datetime) -> WoundUp:
    """Ends them: moments to come go, what is open is waived by rule (`reason`) and its work left out."""
    listed = list(subscriptions)
    running = [subscription for subscription in listed if subscription.ended_on is None]
    end_subscriptions(running, at=at)
    open_ones = Occurrence.objects.open().filter(subscription__in=[one.pk for one in listed])
    closed = close_early(list(open_ones.values_list("pk", flat=True)), at=at, reason=reason)
    return WoundUp(len(running), closed)
