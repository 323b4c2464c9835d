"""Sell-through by month, and the facts that rules read from it. One SQL whatever the number of partners.

Money is in the vendor's currency: figures in another are refused when they are recorded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from drumbeat.apps.asking import ask, kept
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.queries import vendor

from .models import SellThrough

# Until this day of a month the file of the month before may still come: the 3rd working day and a day of grace, with
# a weekend and a holiday before them. Later a file that is owed and not there is missing.
FILE_DUE_DAY = 7


@kept
def figures_of(partner: int, from_on: date, until_on: date) -> QuerySet[Any, tuple[Any, ...]]:
    """(month, amount, currency) of one partner for the months in [from_on, until_on)."""
    months = SellThrough.objects.filter(partner=partner, month__gte=from_on, month__lt=until_on)
    return months.values_list("month", "amount", "currency")


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows of sales facts that end with the month `last`: months as their first day, ends included."""

    last: date

    @property
    def year(self) -> tuple[date, date]:
        return month_before(self.last, 11), self.last

    @property
    def year_before(self) -> tuple[date, date]:
        return month_before(self.last, 23), month_before(self.last, 12)

    @property
    def quarter(self) -> tuple[date, date]:
        """The quarter that `last` lies in, as far as it has gone."""
        return month_before(self.last, (self.last.month - 1) % 3), self.last

    @property
    def calendar_year(self) -> tuple[date, date]:
        return self.last.replace(month=1), self.last


def month_before(month: date, months: int = 1) -> date:
    """The first day of the month so many months before."""
    count = month.year * 12 + month.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def sales_facts(partners: QuerySet[Partner], at: datetime) -> dict[str, dict[int, Any]]:
    """Fact name -> partner id -> value; a partner whose fact is unknown is left out.

    As of the end of the last month delivered: the month before `at` in the vendor's zone, or, while its file may
    still come, the month before that. An owed file that is missing makes the sums unknown, not small.
    """
    on = at.astimezone(ZoneInfo(vendor().zone)).date()
    last = month_before(on.replace(day=1))
    facts: dict[str, dict[int, Any]] = defaultdict(dict)
    for row in _sums(partners, last):
        for name, value in _facts_of(row, on, last).items():
            if value is not None:
                facts[f"partner.{name}"][row["pk"]] = value
    return facts


def _sums(partners: QuerySet[Partner], last: date) -> Iterable[Mapping[str, Any]]:
    """Sums and counts of figures over the windows that end in `last` (suffix 0) and a month earlier (suffix 1)."""
    sums: dict[str, Any] = {}
    for n in (0, 1):
        windows = Windows(month_before(last, n))
        for name in ("year", "year_before", "quarter", "calendar_year"):
            within = Q(sell_through__month__range=getattr(windows, name))
            sums[f"{name}_{n}"] = Sum("sell_through__amount", filter=within)
            sums[f"{name}_files_{n}"] = Count("sell_through", filter=within)
    return (
        Partner.objects.filter(pk__in=partners.order_by().values("pk"))
        .order_by()
        .values("pk", "gives_pos", "joined_on")
        .annotate(
            **sums,
            last_in=Count("sell_through", filter=Q(sell_through__month=last)),
            first_month=Min("sell_through__month"),
            last_sale=Max("sell_through__month", filter=Q(sell_through__amount__gt=0)),
        )
    )


def _facts_of(row: Mapping[str, Any], on: date, last: date) -> dict[str, Any]:
    waits = row["gives_pos"] and not row["last_in"] and on.day <= FILE_DUE_DAY
    n = 1 if waits else 0
    windows = Windows(month_before(last, n))
    sums = {
        name: _complete_sum(row, name, n, getattr(windows, name))
        for name in ("year", "year_before", "quarter", "calendar_year")
    }
    return {
        "pos_due": row["gives_pos"],
        "pos_received": row["last_in"] > 0,
        "revenue_12m": _money(sums["year"]),
        "revenue_quarter": _money(sums["quarter"]),
        "revenue_ytd": _money(sums["calendar_year"]),
        "growth_12m": growth(sums["year"], sums["year_before"]),
        "days_since_sale": days_since_month(row["last_sale"], on),
    }


def _complete_sum(row: Mapping[str, Any], name: str, n: int, window: tuple[date, date]) -> Decimal | None:
    """The sum of a window; None where a file that is owed for it is missing."""
    if row["gives_pos"] and row[f"{name}_files_{n}"] < _files_owed(row, window):
        return None
    return row[f"{name}_{n}"] or Decimal(0)


def _files_owed(row: Mapping[str, Any], window: tuple[date, date]) -> int:
    """One for each month of the window since the partner joined, or since its first file."""
    began = row["joined_on"] or row["first_month"] or window[0]
    first = max(window[0], began.replace(day=1))
    return max(0, (window[1].year - first.year) * 12 + window[1].month - first.month + 1)


def _money(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def growth(now: Decimal | None, before: Decimal | None) -> float | None:
    """now ÷ before − 1 as a ratio of four places; None when either is unknown or there is nothing to grow from."""
    if now is None or before is None or before <= 0:
        return None
    return round(float(now / before) - 1, 4)


def days_since_month(month: date | None, on: date) -> int | None:
    """Days since the end of a month with sales, 0 while it runs; None when nothing was ever sold."""
    if month is None:
        return None
    ends_on = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return max(0, (on - ends_on).days)


_BESIDE = """
SELECT partner.id, coalesce(person.name, ''), sold.amount, people.count, people.domains FROM partners_partner partner
LEFT JOIN partners_assignment assigned ON assigned.partner_id = partner.id AND assigned.from_on <= %(on)s
    AND (assigned.until_on IS NULL OR assigned.until_on > %(on)s)
LEFT JOIN people_account person ON person.id = assigned.person_id
LEFT JOIN LATERAL (SELECT sum(amount) AS amount FROM sales_sellthrough WHERE partner_id = partner.id AND month >= %(since)s) sold ON true
LEFT JOIN LATERAL (SELECT count(*) AS count, string_agg(DISTINCT nullif(split_part(email, '@', 2), ''), ', ') AS domains
    FROM partners_contact WHERE partner_id = partner.id AND (left_on IS NULL OR left_on > %(on)s)) people ON true
WHERE partner.id = ANY(%(ids)s)
"""


def told_beside(partners: Collection[int], *, on: date, since: date) -> dict[int, list[Any]]:
    """Partner id -> what tells two firms apart beyond their rows: who looks after it that day (or nobody), what it sold since
    that month, how many people it has, and the domains of their mail."""
    told = {"on": on, "since": since, "ids": list(partners)}
    return {pk: beside for pk, *beside in ask(_BESIDE, told)}
