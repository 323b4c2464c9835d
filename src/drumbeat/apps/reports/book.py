"""Sell-through by month of the partners a report is about, and which owed figures are not in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from drumbeat.apps.partners.models import Partner
from drumbeat.apps.sales.models import SellThrough
from drumbeat.apps.sales.queries import growth, month_before


@dataclass(frozen=True, slots=True)
class SalesBook:
    """`amounts` has the months with a figure, `owed` and `received` count sales files of partners who owe them."""

    amounts: Mapping[date, Decimal]
    owed: Mapping[date, int]
    received: Mapping[date, int]
    began: date = date.min  # before it nothing could be sold

    def missing(self, month: date) -> int:
        return max(0, self.owed.get(month, 0) - self.received.get(month, 0))

    def missing_months(self, last: date, months: int) -> list[date]:
        return [month for month in months_until(last, months) if self.missing(month)]

    def is_known(self, last: date, months: int) -> bool:
        return any(month in self.amounts for month in months_until(last, months))

    def so_far(self, last: date, months: int = 1) -> Decimal:
        """The sum of what is in, complete or not."""
        return sum((self.amounts.get(month, Decimal(0)) for month in months_until(last, months)), Decimal(0))

    def total(self, last: date, months: int = 1) -> Decimal | None:
        """The sum of so many months that end with `last`; None while an owed file of them is not in."""
        return None if self.missing_months(last, months) else self.so_far(last, months)

    def growth(self, last: date, months: int, back: int) -> float | None:
        """Against as many months, `back` months earlier; None when either is incomplete or the base isn't above 0."""
        return growth(self.total(last, months), self.total(month_before(last, back), months))


def months_until(last: date, months: int) -> list[date]:
    return [month_before(last, n) for n in reversed(range(months))]


def books_of_partners(partners: Collection[Partner], last: date, months: int) -> dict[int, SalesBook]:
    """A book for each, in one query. A partner owes files from the month of joining, or from its first figure."""
    window = months_until(last, months)
    figures = SellThrough.objects.filter(
        partner__in=[partner.pk for partner in partners], month__gte=window[0], month__lte=last
    )
    amounts: dict[int, dict[date, Decimal]] = {partner.pk: {} for partner in partners}
    for partner_id, month, amount in figures.order_by("month").values_list("partner_id", "month", "amount"):
        amounts[partner_id][month] = amount
    return {partner.pk: _book(partner, amounts[partner.pk], window) for partner in partners}


def _book(partner: Partner, amounts: Mapping[date, Decimal], window: Sequence[date]) -> SalesBook:
    began = min([*amounts, (partner.joined_on or window[-1]).replace(day=1)])
    owed = {month: 1 for month in window if partner.gives_pos and month >= began}
    return SalesBook(amounts, owed, dict.fromkeys(amounts, 1), began)


def book_of_partners(partners: QuerySet[Partner], last: date, months: int) -> SalesBook:
    """Two queries however many partners; files are owed by those who owe them now, from their month of joining."""
    window = months_until(last, months)
    owes = Q(partner__gives_pos=True, month__gte=TruncMonth("partner__joined_on"))
    figures = (
        SellThrough.objects.filter(
            partner__in=partners.order_by().values("pk"), month__range=(window[0], last)
        )
        .values_list("month")
        .annotate(amount=Sum("amount"), files=Count("pk", filter=owes))
    )
    rows = list(figures)
    joined = partners.order_by().filter(gives_pos=True, joined_on__lte=last)
    starts = dict(joined.annotate(first=TruncMonth("joined_on")).values_list("first").annotate(Count("pk")))
    owed = {month: sum(n for first, n in starts.items() if first <= month) for month in window}
    return SalesBook({month: amount for month, amount, _ in rows}, owed, {month: n for month, _, n in rows})
