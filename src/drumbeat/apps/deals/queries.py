"""Questions about deals: what is open, what moved, what was won; and the facts that rules read. One SQL each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet, Sum

from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.queries import vendor

from .models import Deal

STALLED_AFTER = timedelta(days=30)
FEWEST_CLOSED = 5


@dataclass(frozen=True, slots=True)
class DealsSummary:
    """Deals of a set of partners. Open ones as they stand; registered, won and lost within the window asked for."""

    open: int = 0
    pipeline: Decimal = Decimal(0)
    stalled: int = 0
    registered: int = 0
    won: int = 0
    won_amount: Decimal = Decimal(0)
    lost: int = 0

    def __add__(self, other: DealsSummary) -> DealsSummary:
        return DealsSummary(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    @property
    def closed(self) -> int:
        return self.won + self.lost

    @property
    def win_rate(self) -> float | None:
        """Won ÷ closed as a ratio of four places; None below five closed deals."""
        return round(self.won / self.closed, 4) if self.closed >= FEWEST_CLOSED else None


def deals_summary(
    partners: QuerySet[Partner] | Partner, *, since: datetime, until: datetime, at: datetime
) -> DealsSummary:
    """Of all these partners together."""
    return sum(deals_summaries(partners, since=since, until=until, at=at).values(), DealsSummary())


def deals_summaries(
    partners: QuerySet[Partner] | Partner, *, since: datetime, until: datetime, at: datetime
) -> dict[int, DealsSummary]:
    """By partner; partners without any deal are left out. The window is [since, until)."""
    is_open, within = Q(stage=Deal.Stage.OPEN), Q(closed_at__gte=since, closed_at__lt=until)
    is_won = within & Q(stage=Deal.Stage.WON)
    figures = {
        "open_": Count("pk", filter=is_open),
        "pipeline": Sum("amount", filter=is_open, default=Decimal(0)),
        "stalled": Count("pk", filter=is_open & Q(moved_at__lte=at - STALLED_AFTER)),
        "registered": Count("pk", filter=Q(submitted_at__gte=since, submitted_at__lt=until)),
        "won": Count("pk", filter=is_won),
        "won_amount": Sum("amount", filter=is_won, default=Decimal(0)),
        "lost": Count("pk", filter=within & Q(stage=Deal.Stage.LOST)),
    }
    rows = (
        deals_of(partners)
        .order_by()
        .values("partner_id")
        .annotate(**figures)
        .values_list("partner_id", *figures)
    )
    return {partner_id: DealsSummary(*row) for partner_id, *row in rows}


def deals_moved(
    partners: QuerySet[Partner] | Partner, *, since: datetime, until: datetime, limit: int | None = 50
) -> list[Deal]:
    """Deals whose last change lies in [since, until), the largest first."""
    moved = deals_of(partners).filter(moved_at__gte=since, moved_at__lt=until)
    return list(moved.select_related("partner").order_by("-amount", "pk")[:limit])


def open_deals(partners: QuerySet[Partner] | Partner, *, limit: int | None = 50) -> list[Deal]:
    """The largest open deals."""
    found = deals_of(partners).filter(stage=Deal.Stage.OPEN)
    return list(found.select_related("partner").order_by("-amount", "pk")[:limit])


def deals_of(partners: QuerySet[Partner] | Partner) -> QuerySet[Deal]:
    if isinstance(partners, Partner):
        return Deal.objects.filter(partner=partners)
    return Deal.objects.filter(partner__in=partners.order_by().values("pk"))


def deal_facts(partners: QuerySet[Partner], at: datetime) -> dict[str, dict[int, Any]]:
    """Fact name -> partner id -> value. Open deals as of now; twelve months end with the day before, in the vendor's
    zone. Counts of partners without deals are left out: absence is a true zero."""
    since, until = twelve_months_before(at)
    facts: dict[str, dict[int, Any]] = defaultdict(dict)
    for partner_id, deals in deals_summaries(partners, since=since, until=until, at=at).items():
        for name, value in _facts_of(deals).items():
            if value is not None:
                facts[f"partner.{name}"][partner_id] = value
    return facts


def _facts_of(deals: DealsSummary) -> dict[str, Any]:
    return {
        "deals_open": deals.open,
        "deals_stalled": deals.stalled,
        "pipeline_open": float(deals.pipeline),
        "deals_registered_12m": deals.registered,
        "deals_won_12m": deals.won,
        "win_rate_12m": deals.win_rate,
    }


def twelve_months_before(at: datetime) -> tuple[datetime, datetime]:
    """[midnight a year ago, last midnight) in the vendor's zone."""
    zone = ZoneInfo(vendor().zone)
    on = at.astimezone(zone).date()
    return _midnight(_year_before(on), zone), _midnight(on, zone)


def _year_before(on: date) -> date:
    """The same day a year earlier; 28 February for a 29th."""
    is_leap_day = (on.month, on.day) == (2, 29)
    return on.replace(year=on.year - 1, day=28 if is_leap_day else on.day)


def _midnight(on: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(on, time(), tzinfo=zone)
