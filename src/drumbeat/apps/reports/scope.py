"""What one edition is about, and the values that several of its sections share: each is asked for once at most."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from drumbeat.apps.deals.models import Deal
from drumbeat.apps.deals.queries import DealsSummary, deals_summary
from drumbeat.apps.ledger.queries import records_of_sides
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account, Role, Vendor
from drumbeat.apps.routines.queries import DayLoad, Upcoming, load_of_days, upcoming_moments
from drumbeat.apps.sales.queries import month_before
from drumbeat.core.tally import OnTimeRecord

from .book import SalesBook, book_of_partners, months_until
from .periods import Period
from .shelf import Shelf

AHEAD = timedelta(weeks=4)


@dataclass(frozen=True)
class Scope:
    """One partner, one person's partners, or (with neither) the whole channel, as of the shelf's moment."""

    report: str
    partner: Partner | None
    person: Account | None
    period: Period
    shelf: Shelf

    @property
    def at(self) -> datetime:
        return self.shelf.at

    @property
    def vendor(self) -> Vendor:
        return self.shelf.vendor

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.vendor.zone)

    @property
    def on(self) -> date:
        return self.at.astimezone(self.zone).date()

    @property
    def today_until(self) -> datetime:
        return self.midnight(self.on + timedelta(days=1))

    def midnight(self, on: date) -> datetime:
        return datetime.combine(on, time(), tzinfo=self.zone)

    @property
    def subject(self) -> str:
        one = self.partner or self.person
        return one.name if one else self.vendor.name

    @cached_property
    def partners(self) -> QuerySet[Partner]:
        if self.partner:
            return Partner.objects.filter(pk=self.partner.pk)
        if self.person and self.person.has(Role.CHANNEL_MANAGER):
            return Partner.objects.managed_by(self.person, self.on)
        return Partner.objects.all()

    @cached_property
    def partner_ids(self) -> frozenset[int] | None:
        """None: the whole channel."""
        if self.partner:
            return frozenset([self.partner.pk])
        return frozenset(self.partners.values_list("pk", flat=True)) if self.manager else None

    @cached_property
    def manager(self) -> Account | None:
        """The person whose own record counts: a channel manager; a director answers for everybody."""
        return self.person if self.person and self.person.has(Role.CHANNEL_MANAGER) else None

    @cached_property
    def book(self) -> SalesBook:
        last, months = self.period.last, 24 + self.period.months
        if self.partner:
            return self.shelf.book(self.partner, last, months)
        return book_of_partners(self.partner_ids, last, months)

    @cached_property
    def deals(self) -> DealsSummary:
        """Open deals now, and what came of deals in the twelve months until now."""
        since = self.midnight(self.on) - timedelta(days=365)
        if self.partner:
            return self.shelf.deals(self.partner, since)
        return deals_summary(self.partners, since=since, until=self.at, at=self.at)

    def deals_listed(self, name: str, listed: Callable[..., list[Deal]]) -> list[Deal]:
        """The deals of a question of deals, in its order; of one partner among several they come with all others'."""
        if self.partner:
            return self.shelf.deals_listed(self.partner, name, listed)
        return listed(self.partners)

    @cached_property
    def records(self) -> Mapping[str, Mapping[date, OnTimeRecord]]:
        """Side -> month due -> record, for the months that either of the two below asks for."""
        from_on = month_before(min(self.period.last, month_before(self.this_month)), 11)
        until_on = month_before(self.this_month, -1)
        if self.partner:
            return self.shelf.records(self.partner, from_on, until_on)
        sides: dict[str, dict[str, Any]] = {
            "vendor": {"person": self.manager},
            "partner": {"partner": self.partners},
        }
        return records_of_sides(sides, by="month", at=self.at, from_on=from_on, until_on=until_on)

    @property
    def this_month(self) -> date:
        return self.on.replace(day=1)

    @cached_property
    def record(self) -> dict[str, OnTimeRecord]:
        """Of each side: promises due in the running month and the eleven before."""
        window = months_until(self.this_month, 12)
        return {side: _sum(records, window) for side, records in self.records.items()}

    @cached_property
    def coming(self) -> list[Upcoming]:
        """Moments that fall due in the next four weeks."""
        if self.partner:
            return self.shelf.coming(self.partner, self.at + AHEAD)
        return upcoming_moments(until=self.at + AHEAD, person=self.manager)

    @cached_property
    def load(self) -> list[DayLoad]:
        """The working week of the person, if the report is about one."""
        return load_of_days(self.person, self.at) if self.person else []

    @property
    def titles(self) -> dict[str, str]:
        """Routine key -> title."""
        return self.shelf.titles

    def day(self, at: datetime) -> date:
        """The vendor's calendar day of a moment."""
        return at.astimezone(self.zone).date()

    def day_of(self, at: datetime) -> str:
        return self.day(at).isoformat()


def _sum(records: Mapping[date, OnTimeRecord], months: Iterable[date]) -> OnTimeRecord:
    return sum((records[month] for month in months if month in records), OnTimeRecord())
