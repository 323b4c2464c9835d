"""People at a partner come, change and go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.partners.access import may_edit_partner, may_see_partner
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.partners.values import read_contact
from drumbeat.apps.people.models import Account
from drumbeat.core.refusal import insist


@transaction.atomic
def add_contact(partner: Partner, values: Mapping[str, Any], *, by: Account | None, at: datetime) -> Contact:
    """A new contact; joined today, where the partner is, unless another day is given."""
    _insist_on_right(partner, by, at)
    read, problems = read_contact(values, is_new=True)
    for problem in problems:
        raise problem
    read.setdefault("joined_on", at.astimezone(partner.tz).date())
    _insist_on_new_address(partner, read.get("email", ""))
    contact = Contact.objects.create(partner=partner, **read)
    _record("contact.joined", contact, by=by, at=at, roles=contact.roles)
    return contact


@transaction.atomic
def change_contact(
    contact: Contact, values: Mapping[str, Any], *, by: Account | None, at: datetime
) -> Contact:
    """Changes what is given and differs."""
    _insist_on_right(contact.partner, by, at)
    contact = Contact.objects.select_for_update().select_related("partner").get(pk=contact.pk)
    read, problems = read_contact(values, is_new=False)
    for problem in problems:
        raise problem
    changes = {field: value for field, value in read.items() if getattr(contact, field) != value}
    if "email" in changes:
        _insist_on_new_address(contact.partner, changes["email"], beside=contact)
    for field, value in changes.items():
        setattr(contact, field, value)
    if changes:
        contact.save()
        _record("contact.changed", contact, by=by, at=at, fields=sorted(changes))
    return contact


@transaction.atomic
def record_departure(contact: Contact, left_on: date, *, by: Account | None, at: datetime) -> Contact:
    """The contact is gone from this day on. Recording the same day again changes nothing."""
    _insist_on_right(contact.partner, by, at)
    contact = Contact.objects.select_for_update().select_related("partner").get(pk=contact.pk)
    if contact.left_on == left_on:
        return contact
    insist(
        contact.left_on is None,
        f"{contact} left on {contact.left_on}",
        "Nothing is to be recorded",
        "left_on",
    )
    insist(
        left_on >= contact.joined_on,
        f"{contact} joined on {contact.joined_on}, which is after {left_on}",
        "Give that day or a later one",
        "left_on",
    )
    contact.left_on = left_on
    contact.save(update_fields=["left_on"])
    _record("contact.left", contact, by=by, at=at, roles=contact.roles)
    return contact


def _insist_on_right(partner: Partner, by: Account | None, at: datetime) -> None:
    insist(
        may_edit_partner(by) and may_see_partner(by, partner, at), f"{partner} isn't yours", "Ask its manager"
    )


def _insist_on_new_address(partner: Partner, email: str, *, beside: Contact | None = None) -> None:
    others = partner.contacts.filter(email__iexact=email, left_on=None)
    other = next((one for one in others if one != beside), None) if email else None
    insist(
        other is None,
        f"{other} has the address {email}",
        "Change that contact, or use another address",
        "email",
    )


def _record(kind: str, contact: Contact, *, by: Account | None, at: datetime, **payload: Any) -> None:
    by_id = by.pk if by else None
    record_event(kind, ("contact", contact.pk), by_id=by_id, at=at, partner=contact.partner_id, **payload)
