"""Partner lists loaded whole or not at all: what is added, changed, refused by row, and only said."""

from __future__ import annotations

import csv
import io
from collections import Counter

import pytest

from drumbeat.apps.events.models import Event
from drumbeat.apps.intake.actions import load_partners
from drumbeat.apps.intake.findings import Finding, findings_file
from drumbeat.apps.intake.misreadings import probable, strangeness
from drumbeat.apps.intake.models import Load
from drumbeat.apps.intake.queries import File, plan_partners
from drumbeat.apps.partners.actions import add_partner, change_partner
from drumbeat.apps.partners.models import Partner
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.cli.intake import MAPPINGS
from tests.shared import shared
from tests.world import AT

pytestmark = pytest.mark.django_db
HEADER = "external_id,name,type,country,subdivision,joined_on,address,gives_pos"
PLACED = b"""
fields:
  external_id: Id
  name: Firm
  type: {column: Kind, values: {Shop: var}}
  status: {constant: active}
  country: places.Country
  subdivision: places.State
  joined_on: {column: Since, date: "%d.%m.%Y"}
places: {file: places.csv, key: Id, by: Place}
"""
PLACES = b"Id,Country,State\n1,DE,BY\n2,US,WA\n3,US,\n"


def listed(*rows: str, header: str = HEADER) -> File:
    return File("list.csv", "\n".join((header, *rows)).encode())


def placed(*rows: str, places: bytes = PLACES, mapping: bytes = PLACED):
    file = listed(*rows, header="Id,Firm,Kind,Place,Since")
    return plan_partners(file, mapping=File("m.yaml", mapping), places=File("places.csv", places))


def wrong(plan) -> list[tuple[int, str, str]]:
    return [(error.row, error.column, error.reason) for error in plan.errors]


def test_a_list_with_our_column_names_is_loaded():
    plan = plan_partners(listed("A1,Acme,var,DE,BW,2024-02-29,Main St 1,yes", "A2,Bolt,msp,gb,,,,"))
    load = load_partners(plan, by=None, at=AT)
    acme, bolt = Partner.objects.order_by("external_id")
    assert (load.created, load.changed, load.warnings) == (2, 0, 0)
    assert (acme.key, acme.zone, acme.joined_on.isoformat(), acme.gives_pos) == (
        "acme",
        "Europe/Berlin",
        "2024-02-29",
        True,
    )
    assert (bolt.country, bolt.zone, bolt.joined_on, bolt.status) == ("GB", "Europe/London", None, "prospect")
    assert Event.objects.filter(kind="partner.joined").count() == 2


def test_a_mapping_translates_values_places_constants_and_days():
    plan = placed("A1,Acme,Shop,2,31.12.2020")
    load_partners(plan, by=None, at=AT)
    acme = Partner.objects.get()
    assert (acme.type, acme.status, acme.country, acme.subdivision, acme.zone) == (
        "var",
        "active",
        "US",
        "WA",
        "America/Los_Angeles",
    )
    assert acme.joined_on.isoformat() == "2020-12-31"


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("A1,Acme,dealer,DE,,,,", "type", "'dealer' is not known"),
        ("A1,Acme,var,Atlantis,,,,", "country", "There is no country 'Atlantis'"),
        ("A1,Acme,var,DE,Bavaria,,,", "subdivision", "'Bavaria' is no code of a state or province"),
        ("A1,Acme,var,DE,,2023-02-29,,", "joined_on", "There is no day '2023-02-29'"),
        ("A1,Acme,var,DE,,31.12.2020,,", "joined_on", "There is no day '31.12.2020'"),
        ("A1,,var,DE,,,,", "name", "It is empty"),
        (",Acme,var,DE,,,,", "external_id", "It is empty"),
        ("A1,Acme,var,US,,,,", "zone", "US has several time zones"),
        ("A1,Ac\x00me,var,DE,,,,", "name", "The text holds a NUL sign"),
        ('A1,"Acme\nBcc: all",var,DE,,,,', "name", "The text has several lines"),
        ("A1,Acme,var,DE,,,,perhaps", "gives_pos", "'perhaps' is neither yes nor no"),
        (f"A1,{'x' * 161},var,DE,,,,", "name", "The text is 161 characters long"),
        ("A1,Acme,var,DE", "gives_pos", "The row ends 4 cells too early"),
        ("A1,Acme,var,DE,,,Main St, 1,no", "gives_pos", "The row has 1 cells too many"),
    ],
)
def test_a_wrong_row_is_refused_by_row_column_and_reason_and_nothing_is_written(row, column, reason):
    plan = plan_partners(listed("A0,Fine,var,DE,,,,", row))
    assert wrong(plan) == [(3, column, reason)]
    assert plan.errors[0].mend and plan.errors[0].file == "list.csv"
    with pytest.raises(Refused, match=r"1 rows are wrong, first list\.csv, row 3"):
        load_partners(plan, by=None, at=AT)
    assert not Partner.objects.exists() and not Load.objects.exists()


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("A1,Acme,Dealer,1,", "Kind", "'Dealer' is not in the mapping's values"),
        ("A1,Acme,Shop,1,30.02.2020", "Since", "There is no day '30.02.2020'"),
        ("A1,Acme,Shop,9,", "Place", "There is no place '9' in places.csv"),
        ("A1,Acme,Shop,3,", "zone", "US has several time zones"),
    ],
)
def test_what_a_mapping_cant_read_is_refused_once_by_its_column(row, column, reason):
    assert wrong(placed(row)) == [(2, column, reason)]


def test_all_that_is_wrong_with_a_row_is_said_at_once():
    plan = plan_partners(listed("A1,,dealer,XX,,,,"))
    assert [error.column for error in plan.errors] == ["name", "type", "country"]
    assert plan.refused_rows == 1


def test_a_repeated_external_id_is_refused_with_its_first_row():
    plan = plan_partners(listed("A1,Acme,var,DE,,,,", "A2,Bolt,var,DE,,,,", "A1,Acme,var,DE,,,,"))
    assert wrong(plan) == [(4, "external_id", "The external id A1 is there twice, first in row 2")]


def test_equal_names_and_phones_are_no_duplicates():
    plan = plan_partners(listed("A1,Acme,var,DE,,,,", "A2,Acme,var,DE,,,,"))
    load_partners(plan, by=None, at=AT)
    assert list(Partner.objects.values_list("key", flat=True)) == ["acme", "acme-2"]


def test_a_known_external_id_changes_its_partner_and_keeps_what_people_decided():
    partner = add_partner(
        {"name": "Acme", "type": "var", "country": "DE", "external_id": "A1", "zone": "Europe/Busingen"},
        by=None,
        at=AT,
    )
    change_partner(partner, {"status": "suspended"}, by=None, at=AT)
    plan = placed("A1,Acme GmbH,Shop,1,")
    assert (len(plan.new), len(plan.changed), plan.unchanged) == (0, 1, 0)
    load = load_partners(plan, by=None, at=AT)
    changed = Partner.objects.get()
    assert (load.created, load.changed) == (0, 1)
    assert (changed.name, changed.key, changed.subdivision) == ("Acme GmbH", "acme", "BY")
    assert (changed.status, changed.zone) == ("suspended", "Europe/Busingen")
    assert placed("A1,Acme GmbH,Shop,1,").unchanged == 1


def test_the_same_file_is_loaded_once():
    first = load_partners(plan_partners(listed("A1,Acme,var,DE,,,,")), by=None, at=AT)
    change_partner(Partner.objects.get(), {"name": "Acme AG"}, by=None, at=AT)
    again = plan_partners(listed("A1,Acme,var,DE,,,,"))
    assert again.loaded_before == first
    assert load_partners(again, by=None, at=AT) == first
    assert (Load.objects.count(), Partner.objects.get().name) == (1, "Acme AG")


def test_two_who_load_the_same_file_at_once_load_it_once():
    plans = [plan_partners(listed("A1,Acme,var,DE,,,,", header=HEADER)) for _ in range(2)]
    load_partners(plans[0], by=None, at=AT)
    with pytest.raises(Refused, match="somebody else just now"):
        load_partners(plans[1], by=None, at=AT)
    assert Partner.objects.count() == 1


def test_what_went_wrong_in_the_middle_leaves_nothing():
    plan = plan_partners(listed("A1,Acme,var,DE,,,,", "A2,Bolt,var,DE,,,,"))
    add_partner({"name": "Bolt", "type": "var", "country": "DE", "external_id": "A2"}, by=None, at=AT)
    with pytest.raises(Refused, match="Bolt has the external id A2"):
        load_partners(plan, by=None, at=AT)
    assert Partner.objects.count() == 1 and not Load.objects.exists()


@pytest.mark.parametrize(
    ("arrange", "words"),
    [
        (lambda: plan_partners(listed("x", header="Firm")), "no column is called name or type or country"),
        (lambda: plan_partners(listed("x", header="Id"), mapping=File("m.yaml", PLACED)), "places of places.csv"),
        (lambda: placed("A1,Acme,Shop,1,", places=b"Key,Country,State\n"), r"places.csv, row 1: the column Id is"),
        (lambda: placed("A1,Acme,Shop,1,", places=b"Id,State\n1,BY\n"), "row 1: the column Country is missing"),
        (lambda: placed("A1,Acme,Shop,1,", places=b"Id,Country,State\n1,DE,\n1,US,\n"), "row 3: Id '1' is there twice"),
        (lambda: placed("x", mapping=b"fields: {name: Firm}"), "m.yaml maps no type, country"),
        (lambda: placed("x", mapping=b"\xff"), "m.yaml is not UTF-8"),
        (lambda: placed("x", mapping=PLACED.replace(b"Kind", b"Sort").replace(b"Since", b"From")),
         r"list.csv, row 1: the columns Sort, From are missing\. .*there are Id, Firm, Kind, Place, Since"),
    ],
)  # fmt: skip
def test_a_file_or_mapping_that_cant_be_used_is_refused_whole(arrange, words):
    with pytest.raises(Refused, match=words):
        arrange()


def test_strange_signs_in_an_address_are_said_and_kept():
    plan = plan_partners(listed("A1,Acme,var,DE,,,Kurf\x81rstenstr 9,", "A2,Bolt,var,DE,,,Ro\xe1str 1,"))
    assert [(one.row, one.column, one.is_error) for one in plan.findings] == [
        (2, "address", False),
        (3, "address", False),
    ]
    assert "U+0081" in plan.findings[0].reason and "Kurfürstenstr 9" in plan.findings[0].mend
    assert "Roßstr 1" in plan.findings[1].mend
    load = load_partners(plan, by=None, at=AT)
    assert load.warnings == 2
    assert Partner.objects.get(external_id="A1").address == "Kurf\x81rstenstr 9"


@pytest.mark.parametrize(
    "text", ["Königsteiner Straße 9", "Calle de Alcalá 1", "„Haus Anna“ 3", "O’Connell St", "a–b", "12\n13"]
)
def test_ordinary_foreign_letters_are_not_strange(text):
    assert strangeness(text) == ""
    assert not plan_partners(listed(f'A1,Acme,var,DE,,,"{text}",')).findings


@pytest.mark.parametrize(
    ("text", "was"),
    [("Kurf\x81rstenstr", "Kurfürstenstr"), ("K”nigsteiner", "Königsteiner"), ("R‚publique", "République")],
)
def test_a_misread_text_shows_it_and_can_be_guessed(text, was):
    assert strangeness(text)
    assert probable(text) == was
    assert probable(was) != was


def test_findings_go_back_as_a_file_that_starts_no_formula():
    text = findings_file([Finding("list.csv", 2, "name", "=1+1", 'It is "wrong"', "Mend it")])
    header, row = csv.reader(io.StringIO(text))
    assert header == ["file", "row", "column", "value", "severity", "reason", "mend"]
    assert row == ["list.csv", "2", "name", "'=1+1", "error", 'It is "wrong"', "Mend it"]


@pytest.mark.parametrize("size", [1, 40])
def test_loading_takes_as_many_queries_for_one_row_as_for_many(size, django_assert_num_queries):
    rows = [f"A{n},Acme,var,DE,,,," for n in range(size)]
    with django_assert_num_queries(17):
        load_partners(plan_partners(listed(*rows)), by=None, at=AT)
    assert Partner.objects.count() == size


@pytest.mark.shared
def test_the_adventureworks_resellers_are_loaded_by_the_shipped_mapping():
    folder = shared("data/adventureworks")
    mapping = MAPPINGS / "adventureworks-resellers.yaml"
    files = [folder / "DimReseller.csv", mapping, folder / "DimGeography.csv"]
    listing, told, places = (File(path.name, path.read_bytes()) for path in files)
    plan = plan_partners(listing, mapping=told, places=places)
    assert (len(plan.new), plan.refused_rows, plan.warned_rows) == (701, 0, 15)
    load_partners(plan, by=None, at=AT)
    assert Counter(Partner.objects.values_list("type", "status")) == {
        ("var", "active"): 469,
        ("distributor", "active"): 232,
    }
    assert Partner.objects.values("zone").distinct().count() == 21
    assert not Partner.objects.filter(assignments__isnull=False).exists()
    assert Partner.objects.filter(joined_on=None).count() == 701
    assert Partner.objects.filter(address__contains="\x81").count() == 3
