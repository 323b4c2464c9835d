"""The life of a deal: submitted, moved, closed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.partners.access import may_add_partner, may_see_partner
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account
from drumbeat.apps.people.queries import vendor
from drumbeat.core.refusal import insist

from .models import Deal

LARGEST = Decimal(10) ** 12


@transaction.atomic
def submit_deal(
    partner: Partner, customer: str, amount: Decimal, currency: str, *, by: Account | None, at: datetime
) -> Deal:
    """A new open deal of the partner with one customer."""
    customer = customer.strip()
    _insist_on_sight(partner, by, at)
    insist(0 < len(customer) <= 160, "A deal names its customer", "Write at most 160 characters", "customer")
    _insist_on_amount(amount)
    _insist_on_currency(currency)
    deal = Deal.objects.create(
        partner=partner, customer=customer, amount=amount, currency=currency, submitted_at=at, moved_at=at
    )
    _record("deal.submitted", deal, by, at)
    return deal


@transaction.atomic
def move_deal(deal: Deal, *, by: Account | None, at: datetime, amount: Decimal | None = None) -> Deal:
    """Something happened in an open deal, or its amount changed: it is not stalled."""
    deal = _open_deal(deal, by, at)
    if amount is not None:
        _insist_on_amount(amount)
        deal.amount = amount
    deal.moved_at = at
    deal.save(update_fields=["amount", "moved_at"])
    _record("deal.moved", deal, by, at)
    return deal


@transaction.atomic
def close_deal(deal: Deal, won: bool, *, by: Account | None, at: datetime) -> Deal:
    """Won or lost, once and for all."""
    deal = _open_deal(deal, by, at)
    deal.stage = Deal.Stage.WON if won else Deal.Stage.LOST
    deal.moved_at = deal.closed_at = at
    deal.save(update_fields=["stage", "moved_at", "closed_at"])
    _record("deal.won" if won else "deal.lost", deal, by, at)
    return deal


def _open_deal(deal: Deal, by: Account | None, at: datetime) -> Deal:
    """The deal as it stands now, held until the transaction ends."""
    deal = Deal.objects.select_for_update(of=("self",)).select_related("partner").get(pk=deal.pk)
    _insist_on_sight(deal.partner, by, at)
    insist(
        deal.stage == Deal.Stage.OPEN,
        f"The deal with {deal.customer} is {deal.get_stage_display().lower()} already",
        "Submit a new deal if the customer buys again",
    )
    return deal


def _insist_on_sight(partner: Partner | None, by: Account | None, at: datetime) -> None:
    if partner is None:
        insist(may_add_partner(by), "The deal is the vendor's own", "Ask a director or partner operations")
    else:
        insist(may_see_partner(by, partner, at), f"{by} does not look after {partner}", "Ask who does")


def _insist_on_amount(amount: Decimal) -> None:
    is_amount = amount.is_finite() and 0 < amount < LARGEST
    insist(
        is_amount,
        f"{amount} is no amount of a deal",
        "Write a number above zero such as 9000.00",
        "amount",
    )


def _insist_on_currency(currency: str) -> None:
    counted_in = vendor().currency
    insist(
        currency == counted_in,
        f"Deals are counted in {counted_in}, not in {currency}",
        f"Convert the amount to {counted_in} first",
        "currency",
    )


def _record(kind: str, deal: Deal, by: Account | None, at: datetime) -> None:
    record_event(
        kind,
        ("deal", deal.pk),
        by_id=by.pk if by else None,
        at=at,
        partner=deal.partner_id,
        amount=str(deal.amount),
        currency=deal.currency,
        customer=deal.customer,
    )
