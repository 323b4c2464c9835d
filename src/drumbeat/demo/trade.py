"""What the partners sell: sales files month by month and the life of their deals, each with the moment it comes in."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from drumbeat.apps.deals.actions import close_deal, move_deal, submit_deal
from drumbeat.apps.deals.models import Deal
from drumbeat.apps.partners.bridge import calendar_of
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.sales.actions import record_sell_through
from drumbeat.core.calendars import add_working_days, nth_working_day

from .chance import Chance, poisson
from .names import name_of
from .tempers import answering_of

CURRENCY = "EUR"
# Sell-through of a month in the middle of the field, by tier; the largest fifth makes about three quarters of all.
MONTHLY = {"registered": 4_000, "silver": 14_000, "gold": 36_000, "platinum": 110_000}
SELLS_NOTHING = {"registered": 0.45, "silver": 0.12, "gold": 0.0, "platinum": 0.0}
SPREAD = 0.55
SEASON = (0.82, 0.84, 1.0, 0.95, 0.97, 1.13, 0.93, 0.80, 1.10, 1.16, 1.22, 1.48)

REGISTRATIONS = {"registered": 0.08, "silver": 0.33, "gold": 1.0, "platinum": 2.5}
MEDIAN_DEAL, DEAL_SPREAD = 9_000, 1.3
WINS, NEVER_DECIDED = 0.36, 0.12
DAYS_TO_WIN, DAYS_TO_LOSS = (56, 0.5), (14, 0.9)
TRADES = [
    "Logistics",
    "Clinics",
    "Foods",
    "Energy",
    "Insurance",
    "Retail",
    "Schools",
    "Hotels",
    "Shipping",
    "Pharma",
    "Motors",
    "Media",
    "Bank",
    "Housing",
]


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that comes in at a moment: `kind` is file, submitted, moved, won or lost. `began_at` is when the deal was
    submitted, by which it is found again."""

    at: datetime
    kind: str
    partner: Partner
    month: date
    amount: Decimal
    customer: str = ""
    began_at: datetime | None = None


def incidents(
    partners: list[Partner], first: date, chance: Chance, *, since: datetime, until: datetime
) -> Iterator[Incident]:
    """All that comes in within [since, until), in no order. The year begins on `first`."""
    for partner in partners:
        for month in months(max(first, partner.joined_on or first), until.date()):
            for incident in (*_files(partner, month, chance), *_deals(partner, month, chance)):
                if since <= incident.at < until:
                    yield incident


def months(since: date, until: date) -> Iterator[date]:
    month = since.replace(day=1)
    while month <= until:
        yield month
        month = _next(month)


def take_in(incident: Incident) -> None:
    """The incident happens: the same verbs that a page or a file would call."""
    if incident.kind == "file":
        record_sell_through(
            incident.partner, incident.month, incident.amount, CURRENCY, received_at=incident.at
        )
    elif incident.kind == "submitted":
        submit_deal(incident.partner, incident.customer, incident.amount, CURRENCY, by=None, at=incident.at)
    else:
        _go_on(incident)


def _go_on(incident: Incident) -> None:
    began = {"partner": incident.partner, "submitted_at": incident.began_at}
    deal = Deal.objects.filter(**began, stage="open").first()
    if deal and incident.kind == "moved":
        move_deal(deal, by=None, at=incident.at)
    elif deal:
        close_deal(deal, incident.kind == "won", by=None, at=incident.at)


def _files(partner: Partner, month: date, chance: Chance) -> list[Incident]:
    amount = _sold(partner, month, chance)
    arrives_at = _arrival(partner, month, chance)
    return [Incident(arrives_at, "file", partner, month, amount)] if amount and arrives_at else []


def _sold(partner: Partner, month: date, chance: Chance) -> Decimal:
    """By size of the partner, season and luck; August is quiet in Europe."""
    size = chance.of("size", partner.key)
    if size.uniform(0, 1) < SELLS_NOTHING[partner.tier]:
        return Decimal(0)
    typical = MONTHLY[partner.tier] * size.lognormvariate(0, SPREAD)
    trend = 1 + size.uniform(-0.03, 0.045) * (month.month % 12)
    quiet = 0.85 if month.month == 8 and partner.zone.startswith("Europe/") else 1.0
    amount = (
        typical
        * trend
        * quiet
        * SEASON[month.month - 1]
        * chance.of("sold", partner.key, month).lognormvariate(0, 0.22)
    )
    return Decimal(round(amount * 100)) / 100


def _arrival(partner: Partner, month: date, chance: Chance) -> datetime | None:
    """When the file of a month comes in: by the third working day, late, or never. Who owes none has it sent by us."""
    luck = chance.of("file", partner.key, month)
    calendar, after = calendar_of(partner), _next(month)
    answering = answering_of(partner.key, partner.territory.key if partner.territory else "", chance)
    if not partner.gives_pos:
        return _hour(partner, nth_working_day(after.year, after.month, 2, calendar), luck)
    share = luck.uniform(0, 1)
    if share < answering.missing:
        return None
    in_time = share < answering.missing + answering.in_time
    day = nth_working_day(after.year, after.month, luck.choice([1, 2, 2, 3]) if in_time else 4, calendar)
    late = 0 if in_time else 1 + min(7, int(luck.expovariate(0.4)))
    return _hour(partner, add_working_days(day, late, calendar) if late else day, luck)


def _deals(partner: Partner, month: date, chance: Chance) -> Iterator[Incident]:
    luck = chance.of("deals", partner.key, month)
    for _ in range(poisson(REGISTRATIONS[partner.tier], luck)):
        yield from _deal(partner, month, luck)


def _deal(partner: Partner, month: date, luck: Random) -> list[Incident]:
    """Submitted on a weekday, moved now and then, mostly won or lost in the end."""
    submitted_at = _hour(partner, _weekday(month + timedelta(days=luck.randrange(28))), luck)
    amount = Decimal(
        round(min(luck.lognormvariate(math.log(MEDIAN_DEAL), DEAL_SPREAD), 400_000) / 10) * 10 + 200
    )
    customer = f"{name_of(partner.country, partner.language, luck).split()[-1]} {luck.choice(TRADES)}"
    share = luck.uniform(0, 1)
    won = share < WINS * (1 - NEVER_DECIDED)
    median, spread = DAYS_TO_WIN if won else DAYS_TO_LOSS
    days = max(1, round(median * luck.lognormvariate(0, spread)))

    def happens(kind: str, after: int) -> Incident:
        at = _hour(partner, _weekday(submitted_at.date() + timedelta(days=after)), luck)
        return Incident(at, kind, partner, month, amount, customer, submitted_at)

    begins = Incident(submitted_at, "submitted", partner, month, amount, customer, submitted_at)
    moves = [happens("moved", day) for day in range(12, days, 21)]
    ends = [] if share > 1 - NEVER_DECIDED else [happens("won" if won else "lost", days)]
    return [begins, *moves, *ends]


def _hour(partner: Partner, day: date, luck: Random) -> datetime:
    local = datetime.combine(day, time(9), tzinfo=partner.tz)
    return (local + timedelta(minutes=luck.randrange(8 * 60))).astimezone(UTC)


def _weekday(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)
