"""Every report says the same figures on its page, in its PDF, workbook, CSV, JSON and mail; text that a spreadsheet would
run stays text."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from drumbeat.apps.partners.models import Partner
from drumbeat.apps.reports.actions import build_edition
from drumbeat.apps.reports.compositions import COMPOSITIONS
from drumbeat.apps.reports.document import document_of
from drumbeat.apps.reports.drawing import Cell, Page, page_of
from drumbeat.apps.reports.files import ENDINGS, edition_file
from drumbeat.apps.reports.letter import edition_text
from drumbeat.apps.reports.models import Edition
from drumbeat.apps.reports.tables import NUMBERS, Table, tables_of
from drumbeat.core.markup import html_of
from tests.apps.reports.channel import AT, deal
from tests.world import World

pytestmark = pytest.mark.django_db
FORMULA = '=HYPERLINK("http://evil.example","click")'


def about(report: str, channel: World) -> dict[str, Any]:
    subject = COMPOSITIONS[report].subjects[0]
    return {"partner": {"partner": channel.bergmann}, "person": {"person": channel.alice}}.get(subject, {})


@pytest.mark.parametrize("report", COMPOSITIONS)
def test_every_form_has_the_same_figures(channel: World, report: str) -> None:
    insist_on_same_figures(build_edition(report, at=AT, **about(report, channel)))


def insist_on_same_figures(edition: Edition) -> None:
    """On its page and in its PDF, workbook, CSV and JSON."""
    wanted = {table.title: numbers_of(table) for table in tables_of(edition) if numbers_of(table)}
    assert numbers_in_json(edition) == wanted
    assert numbers_in_workbook(edition) == wanted
    assert numbers_in_csv(edition) == wanted
    page = page_of(edition)
    assert [float(cell.exact) for cell in exact_cells(page)] == [
        n for numbers in wanted.values() for n in numbers
    ]
    printed = words_of(
        " ".join(
            each.extract_text() for each in PdfReader(io.BytesIO(edition_file(edition, "pdf").content)).pages
        )
    )
    for section in page.sections:
        for cell in (cell for row in section.rows for cell in row.cells if cell.is_number):
            assert words_of(cell.text) in printed, cell.text


@pytest.mark.parametrize("report", COMPOSITIONS)
def test_the_mail_tells_the_first_rows_in_the_same_words(channel: World, report: str) -> None:
    insist_on_same_words(build_edition(report, at=AT, **about(report, channel)))


def insist_on_same_words(edition: Edition) -> None:
    """In its mail, for the rows that a mail holds."""
    html = html_of(edition_text(edition))
    for section in page_of(edition).sections:
        for row in section.rows[:12]:
            assert all(f">{cell.text}</td>" in html for cell in row.cells if cell.is_number)


def exact_cells(page: Page) -> list[Cell]:
    """Of tables and of what stands behind pictures, in the order of the page."""
    grids = [
        rows
        for section in page.sections
        for rows in (section.rows, section.behind.rows if section.behind else ())
    ]
    return [cell for rows in grids for row in rows for cell in row.cells if cell.exact]


def numbers_of(table: Table) -> list[float]:
    return [
        float(value)  # type: ignore[arg-type]
        for line, row in enumerate(table.rows)
        for place, value in enumerate(row)
        if table.kind(line, place) in NUMBERS and value is not None
    ]


def numbers_in_json(edition: Edition) -> dict[str, list[float]]:
    told = json.loads(edition_file(edition, "json").content)
    return counted((table["title"], table["rows"]) for table in told["tables"])


def numbers_in_workbook(edition: Edition) -> dict[str, list[float]]:
    book = load_workbook(io.BytesIO(edition_file(edition, "xlsx").content))
    titles = [table.title for table in tables_of(edition) if table.rows and table.columns != ("sentence",)]
    sheets = [sheet for sheet in book.worksheets if sheet.title not in ("Report", "Definitions")]
    assert all(sheet.freeze_panes for sheet in sheets)
    assert all(cell.data_type != "f" for sheet in book.worksheets for row in sheet for cell in row)
    found = zip(titles, sheets, strict=True)
    return counted((title, list(sheet.iter_rows(min_row=2, values_only=True))) for title, sheet in found)


def numbers_in_csv(edition: Edition) -> dict[str, list[float]]:
    """Cells are texts there: those under heads of numbers are read as such."""
    titles = [table for table in tables_of(edition) if table.rows]
    file = edition_file(edition, "csv")
    if file.media_type.startswith("text/csv"):
        texts = [file.content]
    else:
        archive = zipfile.ZipFile(io.BytesIO(file.content))
        texts = [archive.read(name) for name in archive.namelist() if name != "definitions.csv"]
    found = {}
    for table, text in zip(titles, texts, strict=True):
        _, *rows = csv.reader(io.StringIO(text.decode("utf-8-sig")))
        numbers = [
            float(cell)
            for line, row in enumerate(rows)
            for place, cell in enumerate(row)
            if table.kind(line, place) in NUMBERS and cell != ""
        ]
        if numbers:
            found[table.title] = numbers
    return found


def counted(tables: Any) -> dict[str, list[float]]:
    found = {}
    for title, rows in tables:
        numbers = [float(cell) for row in rows for cell in row if is_number(cell)]
        if numbers:
            found[title] = numbers
    return found


def is_number(cell: Any) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool | date | datetime)


def words_of(text: str) -> str:
    return "".join(text.replace("\u200b", "").split())


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_is_the_same_bytes_each_time(channel: World, ending: str) -> None:
    edition = build_edition("partner-scorecard", partner=channel.bergmann, at=AT)
    again = Edition.objects.get(pk=edition.pk)
    assert edition_file(edition, ending) == edition_file(again, ending)


def test_a_formula_in_a_name_stays_a_text(channel: World) -> None:
    Partner.objects.filter(pk=channel.bergmann.pk).update(name=FORMULA)
    deal(channel.bergmann, "@SUM(1+1)", 1, 700)
    edition = build_edition("deals-moved", at=AT)
    book = load_workbook(io.BytesIO(edition_file(edition, "xlsx").content))
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value in (FORMULA, "@SUM(1+1)")]
    assert cells and all(cell.data_type == "s" for cell in cells)
    archive = zipfile.ZipFile(io.BytesIO(edition_file(edition, "csv").content))
    rows = [
        row
        for name in archive.namelist()
        for row in csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig")))
    ]
    assert any(f"'{FORMULA}" in row for row in rows)
    assert not any(cell[:1] in "=+@" for row in rows for cell in row if cell)
    assert "\\[" not in document_of(edition)["title"]


def test_the_workbook_formats_values_as_the_page_writes_them(channel: World) -> None:
    edition = build_edition("partner-scorecard", partner=channel.bergmann, at=AT)
    sheet = load_workbook(io.BytesIO(edition_file(edition, "xlsx").content))["Where things stand"]
    money, rate = (
        sheet["B2"],
        next(row[1] for row in sheet.iter_rows() if row[2].value == "percent" and row[1].value),
    )
    assert (money.value, money.number_format) == (30_000, '"€"#,##0;−"€"#,##0')
    assert rate.number_format == '0" %";−0" %"'


def test_the_sheet_of_definitions_names_formulas_of_the_catalogue(channel: World) -> None:
    edition = build_edition("pipeline-review", at=AT)
    sheet = load_workbook(io.BytesIO(edition_file(edition, "xlsx").content))["Definitions"]
    rows = {row[0]: row for row in sheet.iter_rows(values_only=True)}
    assert rows["Open pipeline"][1:4] == ("Amount of open deals", "Σ amount, open", "money")
