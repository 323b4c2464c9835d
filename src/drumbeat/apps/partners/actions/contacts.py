"""People at a partner come, change and go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.partners.access import may_edit_partner, may_see_partner
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.partners.values import read_contact
from drumbeat.apps.people.models import Account, sort_name
from drumbeat.core.refusal import insist


def add_contact(partner: Partner, values: Mapping[str, Any], *, by: Account | None, at: datetime) -> Contact:
    """A new contact; joined today, where the partner is, unless another day is given."""
    return add_contacts(partner, [values], by=by, at=at)[0]


@transaction.atomic
def add_contacts(
    partner: Partner, rows: Sequence[Mapping[str, Any]], *, by: Account | None, at: datetime
) -> list[Contact]:
    """Many new contacts of one partner in a few statements: all of them, or none and Refused for the first that is
    wrong."""
    _insist_on_right(partner, by, at)
    joined_on = at.astimezone(partner.tz).date()
    contacts = [Contact(partner=partner, **({"joined_on": joined_on} | _clean(row))) for row in rows]
    _insist_on_new_addresses(partner, [contact.email for contact in contacts])
    for contact in contacts:
        contact.sort_name = sort_name(contact.name)
    Contact.objects.bulk_create(contacts)
    for contact in contacts:
        _record("contact.joined", contact, by=by, at=at, roles=contact.roles)
    return contacts


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    read, problems = read_contact(values, is_new=True)
    for problem in problems:
        raise problem
    return read


def _insist_on_new_addresses(partner: Partner, emails: Sequence[str]) -> None:
    given = [email.lower() for email in emails if email]
    twice = next((email for email in given if given.count(email) > 1), None)
    insist(twice is None, f"The address {twice} is given twice", "Give each contact its own", "email")
    for other in partner.contacts.filter(left_on=None):
        insist(
            other.email.lower() not in given,
            f"{other} has the address {other.email}",
            "Change that contact, or use another address",
            "email",
        )


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
