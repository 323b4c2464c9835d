"""What agendas are made of, asked for once for all partners of a chunk. Refuses to know what is said of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import datetime
from functools import cached_property

from django.db.models import Count

from drumbeat.apps.deals.models import Deal
from drumbeat.apps.ledger.models import Ask, Commitment, Standing
from drumbeat.apps.ledger.queries import open_commitments_of
from drumbeat.apps.meetings.models import AgendaPoint
from drumbeat.apps.meetings.queries import carried_points, last_meetings
from drumbeat.apps.routines.models import Routine


class Talks:
    """Everything by partner id, as of `at`."""

    def __init__(self, partners: Collection[int], at: datetime) -> None:
        self.partners = partners
        self.at = at

    @cached_property
    def last_met(self) -> dict[int, datetime]:
        return last_meetings(self.partners)

    @cached_property
    def undertaken(self) -> dict[int, list[Commitment]]:
        return open_commitments_of(self.partners)

    @cached_property
    def carried(self) -> dict[int, list[AgendaPoint]]:
        return carried_points(self.partners)

    @cached_property
    def asks(self) -> dict[int, int]:
        """How many pleas to waive or redate nobody has answered."""
        waiting = Ask.objects.filter(decided_at=None, promise__partner__in=self.partners)
        return dict(waiting.order_by().values_list("promise__partner").annotate(Count("pk")))

    @cached_property
    def overdue(self) -> dict[int, list[Standing]]:
        """Those that wait longest first."""
        by_partner: dict[int, list[Standing]] = defaultdict(list)
        standings = Standing.objects.overdue(self.at).filter(promise__partner__in=self.partners)
        for standing in standings.select_related("promise").order_by("due_at", "pk"):
            by_partner[standing.promise.partner_id or 0].append(standing)
        return by_partner

    @cached_property
    def titles(self) -> dict[str, str]:
        """Of the routines whose promises are overdue, by key."""
        keys = {one.promise.routine for found in self.overdue.values() for one in found}
        return dict(Routine.objects.filter(key__in=keys).values_list("key", "title"))

    @cached_property
    def moved_deals(self) -> defaultdict[int, Counter[str]]:
        """Stage -> how many deals came there since both sides last met."""
        by_partner: defaultdict[int, Counter[str]] = defaultdict(Counter)
        since = min(self.last_met.values(), default=self.at)
        moved = Deal.objects.filter(partner__in=self.last_met, moved_at__gt=since, moved_at__lte=self.at)
        for partner, stage, moved_at in moved.values_list("partner", "stage", "moved_at"):
            if moved_at > self.last_met[partner]:
                by_partner[partner][stage] += 1
        return by_partner
