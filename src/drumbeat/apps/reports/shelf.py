"""What the editions of one chunk share: figures of many partners, asked for once together. One edition is a chunk of one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar, cast

from drumbeat.apps.deals.models import Deal
from drumbeat.apps.deals.queries import DealsSummary, deals_summaries
from drumbeat.apps.ledger.models import Promise, Standing
from drumbeat.apps.ledger.queries import Beat, beats_of_partners, records_of_sides
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Vendor
from drumbeat.apps.people.queries import vendor
from drumbeat.apps.routines.models import Routine
from drumbeat.apps.routines.queries import Upcoming, upcoming_of_partners
from drumbeat.core.tally import OnTimeRecord

from .book import SalesBook, books_of_partners

Answer = TypeVar("Answer")
SIDES = ("vendor", "partner")
NEAR = timedelta(days=14)


class Shelf:
    """As of `at`. Each method answers for one partner of the chunk; what several ask for is fetched for all of them."""

    def __init__(self, partners: Collection[Partner], at: datetime) -> None:
        self.partners = {partner.pk: partner for partner in partners}
        self.at = at
        self._fetched: dict[Hashable, Any] = {}

    def once(self, name: Hashable, fetch: Callable[[], Answer]) -> Answer:
        """What `fetch` gave the first time that this name was asked for."""
        if name not in self._fetched:
            self._fetched[name] = fetch()
        return cast(Answer, self._fetched[name])

    @cached_property
    def vendor(self) -> Vendor:
        return vendor()

    @cached_property
    def titles(self) -> dict[str, str]:
        """Routine key -> title."""
        return dict(Routine.objects.values_list("key", "title"))

    def book(self, partner: Partner, last: date, months: int) -> SalesBook:
        books = self.once(
            ("book", last, months), lambda: books_of_partners(self.partners.values(), last, months)
        )
        return books[partner.pk]

    def deals(self, partner: Partner, since: datetime) -> DealsSummary:
        everyone = Partner.objects.filter(pk__in=self.partners)
        found = self.once(
            ("deals", since), lambda: deals_summaries(everyone, since=since, until=self.at, at=self.at)
        )
        return found.get(partner.pk, DealsSummary())

    def deals_listed(self, partner: Partner, name: str, listed: Callable[..., list[Deal]]) -> list[Deal]:
        """Of the partner, from what `listed` gives for all, under a name of the question."""
        everyone = Partner.objects.filter(pk__in=self.partners)
        found = self.once(("listed", name), lambda: _deals_by_partner(listed(everyone, limit=None)))
        return found.get(partner.pk, [])

    def records(
        self, partner: Partner, from_on: date, until_on: date
    ) -> dict[str, Mapping[date, OnTimeRecord]]:
        """Side -> month due -> record."""
        whose = {"partner": list(self.partners)}
        found = self.once(
            ("records", from_on, until_on),
            lambda: _by_partner(
                records_of_sides(
                    dict.fromkeys(SIDES, whose), by=("partner_id", "month"), at=self.at, from_on=from_on, until_on=until_on
                )
            ),
        )  # fmt: skip
        return {side: found[side].get(partner.pk, {}) for side in SIDES}

    def coming(self, partner: Partner, until: datetime) -> list[Upcoming]:
        found = self.once(("coming", until), lambda: upcoming_of_partners(list(self.partners), until=until))
        return found.get(partner.pk, [])

    def beats(self, partner: Partner, since: datetime, until: datetime, today_until: datetime) -> list[Beat]:
        promises = Promise.objects.filter(
            partner__in=self.partners, original_due_at__gte=since, original_due_at__lt=until
        )
        found = self.once(
            ("beats", since, until),
            lambda: beats_of_partners(promises, self.at, today_until=today_until),
        )
        return found.get(partner.pk, [])

    def near(self, partner: Partner) -> list[Standing]:
        """Promises of both sides that are open and due within two weeks, by due moment."""
        return self.once("near", self._near).get(partner.pk, [])

    def _near(self) -> dict[int, list[Standing]]:
        open_ones = Standing.objects.open().filter(partner__in=self.partners, due_at__lt=self.at + NEAR)
        found: dict[int, list[Standing]] = {}
        for standing in open_ones.select_related("promise__partner").order_by("due_at", "pk"):
            found.setdefault(standing.partner_id or 0, []).append(standing)
        return found


def _deals_by_partner(deals: Iterable[Deal]) -> dict[int | None, list[Deal]]:
    found: dict[int | None, list[Deal]] = {}
    for deal in deals:
        found.setdefault(deal.partner_id, []).append(deal)
    return found


def _by_partner(
    records: Mapping[str, Mapping[tuple[int, date], OnTimeRecord]],
) -> dict[str, dict[int, dict[date, OnTimeRecord]]]:
    found: dict[str, dict[int, dict[date, OnTimeRecord]]] = {side: {} for side in records}
    for side, by_month in records.items():
        for (partner, month), record in by_month.items():
            found[side].setdefault(partner, {})[month] = record
    return found
