"""Lists: what the address says, filters, sort, pages and files; over the partners of the cast and many more."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import openpyxl
import pytest
from django.db.models import Q
from django.test import RequestFactory

from drumbeat.apps.partners.models import Partner
from drumbeat.interfaces.kit import lists
from drumbeat.interfaces.kit.exports import as_csv, as_xlsx
from drumbeat.interfaces.kit.filters import by_id, choice, search, yes_no
from drumbeat.interfaces.kit.lists import Cell, Column, Empty, Listing

LISTING = Listing(
    name="partners",
    nouns=("partner", "partners"),
    sort="name",
    columns=(
        Column("name", "Name", lambda row: Cell(row.name), ("sort_name",)),
        Column("city", "City", lambda row: Cell(row.city), ("city",)),
        Column(
            "joined", "Joined", lambda row: Cell("", value=row.joined_on), ("joined_on",), may_be_empty=True
        ),
        Column("secret", "Zone", lambda row: Cell(row.zone), on_page=False),
    ),
    filters=(
        search("Name", "sort_name__contains", "city__icontains"),
        choice("type", "Type", (("var", "VAR"), ("msp", "MSP"))),
        yes_no("pos", "Files", Q(gives_pos=True)),
        by_id("id", "Partner", "pk"),
    ),
    empty=Empty("None yet", "Add one."),
)


def add(name: str, **more: Any) -> Partner:
    values = {
        "key": name.lower().replace(" ", "-")[:60],
        "type": "var",
        "country": "DE",
        "zone": "Europe/Berlin",
    }
    return Partner.objects.create(name=name, **(values | more))


def names(query: str) -> list[str]:
    state = lists.read_state(RequestFactory().get(f"/?{query}").GET, LISTING)
    return [partner.name for partner in lists.arrange(Partner.objects.all(), LISTING, state)]


@pytest.fixture
def few(db: None) -> None:
    add("Östling", city="Uppsala", joined_on="2025-02-01")
    add("alpin IT", type="msp", gives_pos=True, joined_on="2025-01-01")
    add("Zeta Öst", city="Wien")


def test_every_word_must_be_found_folded(few: None) -> None:
    assert names("q=OSTLING") == ["Östling"]
    assert names("q=öst") == ["Östling", "Zeta Öst"]
    assert names("q=öst+wien") == ["Zeta Öst"]


def test_choices_yes_no_and_ids(few: None) -> None:
    assert names("type=msp") == ["alpin IT"]
    assert names("pos=yes") == ["alpin IT"]
    assert names("pos=no&type=var") == ["Östling", "Zeta Öst"]
    assert names(f"id={Partner.objects.get(key='zeta-öst').pk}") == ["Zeta Öst"]
    assert names("id=1;drop") == []


def test_sorted_both_ways_with_empty_ones_last(few: None) -> None:
    assert names("sort=name") == ["alpin IT", "Östling", "Zeta Öst"]
    assert names("sort=-name") == ["Zeta Öst", "Östling", "alpin IT"]
    assert names("sort=joined") == ["alpin IT", "Östling", "Zeta Öst"]
    assert names("sort=-joined") == ["Östling", "alpin IT", "Zeta Öst"]
    assert names("sort=password") == names("")


def test_what_is_not_understood_is_left_out_and_told() -> None:
    state = lists.read_state(RequestFactory().get("/?type=bank&page=-3").GET, LISTING)
    assert state.chosen == {}
    assert state.page == 1
    assert state.notes == ("Type has no choice 'bank', so it was left out.",)


@pytest.mark.parametrize("page", ["0", "x", "²", "999999", ""])
def test_odd_pages_are_no_error(few: None, page: str) -> None:
    state = lists.read_state(RequestFactory().get("/", {"page": page}).GET, LISTING)
    assert 1 <= state.page <= lists.DEEPEST


def test_pages_neither_repeat_nor_lose_a_row(db: None, django_assert_num_queries) -> None:
    for number in range(120):
        add("Same name", key=f"same-{number}")
    seen = []
    for number in (1, 2, 3):
        state = lists.read_state(RequestFactory().get("/", {"page": number}).GET, LISTING)
        page = lists.page_of(lists.arrange(Partner.objects.all(), LISTING, state), LISTING, state)
        seen += page.rows
        assert page.has_next is (number < 3)
        assert page.total == "120"
    assert len(seen) == 120
    with django_assert_num_queries(2):
        lists.page_of(
            lists.arrange(Partner.objects.all(), LISTING, state), LISTING, lists.read_state({}, LISTING)
        )


def test_a_big_list_is_not_counted_to_its_end(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "COUNTED", 60)
    for number in range(70):
        add(f"Partner {number}")
    state = lists.read_state({}, LISTING)
    assert lists.page_of(lists.arrange(Partner.objects.all(), LISTING, state), LISTING, state).total == "60+"


def test_the_address_of_a_state_reads_back_the_same() -> None:
    state = lists.State({"q": "öst & wien", "type": "var"}, "-name", 3, ())
    again = lists.read_state(RequestFactory().get("/" + state.query(page=3)).GET, LISTING)
    assert (again.chosen, again.sort, again.page) == (state.chosen, state.sort, 3)


RISKY = ["=1+1", "+1*2", "-1*2", "@SUM(A1)", "\tx", "\rx"]


def test_csv_disarms_what_a_spreadsheet_would_run(db: None) -> None:
    for number, name in enumerate([*RISKY, "-1", "a, b", 'say "hi"', "日本"]):
        add(name, key=f"risky-{number}")
    rows = lists.in_chunks(Partner.objects.order_by("id"), LISTING)
    text = b"".join(as_csv("partners", LISTING.columns, rows)).decode("utf-8-sig")
    told = [row["Name"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert told == [*(f"'{name}" for name in RISKY), "-1", "a, b", 'say "hi"', "日本"]
    assert "Europe/Berlin" in text


def test_xlsx_is_typed_and_runs_no_formula(db: None) -> None:
    add("=1+1", joined_on="2025-02-01", key="one")
    rows = lists.in_chunks(Partner.objects.all(), LISTING)
    response = as_xlsx("partners", LISTING.columns, rows)
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response))).active
    response.close()
    assert [cell.value for cell in sheet[1]] == ["Name", "City", "Joined", "Zone"]
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].value == "=1+1"
    assert sheet["C2"].value.date().isoformat() == "2025-02-01"
    assert sheet.freeze_panes == "A2"


def test_json_holds_the_whole_filtered_list_under_the_keys_of_its_columns(few: None) -> None:
    request = RequestFactory().get("/", {"export": "json", "type": "msp"})
    response = lists.show_list(request, LISTING, Partner.objects.all(), "desk/list.html")
    assert json.loads(b"".join(response)) == [
        {"name": "alpin IT", "city": "", "joined": "2025-01-01", "secret": "Europe/Berlin"}
    ]
