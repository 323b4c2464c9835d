"""Questions about partners: who looks after them, and what rules may know of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from drumbeat.apps.asking import ask, kept
from drumbeat.apps.people.models import Account
from drumbeat.apps.people.queries import vendor_day
from drumbeat.core.doubles import Firm

from .models import Assignment, Contact, ContactRole, Cover, Fact, Partner, Territory


def manager_of(partner: Partner, on: date) -> Account | None:
    """The channel manager who looks after the partner that day."""
    assignment = Assignment.objects.current(on).filter(partner=partner).select_related("person").first()
    return assignment.person if assignment else None


# From each country to the next by the index, instead of reading every partner.
COUNTRIES = """
WITH RECURSIVE found AS (
    (SELECT country FROM partners_partner ORDER BY country LIMIT 1)
    UNION ALL
    SELECT (SELECT country FROM partners_partner WHERE country > found.country ORDER BY country LIMIT 1)
    FROM found WHERE found.country IS NOT NULL
)
SELECT country FROM found WHERE country IS NOT NULL
"""


def countries() -> list[str]:
    """Codes of the countries where there are partners, in order."""
    return [country for (country,) in ask(COUNTRIES)]


@kept
def territories() -> QuerySet[Any, tuple[Any, ...]]:
    """(id, name), by name."""
    return Territory.objects.values_list("pk", "name")


@kept
def manager_since(partner: int, on: date) -> QuerySet[Any, tuple[Any, ...]]:
    """(name, first day) of who looks after the partner that day, in a list of one; or none."""
    current = Assignment.objects.current(on).filter(partner=partner)
    return current.values_list("person__name", "from_on")[:1]


@kept
def present_people(partner: int, on: date) -> QuerySet[Any, tuple[Any, ...]]:
    """(id, name, roles) of the first contacts who work there that day, by name."""
    return Contact.objects.present(on).filter(partner=partner).values_list("pk", "name", "roles")[:6]


@kept
def earlier_names(partner: int) -> QuerySet[Any, tuple[Any, ...]]:
    """(id, key, name) of partners that were merged into this one."""
    return Partner.objects.filter(merged_into=partner).values_list("pk", "key", "name")


def managers_of(partner_ids: Iterable[int], on: date) -> dict[int, int]:
    """Partner id -> id of the channel manager that day; partners without one are left out. The ids go as one array, for
    a statement holds no more than 65,535 values."""
    return dict(ask(MANAGERS, {"partners": list(partner_ids), "on": on}))


MANAGERS = """
SELECT partner_id, person_id FROM partners_assignment
WHERE partner_id = ANY(ARRAY(SELECT unnest(%(partners)s::bigint[])))
  AND from_on <= %(on)s AND (until_on IS NULL OR until_on > %(on)s) ORDER BY from_on, id
"""


def tiers_by_manager(on: date) -> dict[int, Counter[str]]:
    """Person id -> how many partners that are not closed he looks after that day, by tier. Counted by the database."""
    found: dict[int, Counter[str]] = {}
    for person, tier, count in ask(TIERS, {"on": on}):
        found.setdefault(person, Counter())[tier] = count
    return found


# A relation of (partner_id, person_id): who looks after each partner on a day, for statements over all of them.
ASSIGNED = """(
    SELECT DISTINCT ON (partner_id) partner_id, person_id FROM partners_assignment
    WHERE from_on <= %(on)s AND (until_on IS NULL OR until_on > %(on)s) ORDER BY partner_id, from_on DESC, id DESC
)"""
TIERS = f"""
SELECT a.person_id, p.tier, count(*) FROM {ASSIGNED} a
JOIN partners_partner p ON p.id = a.partner_id AND p.status <> 'closed' GROUP BY 1, 2
"""  # noqa: S608 - our own words


def keepers_of(partner_ids: Iterable[int], on: date) -> dict[int, int]:
    """The same, with the cover in place of a manager who is on leave that day."""
    managers = managers_of(partner_ids, on)
    covers = (
        Cover.objects.in_force(on)
        .filter(partner__in=managers)
        .values_list("partner_id", "leave__person_id", "person_id")
    )
    return managers | {partner: cover for partner, person, cover in covers if managers[partner] == person}


def partner_facts(partner_ids: Iterable[int], at: datetime) -> dict[int, dict[str, object]]:
    """What rules may read of each partner at this moment: kept facts, and over them what the rows say now. Names are
    those of core.facts (`partner.tier`); what is unknown is left out. Three queries, however many partners."""
    ids = list(partner_ids)
    on = vendor_day(at)
    facts: dict[int, dict[str, object]] = {pk: {} for pk in ids}
    kept = Fact.objects.filter(partner_id__in=ids).values_list("partner_id", "name", "value")
    for partner_id, name, value in kept.iterator(chunk_size=10_000):
        facts[partner_id][name] = value
    for row in _rows_with_live_facts(ids, on):
        facts[row["id"]] |= _named(row, on)
    return facts


def _rows_with_live_facts(ids: list[int], on: date) -> Iterable[Mapping[str, Any]]:
    present = Contact.objects.present(on).filter(partner=OuterRef("pk"))
    count = present.order_by().values("partner").annotate(n=Count("*")).values("n")
    managers = Assignment.objects.current(on).filter(partner=OuterRef("pk")).order_by("-from_on", "-id")
    return Partner.objects.filter(id__in=ids).order_by().values(
        "id", "type", "status", "tier", "country", "subdivision", "zone", "language", "joined_on",
        territory_key=F("territory__key"),
        pos_due=F("gives_pos"),
        manager=Subquery(managers.values("person__email")[:1]),
        contacts_active=Coalesce(Subquery(count), 0),
        has_sales_lead=Exists(present.in_roles(ContactRole.SALES_LEAD)),
        has_principal=Exists(present.in_roles(ContactRole.PRINCIPAL)),
    )  # fmt: skip


def _named(row: Mapping[str, Any], on: date) -> dict[str, object]:
    joined_on = row["joined_on"]
    live = {name: value for name, value in row.items() if name not in ("id", "territory_key")}
    live |= {
        "territory": row["territory_key"],
        "manager": row["manager"] or "none",
        "joined_on": joined_on.isoformat() if joined_on else None,
        "days_in_program": (on - joined_on).days if joined_on else None,
    }
    return {f"partner.{name}": value for name, value in live.items() if value not in (None, "")}


_FIRMS = """
SELECT partner.id, partner.name, partner.country, partner.city, partner.postal_code, partner.phone, mail.domains
FROM partners_partner partner LEFT JOIN (
    SELECT partner_id, array_agg(DISTINCT lower(split_part(email, '@', 2))) AS domains FROM partners_contact
    WHERE email <> '' AND (left_on IS NULL OR left_on > %(on)s) GROUP BY 1) mail ON mail.partner_id = partner.id
WHERE partner.merged_into_id IS NULL AND partner.status <> 'closed' ORDER BY partner.id
"""


def firms(on: date) -> Iterator[Firm]:
    """What is known of each partner that stands by itself, with the mail domains of its people."""
    for pk, name, country, city, postal_code, phone, domains in ask(_FIRMS, {"on": on}):
        yield Firm(pk, name, country, city, postal_code, phone, frozenset(domains or ()))
