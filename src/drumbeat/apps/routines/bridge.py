"""Rows made core values: the playbook of a version, and the setting in which a routine runs for one subject."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo

from drumbeat.apps.partners.bridge import account_calendar, calendar_of, vendor_calendar
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account, Vendor
from drumbeat.core.calendars import WorkingCalendar
from drumbeat.core.planning import Setting
from drumbeat.core.playbook import Routine as Playbook
from drumbeat.core.playbook import read_routine

from .models import Version


def playbook_of(version: Version) -> Playbook:
    """The text read; a version never changes, so it is read once a process."""
    return _read(version.text)


@lru_cache(maxsize=512)
def _read(text: str) -> Playbook:
    return read_routine(text).routine


def setting_of(
    playbook: Playbook, subject: Partner | Account, manager: Account | None, vendor: Vendor
) -> Setting:
    """Zone and calendar by the words of the routine. A partner without a manager has the vendor's instead."""
    return Setting(ZoneInfo(_zone(playbook, subject, manager, vendor)), _calendar(playbook, subject, manager))


def _zone(playbook: Playbook, subject: Partner | Account, manager: Account | None, vendor: Vendor) -> str:
    zones = {
        "partner": subject.zone,
        "manager": manager.zone if manager else vendor.zone,
        "vendor": vendor.zone,
    }
    return zones.get(playbook.cadence.zone, playbook.cadence.zone)


def _calendar(playbook: Playbook, subject: Partner | Account, manager: Account | None) -> WorkingCalendar:
    if playbook.calendar == "vendor":
        return vendor_calendar()
    if playbook.calendar == "manager":
        return account_calendar(manager) if manager else vendor_calendar()
    own = calendar_of(subject) if isinstance(subject, Partner) else account_calendar(subject)
    return own.both_with(vendor_calendar()) if playbook.calendar == "both" else own
