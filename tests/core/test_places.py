"""Countries, zones and languages against the tables that come with the time zones."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from drumbeat.core import places
from drumbeat.core.places import (
    countries,
    country_code,
    language_tag,
    subdivision_code,
    zone_name,
    zone_of_place,
)
from drumbeat.core.refusal import Refused, insist


@pytest.mark.parametrize(
    ("country", "subdivision", "zone"),
    [
        ("DE", "", "Europe/Berlin"),
        ("GB", "ENG", "Europe/London"),
        ("US", "WA", "America/Los_Angeles"),
        ("US", "TX", "America/Chicago"),
        ("US", "AZ", "America/Phoenix"),
        ("US", "", None),
        ("CA", "QC", "America/Toronto"),
        ("AU", "NSW", "Australia/Sydney"),
        ("AU", "", None),
        ("BR", "", "America/Sao_Paulo"),
        ("ES", "CN", "Atlantic/Canary"),
        ("IN", "KA", "Asia/Kolkata"),
        ("XX", "", None),
    ],
)
def test_zones_of_places(country, subdivision, zone):
    assert zone_of_place(country, subdivision) == zone


def test_every_zone_of_the_tables_exists_and_every_state_has_one_zone():
    for states in places._ZONES_OF_STATES.values():
        codes = " ".join(states.values()).split()
        assert len(codes) == len(set(codes))
        assert all(ZoneInfo(zone) for zone in states)
    assert all(ZoneInfo(zone) for zone in places._CHIEF_ZONES.values())


def test_most_countries_tell_their_zone():
    silent = {country for country in countries() if zone_of_place(country) is None}
    assert {"US", "CA", "AU"} <= silent
    assert len(silent) < 15


def test_codes_are_read_as_they_are_usually_written():
    assert country_code(" de ") == "DE"
    assert subdivision_code("de-bw", "DE") == "BW"
    assert language_tag("pt-br") == "pt-BR"


@pytest.mark.parametrize(
    ("reader", "text", "mend"),
    [
        (country_code, "France", "Write FR"),
        (country_code, "", "ISO 3166"),
        (zone_name, "Europe/Berln", "Europe/Berlin"),
        (zone_name, "", "IANA"),
        (language_tag, "", "BCP 47"),
        (language_tag, "??", "BCP 47"),
    ],
)
def test_wrong_codes_are_refused_with_a_mend(reader, text, mend):
    with pytest.raises(Refused) as refusal:
        reader(text)
    assert mend in refusal.value.mend


def test_a_refusal_says_what_is_wrong_and_how_to_mend_it():
    insist(True, "never seen")
    with pytest.raises(Refused, match=r"^The door is shut\. Open it$") as refusal:
        insist(False, "The door is shut", "Open it", "door")
    assert refusal.value.field == "door"
