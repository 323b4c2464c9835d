"""Bytes of a delimited file become a table: finds encoding and delimiter, keeps row numbers. It knows no partners and
changes no cell. A file that can't be a table is refused whole."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from drumbeat.core.refusal import Refused, insist

LARGEST = 50_000_000  # bytes
DELIMITERS = ",;\t|"
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """Cells by column. `missing` and `surplus` count cells against the header."""

    number: int
    cells: dict[str, str]
    missing: int = 0
    surplus: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    encoding: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(name: str, data: bytes, encoding: str = "") -> Table:
    """The table in these bytes; `encoding` names it where it can't be found out. Raises Refused with file and row."""
    insist(len(data) <= LARGEST, f"{name} has {len(data):,} bytes", f"Split it: {LARGEST:,} at most")
    encoding = encoding or _encoding_of(data)
    text = _decoded(name, data, encoding)
    insist(bool(text.strip()), f"{name} is empty", "Give a file with a header and rows")
    records = _records(name, text)
    _, header = next(records)
    columns = _columns(name, header)
    rows = tuple(_row(number, record, columns) for number, record in records if any(map(str.strip, record)))
    return Table(name, encoding, columns, rows)


def _encoding_of(data: bytes) -> str:
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return encoding
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _decoded(name: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError as error:
        raise Refused(
            f"{name}: there is no encoding {encoding!r}", "Name one such as utf-8 or cp1252"
        ) from error
    except UnicodeDecodeError as error:
        row = error.object.count(b"\n", 0, error.start) + 1
        byte = error.object[error.start : error.start + 1].hex()
        tried = (
            "neither UTF-8 nor Windows-1252"
            if encoding == "cp1252"
            else f"not {encoding.removesuffix('-sig')}"
        )
        raise Refused(
            f"{name}, row {row}: byte 0x{byte} shows that the file is {tried}",
            "Save it as UTF-8, or name its encoding in the mapping",
        ) from error


def _records(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """Records with their numbers; blank lines count, as they do in a spreadsheet."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter_of(text), strict=True)
    number = 0
    try:
        for record in reader:
            number += 1
            yield number, record
    except csv.Error as error:
        raise Refused(
            f"{name}, row {number + 1}: {error}",
            "Put cells with quotes or line breaks in quotes, and double quotes inside",
        ) from error


def _delimiter_of(text: str) -> str:
    """The one that parts the header into most cells."""
    header = re.sub(r'"[^"]*"', "", text.splitlines()[0])
    return max(DELIMITERS, key=header.count)


def _columns(name: str, header: list[str]) -> tuple[str, ...]:
    columns = tuple(cell.strip() for cell in header)
    twice = [column for column, count in Counter(columns).items() if count > 1]
    insist(
        not twice, f"{name}, row 1: the column {twice[:1]} is there twice", "Give each column its own name"
    )
    insist("" not in columns, f"{name}, row 1: a column has no name", "Name it, or delete it")
    return columns


def _row(number: int, record: list[str], columns: tuple[str, ...]) -> Row:
    surplus = sum(1 for cell in record[len(columns) :] if cell.strip())
    return Row(number, dict(zip(columns, record, strict=False)), max(0, len(columns) - len(record)), surplus)
