"""One mapping applied to one stream: cells become texts that the database can take, or a finding. Fast, because a file
may have a million rows; what a field means lies in kinds, how dates and numbers are written in core's cell forms."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as Map
from dataclasses import dataclass
from itertools import islice

from drumbeat.core.cellforms import Unreadable, certain_date, certain_number, date_reader, number_reader
from drumbeat.core.refusal import Refused, insist

from .mappings import Mapping, Source
from .shapes import PLACES, Field, Kind
from .streams import Record, Stream
from .workbooks import Day, Number

SAMPLE = 20_000
MEMORY = 200_000  # texts remembered by a reader
Lists = Map[str, Map[str, Map[str, str]]]
Cells = list[str]
NO_KEY: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Wrong:
    """A field of a row that can't be taken."""

    row: int
    field: str
    column: str
    value: str
    reason: str
    mend: str


class RowReader:
    """Reads the records of one stream. `forms` are those of dates and numbers, by field."""

    def __init__(
        self, kind: Kind, mapping: Mapping, columns: tuple[str, ...], lists: Lists, forms: Map[str, str]
    ) -> None:
        self.mapping, self.lists = mapping, lists
        self.at = {name: n for n, name in enumerate(columns)}
        self.width = len(columns)
        self.fields = tuple(field for field in kind.fields if field.name in mapping.sources)
        self.gets = [self._getter(mapping.sources[field.name]) for field in self.fields]
        self.reads = [
            _reader(field, mapping.sources[field.name], forms.get(field.name, "")) for field in self.fields
        ]
        self.skips = [(self.at[name], frozenset(words)) for name, words in mapping.skip.items()]

    def is_skipped(self, cells: Cells) -> bool:
        return any(n < len(cells) and cells[n].strip() in words for n, words in self.skips)

    def read(self, number: int, cells: Cells) -> tuple[list[str | None], list[Wrong]]:
        """A text or None for each field; and what is wrong."""
        texts: list[str | None] = []
        wrong: list[Wrong] = []
        if len(cells) != self.width:
            if any(cell.strip() for cell in cells[self.width :]):
                return [], [self._misshapen(number, f"The row has {len(cells) - self.width} cells too many")]
            cells = cells + [""] * (self.width - len(cells))
        for field, get, read in zip(self.fields, self.gets, self.reads, strict=True):
            try:
                texts.append(read(get(cells)))
            except Refused as refusal:
                texts.append(None)
                wrong.append(self._wrong(number, field.name, cells, refusal))
        return texts, wrong

    def column_of(self, field: str) -> str:
        source = self.mapping.sources.get(field, Source())
        return ", ".join(source.columns) or field

    def _misshapen(self, number: int, reason: str) -> Wrong:
        return Wrong(number, "", "", "", reason, "Put cells that hold the delimiter in quotes")

    def _wrong(self, number: int, field: str, cells: Cells, refusal: Refused) -> Wrong:
        source = self.mapping.sources[field]
        value = " ".join(cells[self.at[name]] for name in source.columns if name in self.at)
        return Wrong(number, field, self.column_of(field), value, refusal.what, refusal.mend)

    def _getter(self, source: Source) -> Callable[[Cells], str]:
        if source.constant is not None:
            constant = source.constant
            return lambda _: constant
        gets = [self._cell(column) for column in source.columns]
        if len(gets) == 1:
            return gets[0]
        join = source.join
        return lambda cells: join.join(filter(None, (get(cells).strip() for get in gets)))

    def _cell(self, column: str) -> Callable[[Cells], str]:
        name, _, inner = column.partition(".")
        if name not in self.mapping.beside:
            n = self.at[column]
            return lambda cells: cells[n]
        key, rows = self._cell(self.mapping.beside[name].by), self.lists.get(name, {})
        file = self.mapping.beside[name].file

        def look_up(cells: Cells) -> str:
            found = key(cells).strip()
            row = rows.get(found) if found else NO_KEY
            if row is None:
                raise Refused(f"There is no {found!r} in {file}", "Correct the key, or give the list anew")
            return row.get(inner, "")

        return look_up


def _reader(field: Field, source: Source, form: str) -> Callable[[str], str | None]:
    """Text of a cell -> text for the database, remembered."""
    base = _of_type(field, source, form)
    known: dict[str, str | None] = {}

    def read(cell: str) -> str | None:
        if type(cell) is not str:
            return base(cell)
        if cell in known:
            return known[cell]
        if len(known) > MEMORY:
            known.clear()
        found = known[cell] = base(cell)
        return found

    return read


def _of_type(field: Field, source: Source, form: str) -> Callable[[str], str | None]:
    typed = _text_reader(field) if field.type == "text" else _form_reader(field, source, form)

    def read(cell: str) -> str | None:
        text = cell if isinstance(cell, Day | Number) else cell.strip()
        if source.respell:
            text = source.respell.get(text, text)
        if source.values or source.otherwise is not None:
            found = source.values.get(text, source.otherwise)
            if found is None:
                raise Refused(
                    f"{text!r} is not in the mapping's values", f"Map it beside {', '.join(source.values)}"
                )
            text = found
        if not text:
            insist(not field.is_needed, f"{field.name} is empty", "Give a value")
            return None
        return typed(text)

    return read


def _text_reader(field: Field) -> Callable[[str], str]:
    def read(text: str) -> str:
        insist("\x00" not in text, "The text holds a NUL sign", "Take it out")
        insist(
            len(text) <= field.longest,
            f"The text is {len(text):,} signs long",
            f"Use {field.longest} at most",
        )
        return text

    return read


def _form_reader(field: Field, source: Source, form: str) -> Callable[[str], str]:
    if field.type == "day":
        of_text = date_reader(form or "%Y-%m-%d")
        return lambda text: str(text) if isinstance(text, Day) else of_text(text)
    places = PLACES[field.type]
    of_text = number_reader(form or "1234.56", places=places, rounds=source.rounds)
    of_number = number_reader("1234.56", places=places, rounds=source.rounds)
    most = 10 if field.type == "whole" else 12

    def read(text: str) -> str:
        found = of_number(text) if isinstance(text, Number) else of_text(text)
        whole, _, rest = found.partition(".")
        insist(len(whole.lstrip("-")) <= most, f"{text} is absurdly large", "Correct it")
        return whole if field.type == "whole" and not rest.strip("0") else found

    return read


def forms_of(
    kind: Kind, mapping: Mapping, stream: Stream, lists: Lists, known: Map[str, str]
) -> dict[str, str]:
    """The form of each date and number: the mapping's, else the learned one, else the one that the cells make certain."""
    forms: dict[str, str] = {}
    unsure: dict[str, Source] = {}
    for field in kind.fields:
        source = mapping.sources.get(field.name)
        if source is None or field.type == "text" or source.constant is not None:
            continue
        said = source.date_form if field.type == "day" else source.number_form
        if said or known.get(field.name):
            forms[field.name] = said or known[field.name]
        else:
            unsure[field.name] = source
    if unsure:
        forms.update(_sniffed(kind, unsure, RowReader(kind, mapping, stream.columns, lists, {}), stream))
    return forms


def _sniffed(kind: Kind, unsure: Map[str, Source], reader: RowReader, stream: Stream) -> dict[str, str]:
    records: list[Record] = [one for one in islice(stream.records, SAMPLE) if not reader.is_skipped(one[1])]
    types = {field.name: field.type for field in kind.fields}
    gets = {field.name: get for field, get in zip(reader.fields, reader.gets, strict=True)}
    forms = {}
    for name in unsure:
        cells = _cells(gets[name], records, stream)
        plain = {text.strip(): row for row, text in reversed(cells) if not isinstance(text, Day | Number)}
        texts = [text for text in reversed(plain) if text]
        try:
            if texts:
                forms[name] = certain_date(texts) if types[name] == "day" else certain_number(texts)
        except Unreadable as refusal:
            where = f"row {plain[refusal.text]}, {reader.column_of(name)}"
            raise Refused(f"{where}: {refusal.what}", refusal.mend, field=name) from refusal
    return forms


def _cells(get: Callable[[Cells], str], records: list[Record], stream: Stream) -> list[tuple[int, str]]:
    found = []
    width = len(stream.columns)
    for row, cells in records:
        try:
            found.append((row, get(cells + [""] * (width - len(cells)))))
        except Refused:
            continue
    return found
