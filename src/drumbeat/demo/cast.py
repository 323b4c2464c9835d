"""Who works for the demo's vendor and which partners they look after. Everybody is invented; the staff has the same
password, which the start prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import cycle
from typing import Any

from drumbeat.apps.intake.actions import load_file
from drumbeat.apps.intake.kinds import KINDS
from drumbeat.apps.intake.uploads import Upload
from drumbeat.apps.partners.actions import add_partners, add_territory, assign_manager, record_facts
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.actions import open_account, set_up_vendor
from drumbeat.apps.people.models import Account

from .chance import Chance
from .contacts import settle_contacts
from .firms import TERRITORIES, Firm

ZONE, COUNTRY = "Europe/Berlin", "DE"
PASSWORD = "every-beat-counts"  # noqa: S105
VENDOR = "Polaris Software"
DOMAIN = "polaris.example"


@dataclass(frozen=True, slots=True)
class Member:
    """One of the staff; role is a word of people.Role."""

    email: str
    name: str
    role: str
    zone: str
    country: str
    territories: tuple[str, ...] = ()


MARA = Member(
    f"mara@{DOMAIN}", "Mara Lindqvist", "channel_manager", "Europe/Berlin", "DE", ("dach", "nordics")
)
TOMAS = Member(
    f"tomas@{DOMAIN}", "Tomás Ferreira", "channel_manager", "Europe/London", "GB",
    ("benelux", "uk-ireland", "france", "south", "east", "mea"),
)  # fmt: skip
NORA = Member(
    f"nora@{DOMAIN}", "Nora Castellan", "channel_manager", "America/New_York", "US",
    ("north-america", "latin-america", "asia-pacific", "india"),
)  # fmt: skip
RUTH = Member(f"ruth@{DOMAIN}", "Ruth Adeyemi", "director", "Europe/Berlin", "DE")
OLAF = Member(f"olaf@{DOMAIN}", "Olaf Brandt", "partner_operations", "Europe/Berlin", "DE")
INES = Member(f"ines@{DOMAIN}", "Ines Kowalski", "administrator", "Europe/Berlin", "DE")
STAFF = (MARA, TOMAS, NORA, RUTH, OLAF, INES)

# Dealt out by turns, so that the shares come out as meant.
TYPES_BY_TIER = {
    "registered": ["var", "var", "msp", "referral", "si", "var", "msp", "isv", "var", "referral", "msp"],
    "silver": ["var", "msp", "var", "si", "var", "isv", "msp", "var"],
    "gold": ["var", "msp", "si", "var", "distributor", "msp", "var"],
    "platinum": ["var", "si", "msp", "distributor"],
}
# Three in five partners are active: all of the upper tiers, most of the silver ones, a third of the registered.
STATUSES = {
    "registered": [
        "active",
        "prospect",
        "onboarding",
        "active",
        "prospect",
        "suspended",
        "active",
        "onboarding",
        "prospect",
    ],
    "silver": ["active"] * 8 + ["suspended"],
}
NOT_YET = "onboarding"
GIVES_FILES = {"var": 0.6, "msp": 0.4, "si": 0.3, "isv": 0.2, "distributor": 1.0, "referral": 0.0}
HAS_PLAN = 0.85
AN_HOUR_COSTS = {"channel_manager": 68, "director": 110, "partner_operations": 52, "administrator": 60}


def set_up_cast(firms: list[Firm], chance: Chance, *, at: datetime) -> None:
    """Vendor, staff, and the partners that are there on the first day, with their contacts and managers."""
    set_up_vendor(
        name=VENDOR, country=COUNTRY, subdivision="BE", zone=ZONE, mail_from=f"partners@{DOMAIN}", is_demo=True, at=at
    )  # fmt: skip
    people = {member.email: _open(member, at) for member in STAFF}
    tell_what_hours_cost(at)
    for key, name in TERRITORIES.items():
        add_territory(key, name, by=None, at=at)
    rows = [row for row in rows_of(firms, chance, at.date()) if row["status"] != NOT_YET]
    partners = add_partners(rows, by=None, at=at)
    for partner, row in zip(partners, rows, strict=True):
        manager = people[manager_of_territory(row["territory"])]
        assign_manager(partner, manager, joined(partner), by=None, at=at)
        settle_contacts(partner, chance, at=at)
    record_facts(_plans(partners, chance), as_of=at, source="demo")


def tell_what_hours_cost(at: datetime) -> None:
    """As partner operations would, by a file."""
    rows = [f"{role},{at:%Y-%m-%d},{amount}" for role, amount in AN_HOUR_COSTS.items()]
    text = "\n".join(["role,from_on,amount", *rows])
    load_file(KINDS["hours"], Upload("hours.csv", text.encode()), by=None, at=at)


def manager_of_territory(territory: str) -> str:
    """The mail address of the member who starts with it."""
    return next(member.email for member in STAFF if territory in member.territories)


def joined(partner: Partner) -> date:
    assert partner.joined_on, "every partner of the demo has joined"
    return partner.joined_on


def _open(member: Member, at: datetime) -> Account:
    return open_account(
        member.email, member.name, member.role, member.zone, member.country,
        password=PASSWORD, works_from=time(8, 30), works_until=time(17, 30), by=None, at=at,
    )  # fmt: skip


def rows_of(firms: list[Firm], chance: Chance, first: date) -> list[dict[str, Any]]:
    """What is entered of each firm; those in the status `NOT_YET` join during the year."""
    types = {tier: cycle(words) for tier, words in TYPES_BY_TIER.items()}
    statuses = {tier: cycle(words) for tier, words in STATUSES.items()}
    return [
        _row(firm, next(types[firm.tier]), next(statuses.get(firm.tier, cycle(["active"]))), chance, first)
        for firm in firms
    ]  # fmt: skip


def _row(firm: Firm, type_: str, status: str, chance: Chance, first: date) -> dict[str, Any]:
    luck = chance.of("partner", firm.name)
    return {
        "name": firm.name,
        "type": type_,
        "status": status,
        "tier": firm.tier,
        "country": firm.country,
        "subdivision": firm.subdivision,
        "city": firm.city,
        "language": firm.language,
        "territory": firm.territory,
        "joined_on": first
        - timedelta(days=luck.randint(5, 80) if status != "active" else luck.randint(120, 2400)),
        "external_id": f"P-{luck.randint(100_000, 999_999)}",
        "gives_pos": luck.uniform(0, 1)
        < GIVES_FILES[type_] + (0.3 if firm.tier in ("gold", "platinum") else 0),
    }


def _plans(partners: Iterable[Partner], chance: Chance) -> list[tuple[int, str, object]]:
    gold = (partner for partner in partners if partner.tier == "gold")
    return [
        (partner.pk, "partner.plan_active", True)
        for partner in gold
        if chance.happens(HAS_PLAN, "plan", partner.key)
    ]
