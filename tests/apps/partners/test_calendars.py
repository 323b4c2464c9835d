"""Working calendars of partners, vendor and staff."""

from __future__ import annotations

from datetime import date

import pytest

from drumbeat.apps.partners.bridge import account_calendar, calendar_of, place_calendar, vendor_calendar
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.actions import declare_company_day
from tests.world import AT, World, build_world

EPIPHANY, TUESDAY = date(2026, 1, 6), date(2026, 3, 3)


@pytest.fixture
def world(db) -> World:
    return build_world()


def test_a_partner_works_by_its_state_or_by_the_calendar_chosen_for_it():
    assert not calendar_of(Partner(country="DE", subdivision="BW")).is_working(EPIPHANY)
    assert calendar_of(Partner(country="DE", subdivision="BE")).is_working(EPIPHANY)
    assert not calendar_of(Partner(country="GB", calendar="DE-BW")).is_working(EPIPHANY)


def test_a_state_without_own_holidays_counts_as_its_country():
    assert not place_calendar("FR", "75").is_working(date(2026, 7, 14))


@pytest.mark.parametrize("country", ["IN", "CN", "AE", "MY", "ID"])
def test_countries_whose_holidays_are_known_for_few_years_have_calendars(country):
    assert place_calendar(country).holidays


def test_company_days_are_days_off_for_vendor_and_staff_only(world):
    assert vendor_calendar().is_working(TUESDAY) and account_calendar(world.bob).is_working(TUESDAY)
    declare_company_day(TUESDAY, "Founding day", by=None, at=AT)
    assert not vendor_calendar().is_working(TUESDAY)
    assert not account_calendar(world.bob).is_working(TUESDAY)
    assert calendar_of(world.bergmann).is_working(TUESDAY)


def test_staff_work_by_their_own_country(world):
    boxing_monday = date(2026, 12, 28)  # the British keep Boxing Day on the Monday
    assert vendor_calendar().is_working(boxing_monday)
    assert not account_calendar(world.bob).is_working(boxing_monday)
