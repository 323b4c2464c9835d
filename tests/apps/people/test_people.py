"""The vendor and its staff: set up, opened, changed, closed; and refused."""

from __future__ import annotations

from datetime import date, time

import pytest
from django.contrib.auth import authenticate

from drumbeat.apps.events.models import Event
from drumbeat.apps.people.access import may_administer, sees_business
from drumbeat.apps.people.actions import (
    change_account,
    close_account,
    declare_company_day,
    open_account,
    reopen_account,
    set_password,
    set_up_vendor,
    withdraw_company_day,
)
from drumbeat.apps.people.models import Account, Vendor
from drumbeat.apps.people.queries import company_days, staff, vendor, vendor_day
from drumbeat.core.refusal import Refused
from tests.world import AT, World, build_world

pytestmark = pytest.mark.django_db
FIRM = {"name": "Firm", "country": "DE", "zone": "Europe/Berlin", "mail_from": "a@firm.example"}


@pytest.fixture
def world() -> World:
    return build_world()


def test_until_a_vendor_is_set_up_a_stand_in_runs_on_utc():
    assert not vendor().is_set_up
    assert vendor().zone == "UTC"


def test_the_vendor_is_one_row_however_often_it_is_set_up():
    set_up_vendor(**FIRM, at=AT)
    set_up_vendor(**FIRM | {"name": "Firm AG"}, at=AT)
    assert Vendor.objects.count() == 1
    assert vendor().name == "Firm AG"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("country", "XX"),
        ("zone", "Europe/Berlinn"),
        ("mail_from", "nobody"),
        ("currency", "EURO"),
        ("language", "klingon"),
        ("name", "  "),
    ],
)
def test_a_vendor_with_a_wrong_value_is_refused_by_field(field, value):
    with pytest.raises(Refused) as refusal:
        set_up_vendor(**FIRM | {field: value}, at=AT)
    assert refusal.value.field == field
    assert refusal.value.mend
    assert not Vendor.objects.exists()


def test_the_vendors_day_is_the_one_in_its_zone(world):
    late = AT.replace(hour=23, minute=30)
    assert vendor_day(late) == date(2026, 3, 3)


def test_company_days_are_declared_and_withdrawn(world):
    declare_company_day(date(2026, 12, 24), "Christmas Eve", by=world.adam, at=AT)
    declare_company_day(date(2026, 12, 24), "Holy Eve", by=world.adam, at=AT)
    assert company_days() == {date(2026, 12, 24)}
    withdraw_company_day(date(2026, 12, 24), by=world.adam, at=AT)
    assert company_days() == frozenset()


def test_an_account_is_opened_with_an_argon2_password_and_recorded(world):
    account = open_account(
        "Eve@Polaris.example",
        "Éve Ångström",
        "channel_manager",
        "Europe/Paris",
        "fr",
        password="turnips at noon",
        by=world.adam,
        at=AT,
    )
    assert account.password.startswith("argon2")
    assert (account.email, account.sort_name, account.country) == (
        "eve@polaris.example",
        "eve angstrom",
        "FR",
    )
    assert authenticate(username="EVE@polaris.example", password="turnips at noon") == account
    event = Event.objects.get(kind="account.opened", subject_id=account.pk)
    assert (event.by_id, event.at) == (world.adam.pk, AT)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"email": "ALICE@polaris.example"}, "email"),
        ({"email": "no address"}, "email"),
        ({"role": "boss"}, "role"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"country": "Germany"}, "country"),
        ({"name": ""}, "name"),
        ({"password": "short"}, "password"),
        ({"works_from": time(18)}, "works_until"),
    ],
)
def test_a_wrong_account_is_refused_by_field(world, values, field):
    right = {"email": "eve@p.example", "name": "Eve", "role": "director", "zone": "UTC", "country": "GB"}
    with pytest.raises(Refused) as refusal:
        open_account(**right | values, by=world.adam, at=AT)
    assert refusal.value.field == field


def test_a_country_by_name_is_refused_with_its_code(world):
    with pytest.raises(Refused, match="Write DE"):
        open_account("eve@p.example", "Eve", "director", "UTC", "germany", by=None, at=AT)


def test_only_an_administrator_opens_changes_and_closes(world):
    for deed in (
        lambda: open_account("e@p.example", "Eve", "director", "UTC", "GB", by=world.dora, at=AT),
        lambda: change_account(world.bob, {"name": "Rob"}, by=world.alice, at=AT),
        lambda: change_account(world.alice, {"role": "director"}, by=world.alice, at=AT),
        lambda: close_account(world.bob, by=world.dora, at=AT),
        lambda: set_password(world.bob, "turnips at noon", by=world.alice, at=AT),
        lambda: set_up_vendor(**FIRM, by=world.alice, at=AT),
    ):
        with pytest.raises(Refused, match="administrator"):
            deed()


def test_everybody_changes_the_own_zone_and_hours(world):
    changed = change_account(
        world.alice, {"zone": "Asia/Tokyo", "works_from": time(7)}, by=world.alice, at=AT
    )
    assert (changed.zone, changed.works_from) == ("Asia/Tokyo", time(7))


def test_a_closed_account_leaves_the_staff_and_comes_back(world):
    close_account(world.bob, by=world.adam, at=AT)
    close_account(Account.objects.get(pk=world.bob.pk), by=world.adam, at=AT)
    assert list(staff("channel_manager")) == [world.alice]
    assert Event.objects.filter(kind="account.closed").count() == 1
    reopen_account(Account.objects.get(pk=world.bob.pk), by=world.adam, at=AT)
    assert list(staff("channel_manager")) == [world.alice, world.bob]


def test_the_last_administrator_stays(world):
    with pytest.raises(Refused, match="own account"):
        close_account(world.adam, by=world.adam, at=AT)
    with pytest.raises(Refused, match="last administrator"):
        close_account(world.adam, by=None, at=AT)
    with pytest.raises(Refused, match="last administrator"):
        change_account(world.adam, {"role": "director"}, by=world.adam, at=AT)


def test_an_administrator_administers_and_sees_no_business(world):
    assert may_administer(world.adam) and not sees_business(world.adam)
    assert not may_administer(world.dora) and sees_business(world.dora)
