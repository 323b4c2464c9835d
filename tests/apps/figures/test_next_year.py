"""A year that comes later: its files load by what the year before taught, in any order, and answers about other windows
are the parts of the whole answer that lie in them."""

from __future__ import annotations

import csv
import gzip
import io
import json
import shlex
from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection, transaction

from drumbeat.apps.intake.actions import load_file, undo_load
from drumbeat.apps.intake.kinds import KINDS
from drumbeat.apps.intake.uploads import Upload
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.cli.figures import figures
from tests.shared import shared

from .channels import AT, FILES, load_adventureworks
from .test_expected import QUESTIONS, ask, expected_file

pytestmark = [pytest.mark.shared, pytest.mark.django_db]
EARLIER = ("partners", "territories", "people", "products", "calendar")
NEXT = "2012-01-01"
# Column of the answer that tells whether a row lies in the next year; None: all rows speak of one window.
PERIOD_OF = {
    "01": "period", "02": "quarter", "03": "period", "04": "quarter", "05": "quarter", "06": "window_from", "08": "period",
    "09": "quarter", "10": "year", "11": "quarter",
}  # fmt: skip


def rows_of(name: str) -> list[dict[str, str]]:
    path = shared("data/adventureworks") / name
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def cut(noun: str, from_on: str, until_on: str, change: Any = None, every: int = 1) -> bytes:
    """Every n-th of the rows of a file whose day lies in the window; `change` may alter a row."""
    day = {"lines": "OrderDate", "quotas": "Date"}[noun]
    rows = [row for row in rows_of(FILES[noun]) if from_on <= row[day] < until_on][::every]
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows([(change or dict)(row) for row in rows])
    return out.getvalue().encode()


def load_next(noun: str, data: bytes, name: str = "Next.csv") -> Any:
    """As the guide says: nothing but the file, with no list beside it."""
    outcome = load_file(KINDS[noun], Upload(name, data), by=None, at=AT)
    assert outcome.load, list(outcome.wrong.values())[:3]
    assert outcome.reading.is_learned
    return outcome


def teach() -> None:
    """Both layouts are learned from one row each, which is taken back."""
    folder = shared("data/adventureworks")
    for noun in ("quotas", "lines"):
        data = cut(noun, "2010-12-29", "2010-12-30")
        told = Upload(f"adventureworks-{noun}", _mapping(noun))
        lists = {name: Upload(name, path=folder / name) for name in ("DimReseller.csv", "DimCurrency.csv")}
        taught = load_file(KINDS[noun], Upload("taught.csv", data), by=None, at=AT, mapping=told, lists=lists)
        undo_load(taught.load.pk, by=None, at=AT)


def _mapping(noun: str) -> bytes:
    from drumbeat.interfaces.cli.intake_kinds import MAPPINGS

    return (MAPPINGS / f"adventureworks-{noun}.yaml").read_bytes()


def answers(numbers: Iterable[str], capsys: Any, **dates: str) -> dict[str, Any]:
    """The guide's lines with other dates."""
    found = {}
    for number in numbers:
        line = QUESTIONS[number]
        for old, new in dates.items():
            line = line.replace({"until": "--until 2013-01-01", "as_of": "--as-of 2012-12-31"}[old], new)
        found[number] = ask(line, capsys)["rows"]
    return found


def test_the_next_years_files_need_nothing_but_themselves(capsys):
    load_adventureworks(*EARLIER)
    teach()
    for noun in ("quotas", "lines"):
        load_next(noun, cut(noun, "2000-01-01", NEXT))
    numbers = [number for number in QUESTIONS if number != "18"]
    until_then = {"until": f"--until {NEXT}"}
    before = answers(numbers, capsys, **until_then)
    load_next("quotas", cut("quotas", NEXT, "2014-01-01"))
    load_next("lines", gzip.compress(cut("lines", NEXT, "2014-01-01")), "Next.csv.gz")
    assert answers(numbers, capsys, **until_then) == before

    for number, line in QUESTIONS.items():
        expected = json.loads(expected_file(number).read_text(encoding="utf-8"))
        if number != "15":
            assert ask(line, capsys)["rows"] == expected["rows"], number
    within = answers(PERIOD_OF, capsys, until=f"--from {NEXT} --until 2013-01-01")
    for number, column in PERIOD_OF.items():
        expected = json.loads(expected_file(number).read_text(encoding="utf-8"))
        at = expected["columns"].index(column)
        parts = [row for row in expected["rows"] if str(row[at]) >= "2012" and row[at] != "ALL"]
        assert [row for row in within[number] if row[at] != "ALL"] == parts, number


def test_years_in_the_other_order_overlapping_and_corrected_come_to_the_same():
    load_adventureworks(*EARLIER)
    teach()
    earlier, later = cut("lines", "2011-12-01", NEXT, every=9), cut("lines", NEXT, "2012-02-01", every=9)
    both = earlier + later.partition(b"\n")[2]
    in_order = _state_after(earlier, later)
    assert _state_after(later, earlier) == in_order
    assert _state_after(both) == in_order
    assert _state_after(later, both) == in_order
    dearer = cut("lines", NEXT, "2012-02-01", lambda row: {**row, "SalesAmount": "1.0000"}, every=9)
    assert _state_after(earlier, dearer, later) == in_order
    assert _state_after(earlier, later, dearer) != in_order
    assert _state_after(earlier, later, dearer, undo=1) == in_order


def _state_after(*files: bytes, undo: int = 0) -> list[Any]:
    """What counts after these files, the last `undo` of them taken back; nothing remains of it."""
    with transaction.atomic():
        loads = [load_next("lines", data, f"{n}.csv").load.pk for n, data in enumerate(files)]
        for pk in loads[len(loads) - undo :]:
            undo_load(pk, by=None, at=AT)
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT order_number, line_number, sold_on, quantity, amount, cost, seller_id, territory_id, product_id, currency
                FROM sales_line WHERE replaced_at IS NULL ORDER BY 1, 2"""
            )
            lines = cursor.fetchall()
            cursor.execute("SELECT partner_id, month, amount FROM sales_sellthrough ORDER BY 1, 2")
            found = [*lines, *cursor.fetchall()]
        transaction.set_rollback(True)
    return found


def test_windows_without_rows_answer_with_nothing_or_zero(capsys):
    load_adventureworks("partners", "territories", "people")
    window = "--from 2019-01-01 --until 2020-01-01"
    assert ask(f"sell_through,lines {window}", capsys)["rows"] == [["0.0000", 0]]
    assert ask(f"sell_through --by partner,quarter {window}", capsys)["rows"] == []
    assert ask(f"quota,quota_attainment --by seller {window}", capsys)["rows"] == []
    life = ask(f"active_partners,inactive_partners,lapsed_partners --by quarter {window}", capsys)["rows"]
    assert life == [[f"2019Q{n}", 0, 701, 0] for n in (1, 2, 3, 4)]
    assert ask("partners --by dormancy --until 2020-01-01", capsys)["rows"] == [["never", 701]]


def test_csv_has_the_columns_and_cells_of_json(capsys):
    load_adventureworks(*EARLIER)
    teach()
    load_next("lines", cut("lines", "2011-12-01", "2012-02-01"))
    line = "sell_through,lines,share --by partner,type,territory_region,category,currency,manager,month"
    told = ask(line, capsys)
    context = figures.make_context("figures", shlex.split(f"{line} --format csv"))
    figures.callback.__wrapped__(**context.params)
    header, *rows = csv.reader(io.StringIO(capsys.readouterr().out))
    assert header == told["columns"]
    assert rows == [["" if cell is None else str(cell) for cell in row] for row in told["rows"]]
    assert len(rows) > 100


def test_a_wrong_row_of_the_next_year_refuses_all_of_it():
    load_adventureworks(*EARLIER)
    teach()
    wrong = [
        {"OrderDate": "01.02.2012"},
        {"ResellerKey": "9999"},
        {"SalesAmount": "1,234.5"},
        {"OrderQuantity": "n/a"},
    ]
    data = cut("lines", NEXT, "2012-02-01", lambda row: {**row, **(wrong.pop() if wrong else {})})
    outcome = load_file(KINDS["lines"], Upload("wrong.csv", data), by=None, at=AT)
    assert outcome.load is None
    found = {row: (one.column, one.value) for row, one in sorted(outcome.wrong.items())}
    assert found == {
        2: ("OrderQuantity", "n/a"),
        3: ("SalesAmount", "1,234.5"),
        4: ("reseller.ResellerAlternateKey", ""),
        5: ("OrderDate", "01.02.2012"),
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sales_line")
        assert cursor.fetchone() == (0,)
    with pytest.raises(Refused, match="no learned mapping fits"):
        load_file(
            KINDS["lines"], Upload("other.csv", data.replace(b"ResellerKey", b"Dealer", 1)), by=None, at=AT
        )
