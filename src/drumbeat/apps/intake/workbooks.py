"""Rows of an XLSX workbook, read as a stream within limits: no entity, formula or macro is followed, and a small file
can't grow large. Dates come as ISO texts, numbers as plain decimals; both say so by their type."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, BinaryIO
from xml.parsers import expat

from drumbeat.core.refusal import Refused, insist

LARGEST_PART, MOST_PARTS, STEEPEST = 1_500_000_000, 2_000, 400
LONGEST_CELL, MOST_COLUMNS, MOST_BLANK = 32_767, 1_000, 20_000
BUILT_IN_DATES = {*range(14, 18), 22, *range(27, 37), *range(50, 59)}
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


class Day(str):
    """A date cell, as an ISO text."""

    __slots__ = ()


class Number(str):
    """A number cell, as a plain decimal."""

    __slots__ = ()


@dataclass(slots=True)
class Book:
    """What must be known before rows are read."""

    archive: zipfile.ZipFile
    name: str
    sheets: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    date_styles: set[int] = field(default_factory=set)
    epoch: date = date(1899, 12, 30)


def open_book(name: str, file: BinaryIO) -> Book:
    """Sheets by name, shared texts and date styles. Raises Refused for what is no workbook, or a bomb."""
    try:
        archive = zipfile.ZipFile(file)
        _insist_on_size(name, archive)
        book = Book(archive, name)
        _read_sheets(book)
        _read_texts(book)
        _read_styles(book)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, ValueError, IndexError) as error:
        raise Refused(
            f"{name} is no readable XLSX workbook", "Save it as XLSX without a password, or as CSV"
        ) from error
    return book


def rows_of(book: Book, sheet: str) -> Iterator[tuple[int, list[str]]]:
    """Row number as in the spreadsheet, and its cells; empty rows are left out."""
    found: list[tuple[int, list[str]]] = []
    reader = _SheetReader(book, found)
    with book.archive.open(book.sheets[sheet]) as part:
        yield from _fed(book, reader.parser, part, found)


def _insist_on_size(name: str, archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    mend = "Send the table alone, as CSV"
    insist(len(parts) <= MOST_PARTS, f"{name} has {len(parts):,} parts", mend)
    total = sum(part.file_size for part in parts)
    insist(total <= LARGEST_PART, f"{name} unpacks to {total:,} bytes", mend)
    for part in parts:
        steep = part.file_size > 10_000_000 and part.file_size > STEEPEST * max(1, part.compress_size)
        insist(
            not steep,
            f"{name} grows {part.file_size // max(1, part.compress_size):,} times when it is unpacked",
            mend,
        )
        insist(not part.flag_bits & 1, f"{name} is protected by a password", "Save it without one")


def _parser(name: str) -> Any:
    def refuse(*_: object) -> None:
        raise Refused(f"{name} declares entities", "Save it as a new workbook")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = refuse
    parser.buffer_text = True
    return parser


def _local(tag: str) -> str:
    return tag.rpartition(" ")[2]


def _fed(book: Book, parser: Any, part: Any, found: list[Any]) -> Iterator[Any]:
    """Feeds the part to the parser and gives on what its handlers found meanwhile."""
    try:
        while chunk := part.read(1 << 16):
            parser.Parse(chunk, False)
            yield from found
            found.clear()
        parser.Parse(b"", True)
    except (expat.ExpatError, zipfile.BadZipFile, EOFError) as error:
        raise Refused(f"{book.name} is broken: {error}", "Save it again") from error
    yield from found


def _elements(book: Book, path: str) -> list[tuple[str, dict[str, str]]]:
    """Tags of a small part with their attributes."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = _parser(book.name)
    parser.StartElementHandler = lambda tag, attributes: found.append(
        (_local(tag), {_local(name): value for name, value in attributes.items()})
    )
    insist(
        book.archive.getinfo(path).file_size < 50_000_000,
        f"{book.name}: {path} is too large",
        "Send it as CSV",
    )
    list(_fed(book, parser, book.archive.open(path), []))
    return found


def _read_sheets(book: Book) -> None:
    targets = {
        attributes["Id"]: attributes["Target"]
        for tag, attributes in _elements(book, "xl/_rels/workbook.xml.rels")
        if tag == "Relationship"
    }
    for tag, attributes in _elements(book, "xl/workbook.xml"):
        if tag == "workbookPr" and attributes.get("date1904") in {"1", "true"}:
            book.epoch = date(1904, 1, 1)
        if tag == "sheet" and attributes["id"] in targets:
            target = targets[attributes["id"]]
            book.sheets[attributes["name"]] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _read_texts(book: Book) -> None:
    if "xl/sharedStrings.xml" not in book.archive.namelist():
        return
    found: list[str] = []
    reader = _TextReader(book.name, found)
    with book.archive.open("xl/sharedStrings.xml") as part:
        book.texts = list(_fed(book, reader.parser, part, found))


def _read_styles(book: Book) -> None:
    if "xl/styles.xml" not in book.archive.namelist():
        return
    own: dict[int, str] = {}
    formats: list[int] = []
    within = False
    for tag, attributes in _elements(book, "xl/styles.xml"):
        if tag == "numFmt":
            own[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        within = tag == "cellXfs" or (within and tag != "cellStyles")
        if within and tag == "xf":
            formats.append(int(attributes.get("numFmtId", 0)))
    book.date_styles = {
        n for n, code in enumerate(formats) if code in BUILT_IN_DATES or _is_date(own.get(code, ""))
    }


def _is_date(code: str) -> bool:
    bare = _QUOTED.sub("", code.partition(";")[0]).lower()
    return "y" in bare or ("d" in bare and "m" in bare)


class _TextReader:
    """Shared texts: each `si`, its runs joined, without phonetic hints."""

    def __init__(self, name: str, found: list[str]) -> None:
        self.name, self.found, self.pieces, self.takes, self.hint = name, found, [""], False, False
        self.parser = _parser(name)
        self.parser.StartElementHandler, self.parser.EndElementHandler = self.start, self.end
        self.parser.CharacterDataHandler = lambda text: self.pieces.append(text) if self.takes else None

    def start(self, tag: str, _: dict[str, str]) -> None:
        local = _local(tag)
        self.hint = self.hint or local == "rPh"
        self.takes = local == "t" and not self.hint
        if local == "si":
            self.pieces = []

    def end(self, tag: str) -> None:
        local = _local(tag)
        self.takes = False
        self.hint = self.hint and local != "rPh"
        if local == "si":
            self.found.append("".join(self.pieces))


class _SheetReader:
    """Rows of one sheet; a cell is put where its reference says."""

    def __init__(self, book: Book, found: list[tuple[int, list[str]]]) -> None:
        self.book, self.found = book, found
        self.number, self.column, self.cells, self.pieces = 0, 0, [""], [""]
        self.kind, self.style, self.takes, self.length = "n", 0, False, 0
        self.parser = _parser(book.name)
        self.parser.StartElementHandler, self.parser.EndElementHandler = self.start, self.end
        self.parser.CharacterDataHandler = self.text

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = _local(tag)
        if local == "row":
            self.number = int(attributes.get("r", self.number + 1))
            self.cells, self.column = [], 0
        elif local == "c":
            reference = attributes.get("r", "")
            self.column = _column(reference) if reference else self.column + 1
            place = f"{self.book.name}, row {self.number}"
            insist(
                self.column <= MOST_COLUMNS, f"{place}: a cell stands in column {self.column:,}", "Delete it"
            )
            self.kind, self.style = attributes.get("t", "n"), int(attributes.get("s", 0))
            self.pieces, self.length = [], 0
        self.takes = local in {"v", "t"}

    def text(self, text: str) -> None:
        if self.takes:
            self.length += len(text)
            place = f"{self.book.name}, row {self.number}"
            insist(
                self.length <= LONGEST_CELL,
                f"{place}: a cell is longer than {LONGEST_CELL:,} signs",
                "Shorten it",
            )
            self.pieces.append(text)

    def end(self, tag: str) -> None:
        local = _local(tag)
        self.takes = False
        if local == "c":
            self.cells.extend([""] * (self.column - len(self.cells)))
            self.cells[self.column - 1] = self.value("".join(self.pieces))
        elif local == "row" and any(self.cells):
            self.found.append((self.number, self.cells))

    def value(self, text: str) -> str:
        if self.kind == "s":
            return self.book.texts[int(text)] if text.isdigit() and int(text) < len(self.book.texts) else ""
        if self.kind == "n" and text:
            return self.number_or_day(text)
        return Day(text[:10]) if self.kind == "d" else text

    def number_or_day(self, text: str) -> str:
        value = float(text)
        if self.style in self.book.date_styles and 0 < value < 2_958_466:
            whole = int(value)
            day = self.book.epoch + timedelta(days=whole + (whole < 60 and self.book.epoch.year == 1899))
            return (
                Day(day.isoformat()) if value == whole else f"{day.isoformat()} {(value - whole) * 24:.4f} h"
            )
        return Number(
            f"{value:.15g}" if abs(value) < 1e15 and "E" not in f"{value:.15g}".upper() else f"{value:f}"
        )


def _column(reference: str) -> int:
    number = 0
    for letter in reference:
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter.upper()) - 64
    return number
