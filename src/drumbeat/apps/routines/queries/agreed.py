"""What a partner is on, and what was agreed apart from it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from drumbeat.apps.asking import kept
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.routines.models import Override, Subscription


@dataclass(frozen=True, slots=True)
class OnRoutine:
    """A running subscription of a partner, with its exceptions that are not over, by first day."""

    pk: int
    title: str
    overrides: list[Override] = field(default_factory=list)


def routines_with(partner: Partner, on: date) -> list[OnRoutine]:
    """By title of the routine; a query more where there are exceptions."""
    overrides: dict[int, list[Override]] = defaultdict(list)
    for row in _in_full([pk for (pk,) in _exceptions(partner.pk, on)]):
        overrides[row.subscription_id].append(row)
    return [OnRoutine(pk, title, overrides[pk]) for pk, title in _running(partner.pk)]


@kept
def _running(partner: int) -> QuerySet[Any, tuple[Any, ...]]:
    running = Subscription.objects.running().filter(partner=partner)
    return running.order_by("routine__title").values_list("pk", "routine__title")


@kept
def _exceptions(partner: int, on: date) -> QuerySet[Any, tuple[Any, ...]]:
    return Override.objects.not_over(on).filter(subscription__partner=partner).values_list("pk")


def _in_full(ids: list[int]) -> list[Override]:
    rows = Override.objects.filter(pk__in=ids).select_related("owner").order_by("from_on", "pk")
    return list(rows) if ids else []
