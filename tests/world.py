"""The cast of the tests, built through actions: Alice and Bob look after partners, Dora leads them, Olga runs partner
operations, Adam administers; Outsider Ltd belongs to nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from drumbeat.apps.partners.actions import add_contact, add_partner, assign_manager
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.people.actions import open_account, set_up_vendor
from drumbeat.apps.people.models import Account, Vendor

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # a Monday
SINCE = date(2025, 1, 1)


@dataclass(frozen=True)
class World:
    at: datetime
    vendor: Vendor
    alice: Account
    bob: Account
    dora: Account
    olga: Account
    adam: Account
    bergmann: Partner
    kestrel: Partner
    fjord: Partner
    outsider: Partner
    petra: Contact
    sven: Contact
    kate: Contact
    nils: Contact


def build_world(at: datetime = AT) -> World:
    """Everybody and everything of the cast, as of `at`."""
    vendor = set_up_vendor(
        name="Polaris Software",
        country="DE",
        subdivision="BE",
        zone="Europe/Berlin",
        mail_from="partners@polaris.example",
        at=at,
    )
    berlin, london = ("Europe/Berlin", "DE"), ("Europe/London", "GB")
    alice = _account("Alice Ahrens", "channel_manager", *berlin, at)
    bob = _account("Bob Baker", "channel_manager", *london, at)
    dora = _account("Dora Dietrich", "director", *berlin, at)
    olga = _account("Olga Olsen", "partner_operations", *berlin, at)
    adam = _account("Adam Adler", "administrator", *berlin, at)
    bergmann = _partner("Bergmann Systemhaus", "var", "gold", "DE", "BW", at, language="de", gives_pos=True)
    kestrel = _partner("Kestrel Cloud", "msp", "silver", "GB", "", at)
    fjord = _partner("Fjord Data", "si", "platinum", "NO", "", at)
    outsider = _partner("Outsider Ltd", "referral", "registered", "IE", "", at)
    for partner, manager in ((bergmann, alice), (fjord, alice), (kestrel, bob)):
        assign_manager(partner, manager, SINCE, by=None, at=at)
    return World(
        at=at,
        vendor=vendor,
        alice=alice,
        bob=bob,
        dora=dora,
        olga=olga,
        adam=adam,
        bergmann=bergmann,
        kestrel=kestrel,
        fjord=fjord,
        outsider=outsider,
        petra=_contact(bergmann, "Petra Bergmann", "principal", at),
        sven=_contact(bergmann, "Sven Sommer", "sales_lead", at),
        kate=_contact(kestrel, "Kate Kestrel", "sales_lead", at),
        nils=_contact(fjord, "Nils Nordmann", "sales_lead", at),
    )


def _account(name: str, role: str, zone: str, country: str, at: datetime) -> Account:
    email = f"{name.split()[0].lower()}@polaris.example"
    return open_account(email, name, role, zone, country, by=None, at=at)


def _partner(
    name: str, type_: str, tier: str, country: str, subdivision: str, at: datetime, **more: object
) -> Partner:
    values = {"name": name, "type": type_, "tier": tier, "country": country, "subdivision": subdivision}
    return add_partner(values | {"status": "active", "joined_on": SINCE} | more, by=None, at=at)


def _contact(partner: Partner, name: str, role: str, at: datetime) -> Contact:
    email = f"{name.split()[0].lower()}@{partner.key}.example"
    values = {"name": name, "email": email, "roles": [role], "language": "en", "joined_on": SINCE}
    return add_contact(partner, values, by=None, at=at)
