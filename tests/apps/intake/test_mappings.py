"""Mappings as texts: what they say, and what is wrong with them, by line."""

from __future__ import annotations

import pytest

from drumbeat.apps.intake.mappings import Places, Source, read_mapping, same_names
from drumbeat.core.refusal import Refused

FIELDS = ("name", "type", "status", "country", "address", "joined_on")
TEXT = """
title: Our list
encoding: cp1252
places: {file: places.csv, key: Id, by: PlaceId}
fields:
  name: Firm
  type:
    column: Kind
    values: {Shop: var, NO: distributor}
    otherwise: referral
  status: {constant: active}
  country: places.Country
  address: {columns: [Street, Line 2]}
  joined_on: {column: Since, date: "%d.%m.%Y"}
"""


def test_a_mapping_says_where_each_field_comes_from():
    mapping = read_mapping("m.yaml", TEXT, FIELDS)
    assert (mapping.title, mapping.encoding) == ("Our list", "cp1252")
    assert mapping.places == Places("places.csv", "Id", "PlaceId")
    assert mapping.sources == {
        "name": Source(("Firm",)),
        "type": Source(("Kind",), values={"Shop": "var", "NO": "distributor"}, otherwise="referral"),
        "status": Source(constant="active"),
        "country": Source(("places.Country",)),
        "address": Source(("Street", "Line 2")),
        "joined_on": Source(("Since",), date_form="%d.%m.%Y"),
    }
    assert mapping.columns == ("Firm", "Kind", "places.Country", "Street", "Line 2", "Since", "PlaceId")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1: here belongs a map"),
        ("- a", "line 1: here belongs a map"),
        ("title: x", "there are no fields"),
        ("fields:\n  nam: A", r"line 2: nam is not known here\. Did you mean name"),
        ("felds: {}", r"line 1: felds is not known here\. Did you mean fields"),
        ("fields:\n  name: A\n  name: B", "line 3: name is given twice"),
        ("fields:\n  name: [A]", "line 2: here belongs a map"),
        ("fields:\n  name: {column: A, constant: B}", "line 2: a field comes from one of"),
        ("fields:\n  name: {values: {a: b}}", "line 2: a field comes from one of"),
        ("fields:\n  name: {columns: A}", "line 2: here belongs a list"),
        ("fields:\n  name: {column: {a: b}}", "line 2: here belongs a text"),
        ("fields: {name: A}\nplaces: {file: x}", "line 2: places has no key"),
        ("fields: {name: A", "line 1"),
        ("fields:\n\tname: A", "line 2"),
        ("a: " + "[" * 20_000, "m.yaml"),
    ],
)
def test_a_wrong_mapping_is_refused_with_its_line(text, words):
    with pytest.raises(Refused, match=words) as refusal:
        read_mapping("m.yaml", text, FIELDS)
    assert refusal.value.mend


def test_columns_named_like_fields_need_no_mapping():
    mapping = same_names(("Name", "JOINED ON", "Colour"), FIELDS)
    assert mapping.sources == {"name": Source(("Name",)), "joined_on": Source(("JOINED ON",))}
