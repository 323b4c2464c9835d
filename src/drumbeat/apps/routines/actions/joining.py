"""The work of one subject goes over to another: what is open follows, without doubles, and can be brought back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from drumbeat.apps.ledger.reasons import PARTNER_MERGED
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.queries import vendor_day
from drumbeat.apps.routines.models import Moment, Occurrence, Subscription

from .closing_early import close_early
from .planning import plan_subscriptions
from .subscribing import end_subscriptions, subscribe


@dataclass(frozen=True, slots=True)
class Joined:
    """What went over: `ended` subscriptions of the lost one, `begun` ones of the kept one, and of each occurrence the
    subscription it came from; `doubled` occurrences were waived, because the kept one has the same."""

    ended: list[int]
    begun: list[int]
    occurrences: dict[int, int]
    doubled: list[int]


@transaction.atomic
def join_work(lost: Partner, kept: Partner, *, at: datetime) -> Joined:
    """Promises stay written to whom they were made; their work is on the list of the kept one from now on."""
    running = list(lost.subscriptions.running().select_related("routine__version"))
    begun = [pk for subscription in running for pk in _begin(subscription, kept, at)]
    heirs = {row.routine_id: row for row in kept.subscriptions.running()}
    over: dict[int, int] = {}
    doubled: list[int] = []
    for occurrence in (
        Occurrence.objects.open().filter(subscription__partner=lost).select_related("subscription")
    ):
        heir = heirs.get(occurrence.subscription.routine_id)
        if heir is None or _has_same(heir, occurrence):
            doubled.append(occurrence.pk)
        else:
            over[occurrence.pk] = occurrence.subscription_id
            _put(occurrence, heir.pk)
    end_subscriptions(running, at=at)
    close_early(doubled, at=at, reason=PARTNER_MERGED)
    plan_subscriptions(heirs.values(), at=at)
    return Joined([row.pk for row in running], begun, over, doubled)


def _begin(subscription: Subscription, kept: Partner, at: datetime) -> list[int]:
    """The kept one comes on the routine, unless it is on it."""
    mine = kept.subscriptions.running().filter(routine=subscription.routine)
    if mine.exists():
        return []
    subscribe(subscription.routine, [kept], on=vendor_day(at), is_by_hand=subscription.is_by_hand)
    return list(mine.values_list("pk", flat=True))


def _has_same(heir: Subscription, occurrence: Occurrence) -> bool:
    return heir.occurrences.filter(nominal_on=occurrence.nominal_on, event_id=occurrence.event_id).exists()


def _put(occurrence: Occurrence, subscription: int) -> None:
    """The heir has no moment of that day any more: it is opened already."""
    same = {"nominal_on": occurrence.nominal_on, "event_id": occurrence.event_id}
    Moment.objects.filter(subscription=subscription, **same).delete()
    Occurrence.objects.filter(pk=occurrence.pk).update(subscription=subscription)


@transaction.atomic
def part_work(
    ended: Collection[int], begun: Collection[int], occurrences: Mapping[int, int], *, at: datetime
) -> None:
    """Brings back what `join_work` took over: subscriptions run again, and what is still open returns to them."""
    end_subscriptions(Subscription.objects.filter(pk__in=begun), at=at)
    for pk, subscription in occurrences.items():
        Occurrence.objects.open().filter(pk=pk).update(subscription=subscription)
    again = Subscription.objects.filter(pk__in=ended, ended_on__isnull=False)
    taken = set(Subscription.objects.running().filter(
        partner__in=again.values("partner"), routine__in=again.values("routine")
    ).values_list("partner", "routine"))  # fmt: skip
    free = [row.pk for row in again if (row.partner_id, row.routine_id) not in taken]
    Subscription.objects.filter(pk__in=free).update(ended_on=None, planned_until=None)
    plan_subscriptions(Subscription.objects.filter(pk__in=ended), at=at)
