"""Whom a promise concerns at this moment, and when they may be written to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from drumbeat.apps.ledger.models import Promise, Standing
from drumbeat.apps.partners.bridge import account_calendar, calendar_of, vendor_calendar
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.partners.queries import keepers_of
from drumbeat.apps.people.models import Account, Leave, Role
from drumbeat.apps.people.queries import on_leave, staff, vendor, vendor_day
from drumbeat.core.playbook import PARTNER_ROLES
from drumbeat.core.worktime import WorkingHours


class Hours:
    """The working hours of people and partners, each asked for once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], WorkingHours] = {}

    def of_side(self, standing: Standing, to: str) -> WorkingHours:
        """Those of the side that is told: the partner's own, else those of the person who owes, else the vendor's."""
        if to in ("partner", *PARTNER_ROLES) and standing.promise.partner:
            return self.of_partner(standing.promise.partner)
        return self.of_person(standing.person) if standing.person else self.vendor

    def of(self, whom: Account | Contact) -> WorkingHours:
        return self.of_person(whom) if isinstance(whom, Account) else self.of_partner(whom.partner)

    def of_person(self, person: Account) -> WorkingHours:
        key = ("person", person.pk)
        if key not in self._known:
            self._known[key] = WorkingHours(account_calendar(person), person.tz)
        return self._known[key]

    def of_partner(self, partner: Partner) -> WorkingHours:
        key = ("partner", partner.pk)
        if key not in self._known:
            self._known[key] = WorkingHours(calendar_of(partner), partner.tz)
        return self._known[key]

    @cached_property
    def vendor(self) -> WorkingHours:
        firm = vendor()
        return WorkingHours(vendor_calendar(firm), ZoneInfo(firm.zone))


class Listeners:
    """The people around a chunk of promises, in a constant number of queries."""

    def __init__(self, promises: Collection[Promise], at: datetime) -> None:
        self.on = vendor_day(at)
        self.partners = {promise.partner_id for promise in promises if promise.partner_id}

    def of(self, promise: Promise, to: str) -> Account | Contact | None:
        """`to` is owner, manager, partner or a role; whoever is on leave is told by the cover. None: nobody is there."""
        if to in ("partner", *PARTNER_ROLES):
            return self._contact(promise.partner_id, (to, "sales_lead", "principal"))
        if to == "owner":
            return self._here(promise.standing.person)
        if to in ("manager", Role.CHANNEL_MANAGER) and promise.partner_id:
            return self._here(self._people.get(self._keepers.get(promise.partner_id, 0)))
        if to == Role.CHANNEL_MANAGER:
            return self._here(promise.standing.person)
        return next((one for one in self._by_role[to] if one.pk not in self._away), None)

    def _here(self, person: Account | None) -> Account | None:
        leave = self._away.get(person.pk) if person else None
        found = leave.cover if leave else person
        return found if found and found.is_active and found.email else None

    def _contact(self, partner_id: int | None, roles: Sequence[str]) -> Contact | None:
        """Who has the first of these roles that anybody has, else whoever is there."""
        there = self._contacts.get(partner_id or 0, [])
        by_role = (one for role in roles for one in there if role in one.roles)
        return next(by_role, there[0] if there else None)

    @cached_property
    def _away(self) -> dict[int, Leave]:
        return on_leave(self.on)

    @cached_property
    def _by_role(self) -> dict[str, list[Account]]:
        by_role: dict[str, list[Account]] = defaultdict(list)
        for one in staff():
            by_role[one.role].append(one)
        return by_role

    @cached_property
    def _keepers(self) -> dict[int, int]:
        return keepers_of(self.partners, self.on)

    @cached_property
    def _people(self) -> dict[int, Account]:
        return Account.objects.in_bulk(set(self._keepers.values()))

    @cached_property
    def _contacts(self) -> dict[int, list[Contact]]:
        found: dict[int, list[Contact]] = {}
        present = Contact.objects.present(self.on).filter(partner__in=self.partners).exclude(email="")
        for contact in present.select_related("partner").order_by("sort_name", "pk"):
            found.setdefault(contact.partner_id, []).append(contact)
        return found
