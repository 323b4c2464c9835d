"""Sell-through by month of the partners a report is about, and which owed figures are not in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from drumbeat.apps.asking import ask
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.sales.models import SellThrough
from drumbeat.apps.sales.queries import growth, month_before
from drumbeat.apps.sales.sheets import by_month

_OF_THEM = "(%(partners)s::bigint[] IS NULL OR id = ANY(%(partners)s))"
_OWES_FROM = "CASE WHEN gives_pos THEN date_trunc('month', joined_on)::date END"
_BY_MONTH = f"""SELECT {by_month("year", _OWES_FROM)} FROM sales_sheet JOIN partners_partner ON id = partner_id
    WHERE year BETWEEN %(from)s AND %(until)s AND {_OF_THEM} GROUP BY 1, 2"""  # noqa: S608
_JOINED = f"""SELECT date_trunc('month', joined_on)::date, count(*) FROM partners_partner
    WHERE gives_pos AND joined_on <= %(last)s AND {_OF_THEM} GROUP BY 1"""  # noqa: S608


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


def book_of_partners(partners: Collection[int] | None, last: date, months: int) -> SalesBook:
    """Two questions however many partners (None: all); files are owed by those who owe them now, from their month of
    joining."""
    window = months_until(last, months)
    ids = None if partners is None else sorted(partners)
    amounts: dict[date, Decimal] = {}
    received: dict[date, int] = {}
    for year, owes_from, sums, files in ask(
        _BY_MONTH, {"partners": ids, "from": window[0].year, "until": last.year}
    ):
        for n, (amount, count) in enumerate(zip(sums, files, strict=True), start=1):
            month = date(year, n, 1)
            if amount is not None and month in window:
                amounts[month] = amounts.get(month, Decimal(0)) + amount
                received[month] = received.get(month, 0) + (count if owes_from and owes_from <= month else 0)
    starts: dict[date, int] = dict(ask(_JOINED, {"partners": ids, "last": last}))
    owed = {month: sum(n for first, n in starts.items() if first <= month) for month in window}
    return SalesBook(amounts, owed, received)
