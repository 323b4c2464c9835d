"""The working calendars of partners, of the vendor and of its staff, made from their rows."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from drumbeat.apps.people.models import Account, Vendor
from drumbeat.apps.people.queries import company_days, vendor
from drumbeat.core.calendars import CalendarError, WorkingCalendar, national_calendar

from .models import Partner

YEARS = range(2000, 2051)
SATURDAY_AND_SUNDAY = frozenset({5, 6})


def calendar_of(partner: Partner) -> WorkingCalendar:
    """The partner's working days: by the calendar chosen for it, else by country and subdivision."""
    if partner.calendar:
        country, _, subdivision = partner.calendar.partition("-")
        return place_calendar(country, subdivision)
    return place_calendar(partner.country, partner.subdivision)


def vendor_calendar(firm: Vendor | None = None) -> WorkingCalendar:
    """The working days where the vendor is, with its company days; who has the vendor's row already gives it."""
    firm = firm or vendor()
    return place_calendar(firm.country, firm.subdivision, company_days())


def account_calendar(person: Account) -> WorkingCalendar:
    """The working days where a member of staff is, with the company days; the vendor's if no place is known."""
    if not person.country:
        return vendor_calendar()
    return place_calendar(person.country, person.subdivision, company_days())


class StaffCalendars:
    """The working days of many members of staff: those of one place are asked for once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], WorkingCalendar] = {}

    def of(self, person: Account) -> WorkingCalendar:
        place = person.country, person.subdivision
        if place not in self._known:
            self._known[place] = account_calendar(person)
        return self._known[place]


@lru_cache(maxsize=1024)
def place_calendar(
    country: str, subdivision: str = "", days_off: frozenset[date] = frozenset()
) -> WorkingCalendar:
    """The calendar of a place; the country's where its states have no holidays of their own. No place has no holidays."""
    if not country:
        return WorkingCalendar("no place", SATURDAY_AND_SUNDAY, days_off)
    try:
        return national_calendar(country, subdivision or None, YEARS, days_off)
    except CalendarError:
        if not subdivision:
            raise
        return national_calendar(country, None, YEARS, days_off)
