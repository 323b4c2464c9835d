"""Questions about the vendor and its staff."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from drumbeat.apps.asking import kept
from drumbeat.core.refusal import Refused

from .models import Account, CompanyDay, Leave, Vendor


def vendor() -> Vendor:
    """The firm that runs this installation. Until it is set up, a stand-in: UTC, and no holidays."""
    return Vendor.objects.first() or Vendor(name="Vendor not set up", country="", zone="UTC")


def vendor_day(at: datetime) -> date:
    """The calendar day at this moment where the vendor is."""
    return at.astimezone(ZoneInfo(vendor().zone)).date()


def company_days() -> frozenset[date]:
    """Days on which the vendor as a whole does not work, beside the national holidays."""
    return frozenset(CompanyDay.objects.values_list("on", flat=True))


def staff(role: str | None = None) -> QuerySet[Account]:
    """The people with an open account, by name; of one role if given."""
    people = Account.objects.filter(is_active=True)
    return people.filter(role=role) if role else people


@kept
def named_staff(role: str) -> QuerySet[Any, tuple[Any, ...]]:
    """(id, name) of the people of a role with an open account, by name."""
    return staff(role).values_list("pk", "name")


def account_of(email: str) -> Account:
    """The account with this address, open or closed. Raises Refused when there is none."""
    found = Account.objects.filter(email__iexact=email).first()
    if found is None:
        raise Refused(f"No account has the address {email}", "Look at the list of accounts", field="email")
    return found


def on_leave(on: date) -> dict[int, Leave]:
    """Who is away that day, with the leave; by the id of the person."""
    away = Leave.objects.approved().on(on).select_related("person", "cover")
    return {leave.person_id: leave for leave in away}
