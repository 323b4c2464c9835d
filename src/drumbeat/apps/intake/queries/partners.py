"""What loading a file would do: which partners it would add, which it would change, what is wrong with it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from drumbeat.apps.intake.findings import Finding
from drumbeat.apps.intake.mappings import Mapping, read_mapping, same_names
from drumbeat.apps.intake.models import Load
from drumbeat.apps.intake.reading import Entry, Reader
from drumbeat.apps.intake.tables import Row, Table, read_table
from drumbeat.apps.partners.models import Partner, Territory
from drumbeat.apps.partners.values import PARTNER_FIELDS, PARTNER_NEEDS, read_partner
from drumbeat.core.refusal import Refused, insist

Along = Callable[[Sequence[Row]], Iterable[Row]]
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class File:
    """A file as it came: its name and its bytes."""

    name: str
    data: bytes


@dataclass(slots=True)
class Plan:
    """What a file would do, before anything is written."""

    table: Table
    mapping: Mapping
    digest: str
    loaded_before: Load | None = None
    new: list[Values] = field(default_factory=list)
    changed: list[tuple[Partner, Values]] = field(default_factory=list)
    unchanged: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.is_error]

    @property
    def warnings(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.is_error]

    @property
    def refused_rows(self) -> int:
        return len({finding.row for finding in self.errors})

    @property
    def warned_rows(self) -> int:
        return len({finding.row for finding in self.warnings})


def plan_partners(
    file: File, *, mapping: File | None = None, places: File | None = None, along: Along = iter
) -> Plan:
    """Reads a partner list through a mapping, without one by equal names. A partner with a known external id would be
    changed, the others added; constants of the mapping count for new ones only. `along` may watch the rows go by.
    Raises Refused when a file or the mapping can't be read at all; wrong rows are findings."""
    read = _read_mapping(mapping) if mapping else None
    table = read_table(file.name, file.data, read.encoding if read else "")
    chosen = read or _named_alike(table)
    place_table = read_table(places.name, places.data, chosen.encoding) if places else None
    digest = _digest(file, mapping, places)
    plan = Plan(
        table, chosen, digest, Load.objects.filter(noun="partners", digest=digest, undone_at=None).first()
    )
    reader = Reader(table, chosen, place_table)
    _judge([reader.entry(row) for row in along(table.rows)], reader, plan)
    return plan


def places_wanted(mapping: File) -> str:
    """The name of the file of places that a mapping asks for; empty when it asks for none."""
    places = _read_mapping(mapping).places
    return places.file if places else ""


def _read_mapping(file: File) -> Mapping:
    mapping = read_mapping(file.name, _utf8(file), PARTNER_FIELDS)
    missing = [name for name in PARTNER_NEEDS if name not in mapping.sources]
    insist(
        not missing,
        f"{file.name} maps no {', '.join(missing)}",
        "Every partner needs it: say where it comes from",
    )
    return mapping


def _utf8(file: File) -> str:
    try:
        return file.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"{file.name} is not UTF-8", "Save the mapping as UTF-8") from error


def _named_alike(table: Table) -> Mapping:
    mapping = same_names(table.columns, PARTNER_FIELDS)
    missing = [name for name in PARTNER_NEEDS if name not in mapping.sources]
    insist(
        not missing,
        f"{table.name}, row 1: no column is called {' or '.join(missing)}",
        "Name the columns like our fields, or give a mapping",
    )
    return mapping


def _digest(*files: File | None) -> str:
    """One for the list, its mapping and its places together: with another mapping it is another load."""
    parts = [hashlib.sha256(file.data).digest() if file else b"" for file in files]
    return hashlib.sha256(b"|".join(parts)).hexdigest()


def _judge(entries: list[Entry], reader: Reader, plan: Plan) -> None:
    """Sorts the rows into new, changed, unchanged and wrong."""
    ids = [entry.values["external_id"] for entry in entries if entry.values.get("external_id")]
    known = Partner.objects.select_related("territory").in_bulk(ids, field_name="external_id")
    territories = Territory.objects.in_bulk(field_name="key")
    first_rows: dict[str, int] = {}
    for entry in entries:
        if not entry.values:
            plan.findings.extend(entry.findings)
            continue
        partner = known.get(entry.values.get("external_id", ""))
        read, problems = _read(entry, reader.mapping, territories, partner)
        problems += _duplicate(entry, reader.mapping, first_rows)
        errors = [reader.finding(entry.row, problem.field or "", problem) for problem in problems]
        found = _once_a_column([*entry.findings, *errors])
        plan.findings.extend(found)
        if not any(finding.is_error for finding in found):
            _put(plan, partner, read)


def _read(
    entry: Entry, mapping: Mapping, territories: dict[str, Territory], partner: Partner | None
) -> tuple[Values, list[Refused]]:
    if partner is None:
        return read_partner(entry.values, territories=territories)
    given = {name: text for name, text in entry.values.items() if mapping.sources[name].constant is None}
    stands = {"country": partner.country}
    return read_partner(given, territories=territories, stands=stands)


def _duplicate(entry: Entry, mapping: Mapping, first_rows: dict[str, int]) -> list[Refused]:
    """An external id names one partner: missing or repeated, the row can't be told from others."""
    if "external_id" not in mapping.sources or "external_id" not in entry.values:
        return []
    key = entry.values["external_id"]
    if not key:
        return [Refused("It is empty", "Give the external id of the partner", field="external_id")]
    if key in first_rows:
        what = f"The external id {key} is there twice, first in row {first_rows[key]}"
        return [Refused(what, "Keep one of the rows", field="external_id")]
    first_rows[key] = entry.row.number
    return []


def _once_a_column(findings: list[Finding]) -> list[Finding]:
    """A cell that the mapping couldn't read needn't be called missing as well."""
    wrong: set[str] = set()
    kept: list[Finding] = []
    for finding in findings:
        if finding.is_error and finding.column in wrong:
            continue
        wrong |= {finding.column} if finding.is_error else set()
        kept.append(finding)
    return kept


def _put(plan: Plan, partner: Partner | None, read: Values) -> None:
    if partner is None:
        plan.new.append(read)
        return
    changes = {name: value for name, value in read.items() if getattr(partner, name) != value}
    if changes:
        plan.changed.append((partner, changes))
    else:
        plan.unchanged += 1
