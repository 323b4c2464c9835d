"""Files of others: seven distributors, hostile ones, messy ones. Right, or refused with a word."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import tarfile
import zlib
from decimal import Decimal

import openpyxl
import pytest
from django.db.models import Sum

from drumbeat.apps.intake.actions import load_file
from drumbeat.apps.intake.kinds import KINDS
from drumbeat.apps.intake.streams import opened
from drumbeat.apps.intake.uploads import Upload
from drumbeat.apps.sales.models import Line
from drumbeat.core.disarming import disarmed
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.cli.intake_kinds import MAPPINGS
from tests.apps.figures.channels import load_adventureworks
from tests.shared import shared
from tests.world import AT

MAPPING_OF = {
    "pos_de.csv": "pos-de", "pos_fr.txt": "pos-fr", "pos_gb.csv": "pos-gb", "pos_au.csv": "pos-au", "pos_ca.xlsx": "pos-ca",
    "pos_us_1.csv": "pos-us-1", "pos_us_2_overlapping.csv": "pos-us-2",
}  # fmt: skip


@pytest.mark.shared
@pytest.mark.django_db
def test_seven_distributors_load_to_their_totals_and_their_mappings_are_learned():
    folder = shared("data/channel_feeds_derived")
    expected = json.loads((folder / "expected.json").read_text())
    load_adventureworks("partners", "products")
    for one in expected["files"]:
        upload = Upload(one["file"], path=folder / one["file"])
        mapping = MAPPING_OF[one["file"]]
        told = Upload(mapping, path=MAPPINGS / f"{mapping}.yaml")
        outcome = load_file(KINDS["lines"], upload, by=None, at=AT, mapping=told)
        assert (outcome.rows, len(outcome.wrong)) == (one["rows"], 0), one["file"]
    counting = Line.objects.filter(replaced_at=None)
    total = counting.aggregate(units=Sum("quantity"), amount=Sum("amount"))
    once = expected["all_files_once"]
    assert (counting.count(), total["units"], total["amount"]) == (
        once["lines"],
        once["units"],
        Decimal(once["amount"]),
    )
    assert not Line.objects.exclude(replaced_at=None).exists()
    for one in expected["files"]:
        again = load_file(
            KINDS["lines"], Upload(one["file"], path=folder / one["file"]), by=None, at=AT, is_dry=True
        )
        assert again.reading.name == f"{MAPPING_OF[one['file']]}" or again.loaded_before, one["file"]
        assert again.loaded_before, one["file"]


def read(name: str, data: bytes) -> list[list[str]] | str:
    try:
        with opened(Upload(name, data)) as stream:
            return [cells for _, cells in stream.records]
    except Refused as refusal:
        return str(refusal)


@pytest.mark.shared
def test_hostile_files_are_read_within_limits_or_refused(tmp_path):
    script = shared("data/hostile") / "gen_hostile.py"
    subprocess.run([sys.executable, script, tmp_path, "0.2"], check=True, capture_output=True)
    refused = {
        "bomb_whitespace.xlsx": "grows", "far_cell.xlsx": "a cell stands in column 16,384", "nested.zip": "no readable XLSX",
        "entity_expansion.xlsx": "declares entities", "climbing_names.zip": "no readable XLSX", "open_quote.csv": "row 2: unexpected end of data",
    }  # fmt: skip
    for name, words in refused.items():
        assert words in read(name, (tmp_path / name).read_bytes()), name
    huge = zlib.decompress((tmp_path / "huge_field.csv.z").read_bytes())
    assert "a line of a million signs" in read("huge.csv", huge)
    assert "unpacks to more than" in read("bomb.csv.gz", gzip.compress(b"a,b\n" + b"1,2\n" * 40_000_000, 9))
    assert read("only_newlines.csv", (tmp_path / "only_newlines.csv").read_bytes()) == []
    assert len(read("lying.xlsx", (tmp_path / "lying_dimension.xlsx").read_bytes())) == 0


@pytest.mark.shared
def test_messy_tables_are_read_or_refused_with_a_word():
    with tarfile.open(shared("data/messy_tables") / "tables_dev.tar.gz") as archive:
        found = {
            member.name: read(member.name, archive.extractfile(member).read())
            for member in archive
            if member.isfile()
        }
    assert len(found) > 200
    refused = [answer for answer in found.values() if isinstance(answer, str)]
    assert all(". " in answer for answer in refused)
    assert len(refused) < len(found) / 3


@pytest.mark.shared
def test_cells_that_are_formulas_leave_the_house_disarmeds():
    cells = json.loads((shared("data/hostile") / "csv_formula_strings.json").read_text())
    texts = cells if isinstance(cells, list) else next(iter(cells.values()))
    assert all(disarmed(str(text))[:1] not in tuple("=+-@\t\r") for text in texts)
    assert disarmed("-5.00") == "-5.00"


def test_a_workbook_gives_days_and_numbers_and_remembers_where_rows_stand():
    book = openpyxl.Workbook()
    book.active.append(["Our sales"])
    book.active.append([])
    book.active.append(["day", "amount", "text"])
    from datetime import date

    book.active.append([date(2026, 1, 31), 0.1 + 0.2, "007"])
    out = io.BytesIO()
    book.save(out)
    with opened(Upload("book.xlsx", out.getvalue()), wanted=["day", "amount"]) as stream:
        assert list(stream.records) == [(4, ["2026-01-31", "0.3", "007"])]


def test_json_is_a_list_of_objects():
    with opened(Upload("a.json", b'[{"a": 1.10, "b": null}, {"a": 2}]')) as stream:
        assert (stream.columns, list(stream.records)) == (("a", "b"), [(1, ["1.10", ""]), (2, ["2", ""])])
    assert "no list of objects" in read("a.json", b"[1, 2]")
    assert "no JSON" in read("a.json", b"[" * 100_000)
