"""The people at the partners: who is there on the first day, who leaves and who comes during the year."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.utils.text import slugify

from drumbeat.apps.partners.actions import add_contact, add_contacts, record_departure
from drumbeat.apps.partners.models import Contact, Partner

from .chance import Chance
from .names import name_of

COUNTS = {"registered": 2, "silver": 4, "gold": 7, "platinum": 12}
ROLES = (
    ["sales_lead", "operations"], ["principal"], ["technical_lead"], ["seller"], ["marketing"], ["finance"],
    ["seller", "portal_admin"],
)  # fmt: skip
LEAVING_A_YEAR = 0.17


def settle_contacts(partner: Partner, chance: Chance, *, at: datetime) -> None:
    """As many as partners of this tier have; the sales lead and the principal first."""
    taken: set[str] = set()
    rows = []
    for place in range(COUNTS[partner.tier]):
        luck = chance.of("contact", partner.key, place)
        roles = ROLES[place] if place < len(ROLES) else ["seller"]
        rows.append(
            _newcomer(partner, roles, at.date() - timedelta(days=luck.randint(30, 2000)), luck, taken)
        )
        taken.add(rows[-1]["email"])
    add_contacts(partner, rows, by=None, at=at)


def move_people(day: date, chance: Chance, *, at: datetime) -> None:
    """Who leaves a partner in the week that ends this day goes, and a successor in the same roles begins soon."""
    for contact in Contact.objects.present(day).filter(left_on=None).select_related("partner").order_by("pk"):
        if leaves_by(contact, day, chance):
            record_departure(contact, day, by=None, at=at)
            luck = chance.of("successor", contact.partner.key, contact.email)
            begins_on = day + timedelta(days=luck.randint(0, 21))
            taken = set(contact.partner.contacts.values_list("email", flat=True))
            successor = _newcomer(contact.partner, contact.roles, begins_on, luck, taken)
            add_contact(contact.partner, successor, by=None, at=at)


def leaves_by(contact: Contact, day: date, chance: Chance) -> bool:
    """In each week the same small chance."""
    return chance.happens(LEAVING_A_YEAR / 52, "leaving", contact.partner.key, contact.email, day)


def _newcomer(
    partner: Partner, roles: list[str], joined_on: date, luck: Random, taken: set[str]
) -> dict[str, Any]:
    """With an address of its own: the second of the same name gets a number."""
    name = name_of(partner.country, partner.language, luck)
    stem = slugify(name).replace("-", ".")
    addresses = (f"{stem}{number or ''}@{partner.key}.example" for number in range(99))
    email = next(address for address in addresses if address not in taken)
    return {"name": name, "email": email, "roles": roles, "joined_on": joined_on}
