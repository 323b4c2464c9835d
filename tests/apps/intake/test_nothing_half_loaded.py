"""Whatever a file holds, it loads whole or leaves nothing: messy tables, hostile ones, strings made to break things, days
in four forms and absurd amounts. What is wrong is told by row, with a mend."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import tarfile
import zlib
from collections.abc import Iterator
from datetime import date

import pytest

from drumbeat.apps.intake.actions import Outcome
from drumbeat.apps.intake.models import LearnedMapping, Load
from drumbeat.apps.intake.streams import opened
from drumbeat.apps.intake.uploads import Upload
from drumbeat.apps.sales.models import Line, Product, SellThrough
from drumbeat.core.refusal import Refused
from tests.shared import shared
from tests.world import World, build_world

from .channel import LINES, furnish, line, load

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    found = build_world()
    furnish(found)
    return found


def messy() -> Iterator[tuple[str, bytes]]:
    with tarfile.open(shared("data/messy_tables") / "tables_dev.tar.gz") as archive:
        for member in archive:
            if member.isfile() and (file := archive.extractfile(member)):
                yield member.name, file.read()


def hostile(folder) -> Iterator[tuple[str, bytes]]:
    script = shared("data/hostile") / "gen_hostile.py"
    subprocess.run([sys.executable, script, folder, "0.02"], check=True, capture_output=True)
    for path in sorted(folder.iterdir()):
        data = path.read_bytes()
        yield path.name, zlib.decompress(data) if path.suffix == ".z" else data


def load_products(name: str, data: bytes) -> Outcome | None:
    """The first three columns as key, name and price; None when the file is refused whole."""
    try:
        with opened(Upload(name, data)) as stream:
            columns = list(dict.fromkeys(column for column in stream.columns if column))[:3]
        fields = dict(zip(("key", "name", "list_price"), columns, strict=False))
        text = "fields:\n" + "".join(f"  {key}: {json.dumps(column)}\n" for key, column in fields.items())
        return load("products", data, name=name[-100:], mapping=text)
    except Refused as refusal:
        assert refusal.what, name
        assert refusal.mend, name
        return None


@pytest.mark.shared
@pytest.mark.parametrize("source", ["messy", "hostile"])
def test_foreign_files_load_whole_or_not_at_all(source, world, tmp_path):
    loaded, told, refused = 0, 0, 0
    for name, data in messy() if source == "messy" else hostile(tmp_path):
        before = Product.objects.count()
        outcome = load_products(name, data)
        created = outcome.counts.created if outcome and outcome.load else 0
        assert Product.objects.count() == before + created, name
        if outcome is None:
            refused += 1
        elif outcome.wrong:
            told += 1
            assert outcome.load is None, name
            assert all(one.row > 0 and one.reason and one.mend for one in outcome.wrong.values()), name
        else:
            loaded += 1
    assert min(loaded, refused) > 1
    assert Load.objects.filter(noun="products").count() - 1 <= loaded
    if source == "messy":
        assert told > 10


@pytest.mark.shared
def test_strings_made_to_break_things_come_back_as_they_were(world):
    folder = shared("data/hostile")
    texts = json.loads((folder / "blns.json").read_text("utf-8")) + json.loads(
        (folder / "xss_strings_dev.json").read_text("utf-8")
    )
    kept = list(dict.fromkeys(text.strip() for text in texts if text.strip() and len(text.strip()) <= 64))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["key", "name"])
    writer.writerows([n, text] for n, text in enumerate(kept))
    outcome = load("products", out.getvalue())
    bad = {kept[row - 2] for row in outcome.wrong}
    assert all("\x00" in text or not text.isprintable() for text in bad)
    outcome = load("products", out.getvalue(), name="again.csv", good_rows=True) if bad else outcome
    found = dict(Product.objects.filter(key__in=map(str, range(len(kept)))).values_list("key", "name"))
    for n, text in enumerate(kept):
        assert text in bad or found[str(n)] == text


def everything() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Line, SellThrough, LearnedMapping, Load))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (line(partner="P9") + line(number=2), {2: "There is no partner P9"}),
        (line(on="2031-01-01") + line(number=2), {2: "2031-01-01 lies in the future"}),
        (line(on="1899-12-30") + line(number=2), {2: "1899-12-30 lies too far back"}),
        (line(amount="10.5") + line(number=2, amount="99999999999999999999"), {3: "absurdly large"}),
        (line().replace("EUR", "Euro") + line(number=2), {2: "is 4 signs long"}),
        (line().replace(",7,", ",8,") + line(number=2), {2: "There is no person 8"}),
        (line(number=1) + "P1,O1\n", {3: "empty"}),
    ],
)
def test_one_wrong_row_is_told_and_nothing_of_the_file_stays(rows, said, world):
    before = everything()
    outcome = load("lines", LINES + rows)
    assert set(outcome.wrong) == set(said)
    for row, words in said.items():
        assert words in outcome.wrong[row].reason
        assert outcome.wrong[row].mend
    assert everything() == before


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (line(on="01/02/2026") + line(number=2, on="03/04/2026"), "may be read as"),
        (line() + line(number=2, on="15.01.2026"), "row 3, sold_on: No day is written like '15.01.2026'"),
        (line() + line(number=2, on="15/01/26"), "row 3, sold_on: No day is written like '15/01/26'"),
        (line() + line(number=2, on='"Jan 15, 2026"'), "row 3, sold_on: No day is written like"),
        (
            line(amount="10.5") + line(number=2, amount="1e5"),
            "row 3, amount: No number is written like '1e5'",
        ),
        (
            line(amount="10.5") + line(number=2, amount="=1+1"),
            r"row 3, amount: No number is written like '=1\+1'",
        ),
        (line(amount='"1.234"'), "may be read as"),
        (line(amount='"1,234"'), "may be read as"),
    ],
)
def test_what_may_mean_two_things_is_asked_not_guessed(rows, words, world):
    before = everything()
    with pytest.raises(Refused, match=words):
        load("lines", LINES + rows)
    assert everything() == before


def test_a_negative_amount_is_a_return_and_counts_as_one(world):
    load("lines", LINES + line() + line(number=2, amount="-10.5000"))
    assert [month.amount for month in SellThrough.objects.filter(month=date(2026, 1, 1))] == [0]
