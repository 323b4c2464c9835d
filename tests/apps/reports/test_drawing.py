"""Drawn editions: pages, PDFs and tables from the kept data; hostile words stay words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from xml.etree import ElementTree

import pytest
from pypdf import PdfReader

from drumbeat.apps.partners.models import Partner
from drumbeat.apps.reports.actions import build_edition
from drumbeat.apps.reports.drawing import page_of
from drumbeat.apps.reports.files import ENDINGS, edition_file
from drumbeat.apps.reports.models import Edition
from drumbeat.apps.reports.pdf import edition_pdf
from drumbeat.apps.reports.tables import tables_of
from drumbeat.core.playbook import REPORTS
from tests.apps.reports.channel import AT, deal
from tests.world import World

pytestmark = pytest.mark.django_db
HOSTILE = [
    '#evil[x] $ 1/0 $ @ref <label> \\ `raw` "quoted"',
    "<script>alert(1)</script> &amp;",
    "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenversicherung " * 2,
    "株式会社サンプル・ソリューションズ",
]


@pytest.fixture
def scorecard(channel: World) -> Edition:
    return build_edition("partner-scorecard", partner=channel.bergmann, at=AT)


def text_of(pdf: bytes) -> str:
    pages = PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_pdf_has_title_summary_figures_and_footer(scorecard: Edition) -> None:
    pdf = edition_pdf(scorecard)
    text = text_of(pdf)
    assert len(PdfReader(BytesIO(pdf)).pages) <= 2
    for words in (
        "October 2026 for Bergmann Systemhaus",
        "October 2026 brought €30,000",
        "€327,000",
        "+50 %",
        "17 of 23 kept on time",
        "Polaris Software · October 2026 · as of 6 Nov 2026, 15:00 CET",
        "1 of 2",
        "On time: promises kept before their deadline",
    ):
        assert words in text


def test_the_pdf_is_the_same_bytes_each_time(scorecard: Edition) -> None:
    again = Edition.objects.get(pk=scorecard.pk)
    assert edition_pdf(scorecard) == edition_pdf(again)
    meta = PdfReader(BytesIO(edition_pdf(scorecard))).metadata
    assert meta is not None
    assert (meta.title, meta.author) == (scorecard.title, "Polaris Software")


def test_only_shipped_fonts_are_in_it(scorecard: Edition) -> None:
    fonts = {
        font["/BaseFont"].partition("+")[2]
        for page in PdfReader(BytesIO(edition_pdf(scorecard))).pages
        for font in (ref.get_object() for ref in page["/Resources"]["/Font"].values())
    }
    assert fonts and all(name.startswith("Inter") for name in fonts)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_words(channel: World, name: str) -> None:
    Partner.objects.filter(pk=channel.bergmann.pk).update(name=name[:160])
    deal(channel.bergmann, name[:160], 1, 700)
    edition = build_edition("quarter-pack", partner=Partner.objects.get(pk=channel.bergmann.pk), at=AT)
    text = text_of(edition_pdf(edition))
    if name.isascii():
        assert "".join(name.split()) in "".join(text.replace("\u200b", "").split())
    for drawn in page_of(edition).sections:
        for picture in drawn.pictures:
            ElementTree.fromstring(str(picture.svg))  # well-formed, so nothing broke out
            assert "<script" not in picture.svg


def test_a_word_longer_than_the_page_is_broken(channel: World) -> None:
    Partner.objects.filter(pk=channel.bergmann.pk).update(name="Ü" * 150)
    edition = build_edition("quarter-pack", partner=Partner.objects.get(pk=channel.bergmann.pk), at=AT)
    rights: list[float] = []

    def note(text: str, _: object, matrix: list[float], *__: object) -> None:
        if text.strip():
            rights.append(matrix[4])

    for page in PdfReader(BytesIO(edition_pdf(edition))).pages:
        page.extract_text(visitor_text=note)
    assert max(rights) < 595 - 40  # A4 is 595 pt wide


@pytest.mark.parametrize("report", REPORTS)
def test_every_report_is_drawn_printed_and_exported(channel: World, report: str) -> None:
    for about in ({"partner": channel.fjord}, {"person": channel.alice}, {}):
        edition = build_edition(report, at=AT, **about)
        assert page_of(edition).title == edition.title
        assert edition_pdf(edition).startswith(b"%PDF")
        assert len(tables_of(edition)) == len(edition.data["sections"])


def test_drawing_asks_the_database_nothing(scorecard: Edition, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        page_of(scorecard)
        for ending in ENDINGS:
            edition_file(scorecard, ending)


def test_links_come_from_the_door(scorecard: Edition) -> None:
    page = page_of(scorecard, url_of=lambda ref: f"/{ref.replace(':', '/')}/")
    strips = next(section for section in page.sections if section.kind == "strip")
    assert 'href="/promise/' in strips.pictures[0].svg
    unlinked = next(section for section in page_of(scorecard).sections if section.kind == "strip")
    assert "href" not in unlinked.pictures[0].svg


def test_each_picture_has_its_table_behind(scorecard: Edition) -> None:
    pictured = [section for section in page_of(scorecard).sections if section.pictures]
    assert [section.kind for section in pictured] == ["bars", "lines", "strip"]
    bars = pictured[0].behind
    assert bars is not None
    assert [cell.text for cell in bars.rows[-1].cells] == ["Oct", "€30,000", "", ""]


def test_exports_keep_values_as_values(channel: World) -> None:
    edition = build_edition("deals-moved", partner=channel.bergmann, at=AT)
    moved = next(table for table in tables_of(edition) if table.title == "Deals that moved in seven days")
    assert moved.columns == ("customer", "stage", "amount", "last move")
    assert moved.rows == (
        ("Hafen & Söhne", "Open", 36_000.0, date(2026, 11, 2)),
        ("Werft GmbH", "Won", 9_000.0, date(2026, 11, 3)),
    )


def test_days_and_moments_are_of_the_vendors_zone(channel: World) -> None:
    midnight = datetime(2026, 11, 6, 23, 30, tzinfo=UTC)  # 7 November in Berlin
    edition = build_edition("agenda", partner=channel.bergmann, at=midnight)
    assert edition.data["period"] == "7 November 2026"
    assert page_of(edition).as_of == "7 Nov 2026, 00:30 CET"
