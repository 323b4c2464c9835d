"""Lines of sell-through from files: counted once, corrected with history, refused by row, undone exactly."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drumbeat.apps.intake.actions import undo_load
from drumbeat.apps.intake.errors import write_errors
from drumbeat.apps.intake.models import LearnedMapping, Load
from drumbeat.apps.intake.uploads import Upload
from drumbeat.apps.sales.actions import record_sell_through
from drumbeat.apps.sales.models import Line, SellThrough
from drumbeat.core.refusal import Refused
from tests.world import AT, World, build_world

from .channel import LINES, furnish, line, load

pytestmark = pytest.mark.django_db
GERMAN = """
encoding: cp1252
amounts: reporting
skip: {Kunde: [Summe]}
fields:
  partner: Kunde
  order: Auftrag
  line: Pos
  sold_on: Tag
  quantity: {constant: "1"}
  amount: Betrag
  currency: Währung
"""


@pytest.fixture
def world() -> World:
    found = build_world()
    furnish(found)
    return found


def counted() -> dict[tuple[str, int], Decimal]:
    return {(one.order_number, one.line_number): one.amount for one in Line.objects.filter(replaced_at=None)}


def everything() -> list[list[tuple[object, ...]]]:
    """All that lines and months hold, without row numbers."""
    queries = (
        """SELECT p.external_id, l.order_number, l.line_number, l.sold_on, l.quantity, l.amount, l.currency, l.cost, l.seller_id,
           l.load_id, l.replaced_by_load FROM sales_line l JOIN partners_partner p ON p.id = l.partner_id ORDER BY 1, 2, 3, l.id""",
        "SELECT partner_id, month, amount, currency, received_at, has_lines FROM sales_sellthrough ORDER BY 1, 2",
        "SELECT load_id, count(*) FROM sales_lineclaim GROUP BY 1 ORDER BY 1",
    )
    with connection.cursor() as cursor:
        return [(cursor.execute(query) and cursor.fetchall()) or cursor.fetchall() for query in queries]


def test_lines_load_and_their_month_is_their_sum(world):
    outcome = load("lines", LINES + line() + line(number=2, amount="-3.2500"))
    assert outcome.counts == (2, 0, 0)
    month = SellThrough.objects.get()
    assert (month.month, month.amount, month.has_lines) == (date(2026, 1, 1), Decimal("7.2500"), True)


def test_the_same_file_is_loaded_once(world):
    first = load("lines", LINES + line())
    assert load("lines", LINES + line()).loaded_before == first.load
    assert Line.objects.count() == 1


def test_an_overlapping_file_counts_a_line_once_and_corrects_with_history(world):
    load("lines", LINES + line() + line(number=2))
    second = load("lines", LINES + line(number=2, amount="12") + line() + line(number=3), hours=1)
    assert second.counts == (1, 1, 1)
    assert counted() == {("O1", 1): Decimal("10.5"), ("O1", 2): 12, ("O1", 3): Decimal("10.5")}
    before = Line.objects.get(order_number="O1", line_number=2, replaced_at__isnull=False)
    assert (before.amount, before.replaced_by_load) == (Decimal("10.5"), second.load.pk)


def test_what_a_later_file_does_not_say_stays(world):
    load("lines", LINES + line())
    load("lines", "partner,order,line,sold_on,quantity,amount,currency\nP1,O1,1,2026-01-15,2,11,EUR\n")
    assert Line.objects.get(replaced_at=None).cost == Decimal("8")


def test_undoing_the_first_of_two_files_leaves_what_the_second_holds(world):
    first = load("lines", LINES + line() + line(number=2) + line(number=9)).load
    load("lines", LINES + line() + line(number=2, amount="12"), hours=1)
    undo_load(first.pk, by=None, at=AT)
    assert counted() == {("O1", 1): Decimal("10.5"), ("O1", 2): 12}
    assert SellThrough.objects.get().amount == Decimal("22.5")
    assert undo_load(first.pk, by=None, at=AT).undone_at == AT


def test_undoing_a_correction_brings_the_line_back(world):
    load("lines", LINES + line())
    before = everything()
    second = load("lines", LINES + line(amount="12") + line(number=2), hours=1).load
    undo_load(second.pk, by=None, at=AT)
    assert everything() == before


def test_a_month_that_had_a_figure_gets_it_back(world):
    partner = Line._meta.get_field("partner").related_model.objects.get(external_id="P1")
    record_sell_through(partner, date(2026, 1, 1), Decimal("99.50"), "EUR", received_at=AT)
    before = everything()
    done = load("lines", LINES + line()).load
    assert SellThrough.objects.get().amount == Decimal("10.5")
    with pytest.raises(Refused, match="has lines, whose sum is its figure"):
        record_sell_through(partner, date(2026, 1, 1), Decimal("1.00"), "EUR", received_at=AT)
    undo_load(done.pk, by=None, at=AT)
    assert everything() == before


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (line(partner="P9"), "partner", "There is no partner P9"),
        (line(on="2027-01-01"), "sold_on", "lies in the future"),
        (line(on="2026-02-30"), "sold_on", "There is no day"),
        (line(amount="12345678901234"), "amount", "absurdly large"),
        (line(amount="many"), "amount", "is no number"),
        (line(amount=""), "amount", "amount is empty"),
        (line().replace("EUR", "CHF"), "currency", "no rate of CHF"),
        (line().replace(",7,", ",8,"), "seller", "There is no person 8"),
        (line(order="A\x00B"), "order", "NUL"),
        (line().strip() + ",surplus\n", "", "1 cells too many"),
    ],
)
def test_a_wrong_row_refuses_the_file_and_says_why(world, row, column, reason):
    outcome = load("lines", LINES + line(order="GOOD") + row, mapping=_told())
    (wrong,) = outcome.wrong.values()
    assert (wrong.row, wrong.column) == (3, column)
    assert reason in wrong.reason
    assert outcome.load is None
    assert not Line.objects.exists()
    assert not Load.objects.filter(noun="lines").exists()


def _told() -> str:
    fields = "".join(f"  {name}: {name}\n" for name in LINES.strip().split(","))
    forms = fields.replace("sold_on: sold_on", 'sold_on: {column: sold_on, date: "%Y-%m-%d"}')
    return "fields:\n" + forms.replace("amount: amount", 'amount: {column: amount, number: "1234.56"}')


def test_a_line_that_is_there_twice_is_refused_unless_it_is_alike(world):
    alike = load("lines", LINES + line() + line())
    assert (alike.counts.created, len(alike.wrong)) == (1, 0)
    other = load("lines", LINES + line(order="O2") + line(order="O2", amount="3"))
    assert other.wrong[3].reason == "The line was there already in row 2, with another content"


def test_wrong_rows_can_be_mended_and_loaded_again(world):
    mapping = _told()
    data = (
        LINES + line() + line(number=2, partner="P9") + line(number=3, order="=1+1", partner="P9")
    ).encode()
    outcome = load("lines", data, mapping=mapping, good_rows=True)
    assert (outcome.counts.created, outcome.load.refused) == (1, 2)
    out = io.StringIO()
    write_errors(out, Upload("file.csv", data), outcome.wrong, encoding="", sheet="", wanted=())
    assert "'=1+1" in out.getvalue()
    mended = load("lines", out.getvalue().replace("P9", "P2"), name="errors.csv")
    assert mended.reading.is_learned
    assert set(counted()) == {("O1", 1), ("O1", 2), ("=1+1", 3)}


def test_a_mapping_is_learned_and_reads_next_years_file_alone(world):
    header = "Kunde;Auftrag;Pos;Tag;Betrag;Währung\n"
    first = load(
        "lines", (header + "P1;O1;1;28.12.2025;1.234,5000;EUR\nSumme;;;;;\n").encode("cp1252"), mapping=GERMAN
    )
    assert (first.skipped, first.counts.created) == (1, 1)
    second = load("lines", (header + "P1;O2;1;01.02.2026;7,5;EUR\n").encode("cp1252"))
    assert second.reading.name == "told"
    assert counted() == {("O1", 1): Decimal("1234.5"), ("O2", 1): Decimal("7.5")}


def test_a_layout_that_fits_two_mappings_is_asked_about(world):
    load("lines", LINES + line(), mapping=_told())
    known = LearnedMapping.objects.get()
    LearnedMapping.objects.create(
        noun="lines", name="other", layout=known.layout, text=known.text, forms=known.forms, learned_at=AT
    )
    with pytest.raises(Refused, match="fits several learned mappings: other, told"):
        load("lines", LINES + line(number=2))


def test_a_date_that_may_be_two_days_is_refused(world):
    with pytest.raises(Refused, match="sold_on: '01/02/2026' may be read as"):
        load("lines", LINES + line(on="01/02/2026"))


def test_bytes_of_an_unknown_encoding_are_asked_about(world):
    with pytest.raises(Refused, match="names no encoding and is not UTF-8"):
        load("lines", (LINES + line(order="Ü1")).encode("cp1252"))


def test_foreign_amounts_are_worth_what_they_were_that_day(world):
    load("rates", "currency,on,rate\nUSD,2026-01-12,0.9\nUSD,2026-01-16,5\n")
    load("lines", LINES + line().replace("EUR", "USD"))
    found = Line.objects.get()
    assert (found.amount, found.amount_in_currency, found.cost) == (
        Decimal("9.45"),
        Decimal("10.5"),
        Decimal("7.2"),
    )


def test_lists_are_corrected_and_undone(world):
    first = load("quotas", "seller,from_on,amount,label\n7,2026-01-01,100,Q1\n")
    second = load("quotas", "seller,from_on,amount,label\n7,2026-01-01,150,Q1\n7,2026-04-01,200,Q2\n")
    assert second.counts == (1, 1, 0)
    with pytest.raises(Refused, match=f"Undo load {second.load.pk} first"):
        undo_load(first.load.pk, by=None, at=AT)
    undo_load(second.load.pk, by=None, at=AT)
    (quota,) = Line._meta.get_field("seller").related_model.objects.get(key="7").quotas.all()
    assert quota.amount == 100


def test_a_list_that_others_lean_on_is_not_undone(world):
    load("lines", LINES + line())
    products = Load.objects.get(noun="products")
    with pytest.raises(Refused, match="Other rows lean on what"):
        undo_load(products.pk, by=None, at=AT)


CONTENT = st.dictionaries(st.integers(1, 4), st.integers(1, 3), min_size=1, max_size=4)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CONTENT, min_size=1, max_size=4, unique_by=lambda content: tuple(content.items())), st.data())
def test_loading_and_undoing_in_any_order_leaves_what_the_rest_say(world, files, data):
    """Slow twin: the lines that count are those of the remaining files, the latest word on each."""
    with transaction.atomic():
        contents = {_load_numbers(content, hour): content for hour, content in enumerate(files)}
        undone = data.draw(st.sets(st.sampled_from(sorted(contents))))
        for pk in data.draw(st.permutations(sorted(undone))):
            undo_load(pk, by=None, at=AT)
        wanted: dict[tuple[str, int], int] = {}
        for pk in sorted(set(contents) - undone):
            wanted |= {(f"H{n}", n): value for n, value in contents[pk].items()}
        assert counted() == wanted
        months = {one.amount for one in SellThrough.objects.all()}
        assert months == ({Decimal(sum(wanted.values()))} if wanted else set())
        transaction.set_rollback(True)


def _load_numbers(content: dict[int, int], hour: int) -> int:
    rows = "".join(line(f"H{n}", n, str(value)) for n, value in content.items())
    return load("lines", LINES + rows, name=f"{hour}.csv", hours=hour).load.pk
