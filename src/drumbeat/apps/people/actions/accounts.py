"""Setting up the vendor, opening and closing accounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.people.access import may_administer, may_change_account
from drumbeat.apps.people.models import Account, CompanyDay, Role, Vendor
from drumbeat.core.fiscal import fiscal_calendar
from drumbeat.core.places import country_code, language_tag, subdivision_code, zone_name
from drumbeat.core.refusal import Refused, insist

OWN_FIELDS = frozenset({"zone", "language", "works_from", "works_until"})
ADMINISTERED_FIELDS = OWN_FIELDS | {"name", "role", "country", "subdivision", "routine_minutes_a_day"}


@transaction.atomic
def set_up_vendor(
    *,
    name: str,
    country: str,
    zone: str,
    mail_from: str,
    subdivision: str = "",
    currency: str = "EUR",
    language: str = "en",
    is_demo: bool = False,
    by: Account | None = None,
    at: datetime,
) -> Vendor:
    """Writes the one row of the vendor, or writes it anew."""
    insist(may_administer(by), "Only an administrator sets up the vendor", "Ask one to do it")
    country = country_code(country)
    insist(
        len(currency) == 3 and currency.isalpha(),
        f"{currency!r} is no currency",
        "Write it like EUR",
        "currency",
    )
    vendor, _ = Vendor.objects.update_or_create(
        id=1,
        defaults={
            "name": _named(name),
            "country": country,
            "subdivision": subdivision_code(subdivision, country),
            "zone": zone_name(zone),
            "currency": currency.upper(),
            "language": language_tag(language),
            "mail_from": _address(mail_from, "mail_from"),
            "is_demo": is_demo,
        },
    )
    record_event("vendor.set_up", ("vendor", 1), by_id=_id(by), at=at)
    return vendor


@transaction.atomic
def set_fiscal_year(
    *,
    starts: int,
    pattern: str = "months",
    anchor: str = "nearest",
    weekday: int = 5,
    by: Account | None = None,
    at: datetime,
) -> Vendor:
    """Which year `fiscal:` rules follow: from month `starts` on, of calendar months or of weeks as 4-4-5. Years of weeks
    end on the `weekday` (0 = Monday) that is nearest to, or the last before, the end of the month before."""
    insist(may_administer(by), "Only an administrator sets the fiscal year", "Ask one to do it")
    try:
        fiscal_calendar(starts, pattern, anchor, weekday)
    except ValueError as wrong:
        raise Refused(str(wrong), field="fiscal_pattern") from None
    vendor = Vendor.objects.select_for_update().filter(id=1).first()
    if vendor is None:
        raise Refused("No vendor is set up", "Set the vendor up first")
    vendor.fiscal_year_starts, vendor.fiscal_pattern = starts, pattern
    vendor.fiscal_anchor, vendor.fiscal_weekday = anchor, weekday
    vendor.save()
    record_event(
        "vendor.fiscal_year_set", ("vendor", 1), by_id=_id(by), at=at, starts=starts, pattern=pattern
    )
    return vendor


@transaction.atomic
def declare_company_day(on: date, name: str, *, by: Account | None, at: datetime) -> CompanyDay:
    """A day off for the whole vendor; declaring it twice only renames it."""
    insist(may_administer(by), "Only an administrator declares company days", "Ask one to do it")
    day, _ = CompanyDay.objects.update_or_create(on=on, defaults={"name": _named(name, 80)})
    record_event("company_day.declared", ("vendor", 1), by_id=_id(by), at=at, on=on.isoformat())
    return day


@transaction.atomic
def withdraw_company_day(on: date, *, by: Account | None, at: datetime) -> None:
    insist(may_administer(by), "Only an administrator withdraws company days", "Ask one to do it")
    deleted, _ = CompanyDay.objects.filter(on=on).delete()
    if deleted:
        record_event("company_day.withdrawn", ("vendor", 1), by_id=_id(by), at=at, on=on.isoformat())


@transaction.atomic
def open_account(
    email: str,
    name: str,
    role: str,
    zone: str,
    country: str,
    *,
    subdivision: str = "",
    language: str = "en",
    works_from: time = time(9),
    works_until: time = time(17),
    routine_minutes_a_day: int = 360,
    password: str | None = None,
    by: Account | None,
    at: datetime,
) -> Account:
    """An account for a person of the vendor. Without a password nobody can sign in to it until one is set."""
    insist(may_administer(by), "Only an administrator opens accounts", "Ask one to do it")
    email = _address(email, "email")
    taken = Account.objects.filter(email__iexact=email).exists()
    insist(
        not taken, f"{email} has an account already", "Use another address, or reopen that account", "email"
    )
    country = country_code(country)
    account = Account(
        email=email,
        name=_named(name),
        role=_role(role),
        zone=zone_name(zone),
        country=country,
        subdivision=subdivision_code(subdivision, country),
        language=language_tag(language),
        works_from=works_from,
        works_until=works_until,
        routine_minutes_a_day=routine_minutes_a_day,
    )
    _insist_on_hours(account)
    _put_password(account, password)
    account.save()
    record_event("account.opened", ("account", account.pk), by_id=_id(by), at=at, role=account.role)
    return account


@transaction.atomic
def change_account(
    account: Account, values: Mapping[str, Any], *, by: Account | None, at: datetime
) -> Account:
    """Changes what is given; zone, language and working hours also by the person himself."""
    account = Account.objects.select_for_update().get(pk=account.pk)
    allowed = ADMINISTERED_FIELDS if may_administer(by) else OWN_FIELDS
    insist(
        may_change_account(by, account), "Only an administrator changes other accounts", "Ask one to do it"
    )
    for field in values:
        insist(field in allowed, f"{field} can't be changed here", "Ask an administrator", field=field)
    _put_values(account, values)
    _insist_on_hours(account)
    if account.role != Role.ADMINISTRATOR:
        _insist_on_another_administrator(account)
    account.save()
    record_event("account.changed", ("account", account.pk), by_id=_id(by), at=at, fields=sorted(values))
    return account


@transaction.atomic
def set_password(account: Account, password: str, *, by: Account | None, at: datetime) -> None:
    insist(
        may_change_account(by, account), "Only an administrator sets others' passwords", "Ask one to do it"
    )
    _put_password(account, password)
    account.save(update_fields=["password"])
    record_event("account.password_set", ("account", account.pk), by_id=_id(by), at=at)


@transaction.atomic
def close_account(account: Account, *, by: Account | None, at: datetime) -> None:
    """Nobody signs in to it any more; what the person did and promised stays. Closing it twice changes nothing."""
    insist(may_administer(by), "Only an administrator closes accounts", "Ask one to do it")
    insist(by != account, "Nobody closes the own account", "Let another administrator do it")
    if not account.is_active:
        return
    _insist_on_another_administrator(account)
    account.is_active = False
    account.save(update_fields=["is_active"])
    record_event("account.closed", ("account", account.pk), by_id=_id(by), at=at)


@transaction.atomic
def reopen_account(account: Account, *, by: Account | None, at: datetime) -> None:
    insist(may_administer(by), "Only an administrator reopens accounts", "Ask one to do it")
    if account.is_active:
        return
    account.is_active = True
    account.save(update_fields=["is_active"])
    record_event("account.reopened", ("account", account.pk), by_id=_id(by), at=at)


def _put_values(account: Account, values: Mapping[str, Any]) -> None:
    country = country_code(values.get("country", account.country)) if "country" in values else account.country
    readers: dict[str, Callable[[Any], Any]] = {
        "name": _named,
        "role": _role,
        "zone": zone_name,
        "country": country_code,
        "subdivision": lambda text: subdivision_code(text, country),
        "language": language_tag,
    }
    for field, value in values.items():
        setattr(account, field, readers[field](value) if field in readers else value)


def _put_password(account: Account, password: str | None) -> None:
    if password is not None:
        try:
            validate_password(password, account)
        except ValidationError as error:
            raise Refused("This password is too weak", " ".join(error.messages), field="password") from error
    account.set_password(password)


def _insist_on_hours(account: Account) -> None:
    insist(
        account.works_from < account.works_until,
        f"Work from {account.works_from:%H:%M} until {account.works_until:%H:%M} never begins",
        "Let it begin before it ends",
        "works_until",
    )


def _insist_on_another_administrator(account: Account) -> None:
    """Without an administrator nobody could open an account again."""
    was = Account.objects.get(pk=account.pk).role
    others = Account.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=account.pk)
    insist(
        was != Role.ADMINISTRATOR or others.exists(),
        "This is the last administrator",
        "Make somebody else administrator first",
    )


def _named(text: str, longest: int = 120) -> str:
    name = text.strip()
    insist(bool(name), "A name is missing", "Write one", "name")
    insist(len(name) <= longest, f"The name is {len(name)} characters long", f"Use {longest} at most", "name")
    insist(name.isprintable(), "The name holds signs that can't be printed", "Take them out", "name")
    return name


def _role(text: str) -> str:
    insist(text in Role.values, f"There is no role {text!r}", f"Use one of {', '.join(Role.values)}", "role")
    return text


def _address(text: str, field: str) -> str:
    address = text.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refused(
            f"{text.strip()!r} is no mail address", "Write it like name@firm.example", field=field
        ) from error
    return address


def _id(by: Account | None) -> int | None:
    return by.pk if by else None
