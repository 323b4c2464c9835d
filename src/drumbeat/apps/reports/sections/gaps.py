"""Gaps in the records of partners: what is missing to act on them."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from drumbeat.apps.partners.models import Assignment, Contact, ContactRole, Partner, Status
from drumbeat.apps.reports.scope import Scope
from drumbeat.apps.reports.wording import count
from drumbeat.apps.sales.models import SellThrough

from .shapes import NUMBER, TEXT, Section, sentences, table

SHOWN = 50
CHECKS = {
    "manager": "no channel manager",
    "sales_lead": "no sales lead",
    "principal": "no principal",
    "mail": "a contact without mail address",
    "zone": "no time zone",
    "country": "no country",
    "language": "no language",
    "joined": "no day of joining",
    "file": "last month's sales file is not in",
}


def gap_sections(scope: Scope) -> list[Section]:
    """A sentence, the checks with their counts, and the partners with most gaps. One query."""
    found = [(partner, gaps) for partner in _checked(scope) if (gaps := _gaps(partner))]
    found.sort(key=lambda pair: -len(pair[1]))
    return [sentences([_sentence(found)]), _by_check(found), _by_partner(found)]


def _checked(scope: Scope) -> QuerySet[Partner]:
    """Partners that are not closed, each with what its records hold."""
    present = Contact.objects.present(scope.on).filter(partner=OuterRef("pk"))
    assigned = Assignment.objects.current(scope.on).filter(partner=OuterRef("pk"))
    file = SellThrough.objects.filter(partner=OuterRef("pk"), month=scope.period.last)
    return scope.partners.exclude(status=Status.CLOSED).annotate(
        has_manager=Exists(assigned),
        has_sales_lead=Exists(present.in_roles(ContactRole.SALES_LEAD)),
        has_principal=Exists(present.in_roles(ContactRole.PRINCIPAL)),
        has_no_mail=Exists(present.filter(Q(email=""))),
        has_file=Exists(file),
    )


def _gaps(partner: Any) -> list[str]:
    missing = {
        "manager": not partner.has_manager,
        "sales_lead": not partner.has_sales_lead,
        "principal": not partner.has_principal,
        "mail": partner.has_no_mail,
        "zone": not partner.zone,
        "country": not partner.country,
        "language": not partner.language,
        "joined": partner.joined_on is None,
        "file": partner.gives_pos and not partner.has_file,
    }
    return [name for name, is_missing in missing.items() if is_missing]


def _sentence(found: list[tuple[Partner, list[str]]]) -> str:
    if not found:
        return "The records have no gap."
    gaps = sum(len(names) for _, names in found)
    return f"{count(len(found), 'partner')} {'has' if len(found) == 1 else 'have'} {count(gaps, 'gap')} in the records."


def _by_check(found: list[tuple[Partner, list[str]]]) -> Section:
    every = [name for _, names in found for name in names]
    rows: list[list[Any]] = [[text, every.count(name)] for name, text in CHECKS.items() if every.count(name)]
    rows.sort(key=lambda cells: -cells[1])
    return table([("gap", TEXT), ("partners", NUMBER)], rows, key="gaps", title="Gaps by kind", empty="None.")


def _by_partner(found: list[tuple[Partner, list[str]]]) -> Section:
    rows = [[partner.name, ", ".join(CHECKS[name] for name in names)] for partner, names in found[:SHOWN]]
    refs = [f"partner:{partner.pk}" for partner, _ in found[:SHOWN]]
    return table([("partner", TEXT), ("what is missing", TEXT)], rows, key="gaps-partners", title="Partners with gaps", refs=refs, empty="None.", of=len(found))  # fmt: skip
