"""Mail texts are filled, never interpreted."""

import pytest

from drumbeat.core.placeholders import MissingValue, fill, names_in, odd_braces


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Hello {{ contact.first_name }},", "Hello Ann,"),
        ("{{contact.first_name}}{{ vendor.name }}", "AnnNorth & Söhne <ab>"),
        ("no placeholder", "no placeholder"),
        ("{ contact.first_name }", "{ contact.first_name }"),
        ("{{ trick.value }}", "{{ vendor.name }}"),
    ],
)
def test_values_are_put_in_as_they_are(text, filled):
    values = {
        "contact.first_name": "Ann",
        "vendor.name": "North & Söhne <ab>",
        "trick.value": "{{ vendor.name }}",
    }
    assert fill(text, values) == filled


def test_each_missing_value_is_named_once():
    with pytest.raises(MissingValue) as caught:
        fill("{{ b.c }} {{ a.b }} {{ b.c }} {{ x.y }}", {"x.y": "there"})
    assert caught.value.names == ("b.c", "a.b")
    assert str(caught.value).startswith("no value for b.c, a.b: ")


def test_names_come_in_order_of_appearance():
    assert names_in("{{ b.c }} and {{a.b}} and {{ b.c }}") == ("b.c", "a.b")


@pytest.mark.parametrize(
    "text", ["{{ partner name }}", "{{ partner.name", "partner.name }}", "{{ Partner.Name }}", "{{ a|b }}"]
)
def test_what_only_looks_like_a_placeholder_is_found(text):
    assert odd_braces(f"Hello {text}")
    assert names_in(text) == ()
