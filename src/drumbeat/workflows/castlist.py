"""Everybody whom a simulation counts, as numbers: partners with their places, managers with their hours, contacts who are
written to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np

from drumbeat.apps.partners.bridge import StaffCalendars, calendar_of
from drumbeat.apps.partners.models import Assignment, Contact, Partner
from drumbeat.apps.people.models import Account, Leave, Role
from drumbeat.core.capacity import Working, hours_between
from drumbeat.core.conflicts import Place
from drumbeat.core.playbook import PARTNER_ROLES
from drumbeat.core.simulation import Numbers, Readers, Size, readers_from

Address = tuple[str, ...]  # zone, country, subdivision, calendar
Absences = Mapping[int, list[tuple[date, date]]]  # by person id
_OUTSIDE = (*PARTNER_ROLES, "partner_contacts")


@dataclass(frozen=True, slots=True)
class Named:
    pk: int
    key: str
    name: str
    tier: str
    address: Address


@dataclass(frozen=True, slots=True)
class Reader:
    pk: int
    partner: int
    name: str
    roles: tuple[str, ...]

    def is_called(self, word: str) -> bool:
        return word in self.roles or word == f"contact:{self.pk}"


@dataclass
class Cast:
    """Lists in a fixed order; a number is a place in one of them."""

    partners: list[Named]
    managers: list[Account]
    contacts: list[Reader]
    managed: Mapping[int, int]  # partner id -> manager id
    absences: Absences
    _readers: dict[tuple[tuple[str, ...], bool], Readers] = field(default_factory=dict)

    @cached_property
    def partner_number(self) -> dict[int, int]:
        return {partner.pk: n for n, partner in enumerate(self.partners)}

    @cached_property
    def manager_number(self) -> dict[int, int]:
        return {person.pk: n for n, person in enumerate(self.managers)}

    @property
    def size(self) -> Size:
        return Size(len(self.partners), len(self.managers), len(self.contacts))

    def numbers_of(self, ids: Iterable[int], numbers: Mapping[int, int]) -> Numbers:
        """Places by id; -1 for who is not in the list."""
        return np.array([numbers.get(pk, -1) for pk in ids], np.int32)

    @cached_property
    def _by_partner(self) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in self.partners]
        for n, contact in enumerate(self.contacts):
            found[contact.partner].append(n)
        return found

    @cached_property
    def _by_manager(self) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in self.managers]
        for partner, contacts in zip(self.partners, self._by_partner, strict=True):
            number = self.manager_number.get(self.managed.get(partner.pk, 0))
            if number is not None:
                found[number] += contacts
        return found

    def readers(self, words: Sequence[str], *, of_person: bool) -> Readers | None:
        """The contacts that words of a mail or meeting mean for each subject; None when they mean nobody outside."""
        meant = tuple(word for word in dict.fromkeys(words) if word in _OUTSIDE)
        if not meant:
            return None
        if (meant, of_person) not in self._readers:
            everybody = self._by_manager if of_person else self._by_partner
            lists = [self._meant(meant, there) for there in everybody]
            self._readers[meant, of_person] = readers_from(lists)
        return self._readers[meant, of_person]

    def meant(self, words: Sequence[str], subject: int, *, of_person: bool) -> Numbers:
        """The contacts that words mean for one subject; they may name contacts too (`contact:7`)."""
        there = (self._by_manager if of_person else self._by_partner)[subject]
        outside = tuple(word for word in words if word in _OUTSIDE or word.startswith("contact:"))
        return np.array(self._meant(outside, there) if outside else [], np.int32)

    def _meant(self, words: tuple[str, ...], there: list[int]) -> list[int]:
        """As mails are addressed: who holds the role or is named; where nobody does, the principal or anybody there."""
        if "partner_contacts" in words:
            return there
        found = [n for n in there if any(self.contacts[n].is_called(word) for word in words)]
        return found or sorted(there, key=lambda n: "principal" not in self.contacts[n].roles)[:1]

    @cached_property
    def addresses(self) -> list[Address]:
        return list(dict.fromkeys(partner.address for partner in self.partners))

    @cached_property
    def partner_places(self) -> tuple[list[Place], Numbers]:
        """The distinct places of partners, and which is whose."""
        numbers = {address: n for n, address in enumerate(self.addresses)}
        whose = np.array([numbers[partner.address] for partner in self.partners], np.int32)
        return [_place_of(address) for address in self.addresses], whose

    @cached_property
    def manager_places(self) -> list[Place]:
        calendars = StaffCalendars()
        return [
            Place(person.tz, calendars.of(person), _second(person.works_from), _second(person.works_until))
            for person in self.managers
        ]

    @cached_property
    def workings(self) -> list[Working]:
        return workings_of(self.managers, self.absences)


def cast_of(on: date) -> Cast:
    """Everybody there is on that day: partners that are not closed, active channel managers, contacts with an address."""
    columns = ("pk", "key", "name", "tier", "zone", "country", "subdivision", "calendar")
    rows = Partner.objects.exclude(status="closed").order_by("pk").values_list(*columns)
    partners = [Named(pk, key, name, tier, tuple(address)) for pk, key, name, tier, *address in rows]
    managers = list(Account.objects.filter(role=Role.CHANNEL_MANAGER, is_active=True))
    numbers = {partner.pk: n for n, partner in enumerate(partners)}
    there = Contact.objects.present(on).exclude(email="").order_by("pk")
    contacts = [
        Reader(pk, numbers[partner], name, tuple(roles))
        for pk, partner, name, roles in there.values_list("pk", "partner_id", "name", "roles")
        if partner in numbers
    ]
    held = Assignment.objects.current(on).order_by("from_on", "id")
    managed = dict(held.values_list("partner_id", "person_id"))
    return Cast(partners, managers, contacts, managed, absences_after(on))


def absences_after(on: date) -> Absences:
    """Person id -> leaves that last beyond that day."""
    absences: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for leave in Leave.objects.approved().filter(until_on__gt=on):
        absences[leave.person_id].append((leave.from_on, leave.until_on))
    return absences


def workings_of(people: Iterable[Account], absences: Absences) -> list[Working]:
    """When each of them works, in their order."""
    calendars = StaffCalendars()
    return [
        Working(
            calendars.of(person),
            hours_between(person.works_from, person.works_until),
            tuple(absences.get(person.pk, ())),
        )
        for person in people
    ]


def _place_of(address: Address) -> Place:
    zone, country, subdivision, calendar = address
    partner = Partner(zone=zone, country=country, subdivision=subdivision, calendar=calendar)
    return Place(ZoneInfo(zone), calendar_of(partner))


def _second(at: time) -> int:
    return at.hour * 3600 + at.minute * 60
