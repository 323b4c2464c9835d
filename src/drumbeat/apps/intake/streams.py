"""Any file as a stream of rows under a header: delimited text, XLSX, JSON; packed by gzip or not. Finds the header where
the wanted columns stand; what it can't know for certain (an encoding without a mark) it asks for."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, BinaryIO

from drumbeat.core.refusal import Refused, insist

from .tables import BYTE_ORDER_MARKS, DELIMITERS
from .uploads import Upload
from .workbooks import Number, open_book, rows_of

HEAD = 50  # records in which the header is looked for
LONGEST_LINE = 1_000_000
LARGEST_JSON = 100_000_000
Record = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is laid out: what must be alike for a learned mapping to fit."""

    container: str
    encoding: str
    delimiter: str
    sheet: str
    header: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stream:
    layout: Layout
    records: Iterator[Record]

    @property
    def columns(self) -> tuple[str, ...]:
        return self.layout.header


@contextmanager
def opened(
    upload: Upload, *, encoding: str = "", sheet: str = "", wanted: Iterable[str] = ()
) -> Iterator[Stream]:
    """The rows after the header. `wanted` columns tell the header row, the delimiter and the sheet."""
    insist(upload.size > 0, f"{upload.name} is empty", "Give a file with a header and rows")
    insist(
        not upload.starts_with(b"\xd0\xcf\x11\xe0"),
        f"{upload.name} is an old Excel file, or protected by a password",
        "Save it as XLSX without a password, or as CSV",
    )
    columns = tuple(dict.fromkeys(wanted))
    with upload.unpacked() as file:
        if upload.starts_with(b"PK\x03\x04", b"PK\x05\x06"):
            yield _of_workbook(upload.name, file, sheet, columns)
        elif upload.starts_with(b"[", b"{"):
            yield _of_json(upload, file)
        else:
            yield _of_text(upload, file, encoding or _encoding(upload), columns)


def _of_workbook(name: str, file: BinaryIO, sheet: str, wanted: tuple[str, ...]) -> Stream:
    book = open_book(name, file)
    insist(
        not sheet or sheet in book.sheets,
        f"{name} has no sheet {sheet!r}",
        f"There are {', '.join(book.sheets)}",
    )
    fitting = []
    for one in [sheet] if sheet else book.sheets:
        head = list(islice(rows_of(book, one), HEAD))
        if (at := _header_at(head, wanted)) is not None:
            fitting.append((one, at, head[at][1]))
    insist(bool(fitting), f"{name} has no sheet with {_named(wanted)}", "Correct the mapping, or the header")
    insist(
        len(fitting) == 1 or not wanted,
        f"{name} has several such sheets",
        "Name one in the mapping: sheet: …",
    )
    chosen, at, header = fitting[0]
    return Stream(
        Layout("xlsx", "", "", sheet, _clean(name, header, wanted)),
        islice(rows_of(book, chosen), at + 1, None),
    )


def _of_json(upload: Upload, file: BinaryIO) -> Stream:
    insist(upload.size <= LARGEST_JSON, f"{upload.name} has {upload.size:,} bytes", "Send it as CSV")
    try:
        found = json.loads(file.read(LARGEST_JSON), parse_float=Number, parse_int=Number)
    except (ValueError, RecursionError) as error:
        raise Refused(f"{upload.name} is no JSON: {error}", "Write a list of objects") from error
    lists = found.values() if isinstance(found, dict) else [found]
    rows: list[Any] = next((value for value in lists if isinstance(value, list)), [])
    is_rows = bool(rows) and all(isinstance(row, dict) for row in rows)
    insist(is_rows, f"{upload.name} is no list of objects", 'Write [{"column": "value"}]')
    header = tuple(dict.fromkeys(str(key) for row in rows for key in row))
    return Stream(Layout("json", "utf-8", "", "", header), _records_of(rows, header))


def _records_of(rows: list[dict[str, Any]], header: tuple[str, ...]) -> Iterator[Record]:
    for number, row in enumerate(rows, start=1):
        yield number, [_cell(row.get(column)) for column in header]


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _of_text(upload: Upload, file: BinaryIO, encoding: str, wanted: tuple[str, ...]) -> Stream:
    rest = _lines(upload.name, file, encoding)
    head = list(islice(rest, HEAD))
    lines = chain(head, rest)
    first = 0
    if head and head[0].lower().startswith("sep=") and len(head[0].strip()) == 5:
        delimiters, first = head[0].strip()[4], 1
    else:
        delimiters = DELIMITERS
    fitting = [
        (one, at) for one in delimiters if (at := _header_at(_head(head[first:], one), wanted)) is not None
    ]
    insist(
        bool(fitting), f"{upload.name} has no row with {_named(wanted)}", "Correct the mapping, or the header"
    )
    delimiter, at = max(fitting, key=lambda fit: head[first:][0].count(fit[0])) if not wanted else fitting[0]
    records = _records(upload.name, lines, delimiter, first)
    header = next(islice(records, at, None))[1]
    return Stream(Layout("text", encoding, delimiter, "", _clean(upload.name, header, wanted)), records)


def _head(lines: list[str], delimiter: str) -> list[Record]:
    try:
        return [
            (number, record)
            for number, record in enumerate(csv.reader(lines, delimiter=delimiter))
            if any(record)
        ]
    except csv.Error:
        return []


def _header_at(head: list[Record], wanted: tuple[str, ...]) -> int | None:
    """Which of these records holds all wanted columns; without any, the first."""
    for at, (_, cells) in enumerate(head):
        names = {cell.strip() for cell in cells}
        if names.issuperset(wanted) and any(names):
            return at
    return None


def _clean(name: str, header: list[str], wanted: tuple[str, ...]) -> tuple[str, ...]:
    columns = tuple(cell.strip() for cell in header)
    twice = [column for column in wanted if columns.count(column) > 1]
    insist(not twice, f"{name}: the column {twice[:1]} is there twice", "Give each column its own name")
    while columns and not columns[-1]:
        columns = columns[:-1]
    return columns


def _records(name: str, lines: Iterator[str], delimiter: str, skipped: int) -> Iterator[Record]:
    """Blank records are left out, but count; so rows are numbered as in a spreadsheet."""
    for _ in range(skipped):
        next(lines)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = skipped
    try:
        for record in reader:
            number += 1
            if any(record):
                yield number, record
    except csv.Error as error:
        mend = "Put cells with quotes or line breaks in quotes, and double quotes inside"
        raise Refused(f"{name}, row {number + 1}: {error}", mend) from error


def _lines(name: str, file: BinaryIO, encoding: str) -> Iterator[str]:
    text = None
    try:
        text = io.TextIOWrapper(file, encoding, newline="")
        while line := text.readline(LONGEST_LINE):
            insist(len(line) < LONGEST_LINE, f"{name} has a line of a million signs", "Break it into rows")
            yield line
    except LookupError as error:
        raise Refused(
            f"{name}: there is no encoding {encoding!r}", "Name one such as utf-8 or cp1252"
        ) from error
    except UnicodeError as error:
        raise Refused(
            f"{name} is not {encoding}: {error}", "Save it as UTF-8, or name its encoding"
        ) from error
    finally:
        if text is not None and not file.closed:
            text.detach()  # the file is closed by whoever opened it


def _encoding(upload: Upload) -> str:
    """By its mark, or UTF-8 when all of it is; nothing else is certain."""
    with upload.unpacked() as file:
        start = file.read(4)
        marked = next((encoding for mark, encoding in BYTE_ORDER_MARKS if start.startswith(mark)), "")
        if marked:
            return marked
    try:
        with upload.unpacked() as file:
            decoder = codecs.getincrementaldecoder("utf-8")()
            while chunk := file.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        byte = error.object[error.start : error.start + 1].hex()
        raise Refused(
            f"{upload.name} names no encoding and is not UTF-8 (byte 0x{byte})",
            "Name it: `encoding: cp1252` in the mapping, or --encoding (cp1252 is usual in Western Europe)",
        ) from error
    return "utf-8"


def _named(wanted: tuple[str, ...]) -> str:
    return f"the columns {', '.join(wanted)}" if wanted else "a header"
