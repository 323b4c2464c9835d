"""Whole lists as files: CSV and JSON as streams, XLSX with typed cells. Text that a spreadsheet would run as a formula is disarmed."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any, Protocol

import xlsxwriter
from django.core.serializers.json import DjangoJSONEncoder
from django.http import FileResponse, StreamingHttpResponse

from drumbeat.core.disarming import disarmed

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Exported(Protocol):
    @property
    def label(self) -> str: ...

    @property
    def cell(self) -> Any: ...


class Keyed(Exported, Protocol):
    @property
    def key(self) -> str: ...


def as_csv(name: str, columns: Sequence[Exported], rows: Iterable[Any]) -> StreamingHttpResponse:
    head = [column.label for column in columns]
    cells = ([column.cell(row).exported for column in columns] for row in rows)
    return rows_as_csv(name, chain([head], cells))


def rows_as_csv(name: str, rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """A byte order mark first: without it spreadsheets take the letters for another encoding."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for row in rows:
        yield writer.writerow([_disarmed(value) for value in row])


def as_json(name: str, columns: Sequence[Keyed], rows: Iterable[Any]) -> StreamingHttpResponse:
    """One array, an object a line under the keys of the columns; moments with their zone."""
    objects = ({column.key: column.cell(row).exported for column in columns} for row in rows)
    response = StreamingHttpResponse(_array(objects), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response


def _array(objects: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield "["
    for place, one in enumerate(objects):
        yield f"{',' if place else ''}\n{json.dumps(one, cls=DjangoJSONEncoder, ensure_ascii=False)}"
    yield "\n]\n"


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _disarmed(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return disarmed(value) if isinstance(value, str) else value


def as_xlsx(name: str, columns: Sequence[Exported], rows: Iterable[Any]) -> FileResponse:
    """Written row by row to a file of its own, so that memory stays small whatever the length."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    with xlsxwriter.Workbook(file, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        _fill(book, columns, rows)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def _fill(book: xlsxwriter.Workbook, columns: Sequence[Exported], rows: Iterable[Any]) -> None:
    sheet = book.add_worksheet()
    bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, 18)
        sheet.write_string(0, place, column.label, bold)
    for line, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            _write(sheet, line, place, column.cell(row).exported, moment)


def _write(sheet: Any, line: int, place: int, value: Any, moment: Any) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(line, place, value)
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(line, place, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(line, place, value.replace(tzinfo=None), moment)
    elif isinstance(value, date):
        sheet.write_datetime(line, place, value)
    elif value not in ("", None):
        sheet.write_string(line, place, str(value))
