"""Recording what partners report to have sold."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.partners.access import may_see_partner
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account
from drumbeat.apps.people.queries import vendor
from drumbeat.apps.sales.models import SellThrough
from drumbeat.core.refusal import insist

LARGEST = Decimal(10) ** 14


@transaction.atomic
def record_sell_through(
    partner: Partner,
    month: date,
    amount: Decimal,
    currency: str,
    *,
    received_at: datetime,
    by: Account | None = None,
) -> SellThrough:
    """Any day stands for its month; returns may make the amount negative. A second figure for a month replaces the
    first, and the event keeps the old one."""
    month = month.replace(day=1)
    insist(may_see_partner(by, partner, received_at), f"{by} does not look after {partner}", "Ask who does")
    _insist_on_figure(month, amount, currency, received_at)
    values = {"amount": amount, "currency": currency, "received_at": received_at}
    figure, is_new = SellThrough.objects.select_for_update().get_or_create(
        partner=partner, month=month, defaults=values
    )
    payload = {"month": month.isoformat(), "amount": str(amount), "currency": currency}
    insist(
        not figure.has_lines,
        f"{month:%B %Y} of {partner} has lines, whose sum is its figure",
        "Load corrected lines instead",
        "month",
    )
    if not is_new:
        payload["replaced"] = f"{figure.amount:.2f}"
        for name, value in values.items():
            setattr(figure, name, value)
        figure.save(update_fields=list(values))
    kind = "sell_through.received" if is_new else "sell_through.replaced"
    record_event(kind, ("partner", partner.pk), by_id=by.pk if by else None, at=received_at, **payload)
    return figure


def _insist_on_figure(month: date, amount: Decimal, currency: str, received_at: datetime) -> None:
    is_figure = amount.is_finite() and abs(amount) < LARGEST
    insist(is_figure, f"{amount} is no amount of sales", "Write a number such as 12500.00", "amount")
    insist(
        month <= received_at.date(),
        f"{month:%B %Y} had not begun on {received_at:%d %B %Y}, when the figure came in",
        "Give the month that was sold in",
        "month",
    )
    counted_in = vendor().currency
    insist(
        currency == counted_in,
        f"Sell-through is counted in {counted_in}, not in {currency}",
        f"Convert the figure to {counted_in} first",
        "currency",
    )
