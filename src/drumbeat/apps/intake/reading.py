"""Rows of a table, read through a mapping into the texts of our fields. What a row can't give becomes a finding; the
rules of the fields themselves are not known here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from drumbeat.core.refusal import Refused, insist

from .findings import Finding
from .mappings import PLACES, Mapping, Places, Source
from .misreadings import probable, strangeness
from .tables import Row, Table


@dataclass(frozen=True, slots=True)
class Entry:
    """One row as texts by field, and what was found in it; without values where the row is broken as a whole."""

    row: Row
    values: dict[str, str]
    findings: tuple[Finding, ...]


class Reader:
    """One mapping applied to one table and its places. Raises Refused when a column is missing."""

    def __init__(self, table: Table, mapping: Mapping, places: Table | None) -> None:
        self.table, self.mapping = table, mapping
        self.places = _places_by_key(mapping.places, places)
        self.damaged = _damaged_columns(table)
        _insist_on_columns(table, [column for column in mapping.columns if not self._is_place(column)])
        if places and mapping.places:
            wanted = [column.removeprefix(PLACES) for column in mapping.columns if self._is_place(column)]
            _insist_on_columns(places, [mapping.places.key, *wanted])

    def entry(self, row: Row) -> Entry:
        place = self._place_of(row)
        if broken := [*self._strange_shape(row), *self._unknown_place(row, place)]:
            return Entry(row, {}, tuple(broken))
        findings: list[Finding] = []
        cells = row.cells | (place or {})
        values: dict[str, str] = {}
        for field, source in self.mapping.sources.items():
            try:
                values[field] = _text(source, cells)
            except Refused as refusal:
                findings.append(self.finding(row, field, refusal))
        return Entry(row, values, (*findings, *self._lost_letters(row, values)))

    def finding(self, row: Row, field: str, refusal: Refused) -> Finding:
        """What is wrong with a field, said of the column that it came from."""
        source = self.mapping.sources.get(field, Source())
        column = ", ".join(source.columns) or field
        cells = row.cells | (self._place_of(row) or {})
        value = "\n".join(filter(None, (cells.get(name, "") for name in source.columns)))
        return Finding(self.table.name, row.number, column, value, refusal.what, refusal.mend)

    def _is_place(self, column: str) -> bool:
        return self.mapping.places is not None and column.startswith(PLACES)

    def _strange_shape(self, row: Row) -> Iterator[Finding]:
        mend = "Put cells that hold the delimiter in quotes"
        place = (self.table.name, row.number, self.table.columns[-1], "")
        if row.missing:
            yield Finding(*place, f"The row ends {row.missing} cells too early", mend)
        if row.surplus:
            yield Finding(*place, f"The row has {row.surplus} cells too many", mend)

    def _place_of(self, row: Row) -> dict[str, str] | None:
        """The cells of the row's place; None where there is no such place, or none is wanted."""
        return self.places.get(row.cells.get(self.mapping.places.by, "")) if self.mapping.places else None

    def _unknown_place(self, row: Row, place: dict[str, str] | None) -> Iterator[Finding]:
        if self.mapping.places and place is None:
            by = self.mapping.places.by
            key = row.cells.get(by, "")
            reason = f"There is no place {key!r} in {self.mapping.places.file}"
            mend = "Correct the key, or add the place"
            yield Finding(self.table.name, row.number, by, key, reason, mend)

    def _lost_letters(self, row: Row, values: dict[str, str]) -> Iterator[Finding]:
        """Texts are kept as they came. Where a column shows for certain that letters were lost, its other foreign
        letters are doubtful too."""
        for field, text in values.items():
            columns = self.mapping.sources[field].columns
            guess = probable(text)
            reason = strangeness(text)
            if not reason and guess and self.damaged.intersection(columns):
                reason = "Other rows show that letters of this column were lost"
            if reason:
                column = ", ".join(columns) or field
                mend = f"It is kept; it may have been {guess!r}" if guess else "It is kept; look at it"
                yield Finding(self.table.name, row.number, column, text, reason, mend, is_error=False)


def _damaged_columns(table: Table) -> set[str]:
    return {column for row in table.rows for column, cell in row.cells.items() if strangeness(cell)}


def _places_by_key(mapped: Places | None, places: Table | None) -> dict[str, dict[str, str]]:
    if mapped is None:
        return {}
    if places is None:
        raise Refused(f"The mapping wants the places of {mapped.file}", "Give that file too")
    _insist_on_columns(places, [mapped.key])
    found: dict[str, dict[str, str]] = {}
    for row in places.rows:
        key = row.cells.get(mapped.key, "")
        insist(
            key not in found,
            f"{places.name}, row {row.number}: {mapped.key} {key!r} is there twice",
            "Keep one",
        )
        found[key] = {PLACES + column: cell for column, cell in row.cells.items()}
    return found


def _insist_on_columns(table: Table, wanted: list[str]) -> None:
    missing = [column for column in dict.fromkeys(wanted) if column not in table.columns]
    if missing:
        raise Refused(
            f"{table.name}, row 1: the column{'s' if len(missing) > 1 else ''} {', '.join(missing)} "
            f"{'are' if len(missing) > 1 else 'is'} missing",
            f"Add what is missing, or correct the mapping; there are {', '.join(table.columns)}",
        )


def _text(source: Source, cells: dict[str, str]) -> str:
    if source.constant is not None:
        return source.constant
    text = "\n".join(filter(None, (cells.get(column, "").strip() for column in source.columns)))
    if source.values or source.otherwise is not None:
        return _translated(text, source)
    return _iso_day(text, source.date_form) if source.date_form and text else text


def _translated(text: str, source: Source) -> str:
    found = source.values.get(text, source.otherwise)
    if found is None:
        known = ", ".join(source.values)
        raise Refused(
            f"{text!r} is not in the mapping's values", f"Correct the cell, or map it beside {known}"
        )
    return found


def _iso_day(text: str, form: str) -> str:
    try:
        return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007
    except ValueError as error:
        raise Refused(f"There is no day {text!r}", f"Write an existing day in the form {form}") from error
