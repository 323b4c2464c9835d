"""Rows made core values: the playbook of a version, and the setting in which a routine runs for one subject; and a wanted
moment made a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from functools import cached_property, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from drumbeat.apps.asking import ask
from drumbeat.apps.partners.bridge import StaffCalendars, calendar_of, vendor_calendar
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account, Leave, Vendor
from drumbeat.core.calendars import WorkingCalendar
from drumbeat.core.fiscal import FiscalCalendar, fiscal_calendar
from drumbeat.core.overriding import Override as Agreed
from drumbeat.core.planning import Setting, Wanted
from drumbeat.core.playbook import Routine as Playbook
from drumbeat.core.playbook import read_routine

from .models import Moment, Override, Subscription, Version

RESTS = (Override.Kind.PAUSE, Override.Kind.OPT_OUT)


def playbook_of(version: Version) -> Playbook:
    """The text read; a version never changes, so it is read once a process."""
    return _read(version.text)


def playbooks(versions: Collection[int]) -> dict[int, Playbook]:
    """The texts of these versions by id, read, in one query."""
    texts = ask("SELECT id, text FROM routines_version WHERE id = ANY(%s)", [list(versions)])
    return {pk: _read(text) for pk, text in texts}


@lru_cache(maxsize=512)
def _read(text: str) -> Playbook:
    return read_routine(text).routine


def agreements_of(subscriptions: Collection[Subscription]) -> dict[int, tuple[Agreed, ...]]:
    """What planning respects of each: rests and other times that were agreed; a leave is a rest from one's own routines.

    Two queries, however many subscriptions; those without anything are left out.
    """
    found: dict[int, list[Agreed]] = defaultdict(list)
    rows = Override.objects.standing().filter(
        subscription__in=[subscription.pk for subscription in subscriptions],
        kind__in=[*RESTS, Override.Kind.TIMING],
    )
    for row in rows.order_by("from_on", "pk"):
        found[row.subscription_id].append(agreed_of(row))
    for subscription, from_on, until_on in _leaves_of(subscriptions):
        found[subscription].append(Agreed(from_on, until_on, is_rest=True))
    return {subscription: tuple(agreed) for subscription, agreed in found.items()}


def moment_of(wanted: Wanted, **whose: Any) -> Moment:
    """Its row, not written; `whose` names the subscription, the version and what opens it."""
    return Moment(
        nominal_on=wanted.nominal_on,
        opens_at=wanted.opens_at,
        due_at=wanted.due_at,
        deadline_at=wanted.deadline_at,
        miss_at=wanted.miss_at,
        step_dues=list(wanted.step_dues),
        step_deadlines=list(wanted.step_deadlines),
        why=wanted.why[:200],
        **whose,
    )


def agreed_of(row: Override) -> Agreed:
    if row.kind in RESTS:
        return Agreed(row.from_on, row.until_on, is_rest=True)
    return Agreed(row.from_on, row.until_on, weekday=row.weekday, at=row.at, phase=row.phase)


def _leaves_of(subscriptions: Collection[Subscription]) -> Iterable[tuple[int, date, date]]:
    by_person = {one.person_id: one.pk for one in subscriptions if one.person_id}
    leaves = Leave.objects.approved().filter(person__in=by_person) if by_person else ()
    return [(by_person[leave.person_id], leave.from_on, leave.until_on) for leave in leaves]


def fiscal_year_of(vendor: Vendor) -> FiscalCalendar:
    return fiscal_calendar(
        vendor.fiscal_year_starts, vendor.fiscal_pattern, vendor.fiscal_anchor, vendor.fiscal_weekday
    )


class Settings:
    """The settings of many subjects on one routine: each distinct one is made once, and is one object."""

    def __init__(self, playbook: Playbook, vendor: Vendor) -> None:
        self.playbook = playbook
        self.vendor = vendor
        self.fiscal = fiscal_year_of(vendor)
        self._known: dict[tuple[object, ...], Setting] = {}
        self._staff = StaffCalendars()

    def of(self, subject: Partner | Account, manager: Account | None) -> Setting:
        """Zone and calendar by the words of the routine. A partner without a manager has the vendor's instead."""
        place = (subject.zone, subject.country, subject.subdivision, getattr(subject, "calendar", ""))
        key = (*place, manager.pk if manager else None)
        if key not in self._known:
            self._known[key] = Setting(
                ZoneInfo(self._zone(subject, manager)), self._calendar(subject, manager), fiscal=self.fiscal
            )
        return self._known[key]

    def _zone(self, subject: Partner | Account, manager: Account | None) -> str:
        zones = {
            "partner": subject.zone,
            "manager": manager.zone if manager else self.vendor.zone,
            "vendor": self.vendor.zone,
        }
        return zones.get(self.playbook.cadence.zone, self.playbook.cadence.zone)

    def _calendar(self, subject: Partner | Account, manager: Account | None) -> WorkingCalendar:
        word = self.playbook.calendar
        if word == "vendor" or (word == "manager" and manager is None):
            return self._vendor_calendar
        if word == "manager" and manager:
            return self._staff.of(manager)
        own = calendar_of(subject) if isinstance(subject, Partner) else self._staff.of(subject)
        return _both(own, self._vendor_calendar) if word == "both" else own

    @cached_property
    def _vendor_calendar(self) -> WorkingCalendar:
        return vendor_calendar(self.vendor)


@lru_cache(maxsize=1024)
def _both(own: WorkingCalendar, vendors: WorkingCalendar) -> WorkingCalendar:
    return own.both_with(vendors)
