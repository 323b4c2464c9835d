"""An edition as a workbook: a sheet for what is told, one for each table with real numbers in their formats and the head
frozen, and one for what the figures mean. Text is written as text, so that no cell is reckoned with."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter
from babel.numbers import get_currency_symbol

from .definitions import DEFINITION_COLUMNS, definition_rows
from .models import Edition
from .sections.shapes import DAY, MOMENT, MONEY, NUMBER, PERCENT
from .tables import Table, tables_of

LONGEST_NAME, WIDEST = 31, 60
WHOLE = "whole number"
FORBIDDEN = re.compile(r"[\[\]:*?/\\']")


def edition_xlsx(edition: Edition) -> bytes:
    """The same bytes each time."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"title": edition.title, "created": edition.built_at})
        _Book(book, edition).fill()
    return out.getvalue()


class _Book:
    def __init__(self, book: xlsxwriter.Workbook, edition: Edition) -> None:
        self.book, self.edition = book, edition
        self.zone = ZoneInfo(edition.data["zone"])
        self.names: set[str] = set()
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.formats = {
            kind: book.add_format({"num_format": code})
            for kind, code in _codes(edition.data["currency"]).items()
        }

    def fill(self) -> None:
        self._told()
        for table in tables_of(self.edition):
            if table.rows and table.columns != ("sentence",):
                self._table(table)
        self._definitions()

    def _told(self) -> None:
        sheet, data = self.book.add_worksheet("Report"), self.edition.data
        sheet.set_column(0, 0, 100, self.wrapped)
        sheet.write_string(0, 0, self.edition.title, self.title)
        built = self.edition.built_at.astimezone(self.zone)
        sheet.write_string(1, 0, f"{data['vendor']} · {data['period']} · as of {built:%Y-%m-%d %H:%M %Z}")
        texts = [text for section in data["sections"] for text in section.get("sentences", ())]
        for line, text in enumerate(texts, start=3):
            sheet.write_string(line, 0, text, self.wrapped)
        self.names.add("report")

    def _table(self, table: Table) -> None:
        sheet = self.book.add_worksheet(self._name(table.title))
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(table.columns):
            sheet.write_string(0, column, name, self.head)
            sheet.set_column(column, column, _width(table, column))
        for line, row in enumerate(table.rows):
            for column, value in enumerate(row):
                self._write(sheet, line + 1, column, value, table.kind(line, column))
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)

    def _name(self, title: str) -> str:
        """Of 31 signs at most, and no two alike."""
        name = FORBIDDEN.sub(" ", title).strip()[:LONGEST_NAME].strip() or "Table"
        n = 1
        while name.casefold() in self.names:
            n += 1
            name = f"{name[: LONGEST_NAME - 4].strip()} {n}"
        self.names.add(name.casefold())
        return name

    def _write(self, sheet: Any, line: int, column: int, value: Any, kind: str) -> None:
        if isinstance(value, int | float):
            sheet.write_number(
                line, column, value, self.formats[kind if kind != NUMBER or value % 1 else WHOLE]
            )
        elif isinstance(value, datetime):
            local = value.astimezone(self.zone).replace(tzinfo=None)
            sheet.write_datetime(line, column, local, self.formats[MOMENT])
        elif isinstance(value, date):
            sheet.write_datetime(line, column, value, self.formats[DAY])
        elif value not in ("", None):
            sheet.write_string(line, column, str(value))

    def _definitions(self) -> None:
        sheet = self.book.add_worksheet("Definitions")
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 28, self.wrapped)
        sheet.set_column(1, len(DEFINITION_COLUMNS) - 1, 36, self.wrapped)
        for line, row in enumerate([DEFINITION_COLUMNS, *definition_rows(self.edition)]):
            for column, text in enumerate(row):
                sheet.write_string(line, column, str(text), self.wrapped if line else self.head)


def _codes(currency: str) -> dict[str, str]:
    """Number formats that show a value as page and PDF do."""
    symbol = get_currency_symbol(currency, "en_US")
    sign = f'"{symbol} "' if symbol[-1].isalpha() else f'"{symbol}"'
    return {
        MONEY: f"{sign}#,##0;−{sign}#,##0",
        PERCENT: '0" %";−0" %"',
        NUMBER: "#,##0.0",
        WHOLE: "#,##0",
        DAY: "yyyy-mm-dd",
        MOMENT: "yyyy-mm-dd hh:mm",
    }


def _width(table: Table, column: int) -> int:
    texts: Sequence[str] = [table.columns[column], *(str(row[column]) for row in table.rows[:200])]
    return min(WIDEST, max(10, *(len(text) + 2 for text in texts)))
