"""Zones that no name of the world tells: Windows' words, offsets, names that their writers should have quoted."""

from __future__ import annotations

import time
from typing import Any

import pytest

from drumbeat.core.icalreading import read_calendar
from drumbeat.core.icalreading.zonebook import zone_worded
from tests.core.icalreading.test_reading import OWN_RULES, told

BERLIN = "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna"
UNKNOWN = "Its zone is unknown, so its time is taken as it stands"


def at_ten(zone: str, before: str = "", rest: str = "") -> dict[str, Any]:
    return told(f"DTSTART;TZID={zone}{rest}:20260705T100000\nDTEND;TZID={zone}{rest}:20260705T110000", before)


@pytest.mark.parametrize("written", [BERLIN, f'"{BERLIN}"', BERLIN.replace(",", "\\,")])
@pytest.mark.parametrize("rest", ["", ";VALUE=DATE-TIME", ';X-A="b:c"'])
def test_a_name_with_colon_and_commas_is_read_quoted_or_not(written: str, rest: str) -> None:
    reading = at_ten(written, rest=rest)

    assert (reading["start"], reading["end"]) == ("2026-07-05T10:00:00+02:00", "2026-07-05T11:00:00+02:00")
    assert reading["zone"] == "Europe/Berlin"
    assert reading["problems"] == [f"Its zone {BERLIN!r} is taken to be Europe/Berlin"]


@pytest.mark.parametrize("told_as", [BERLIN, BERLIN.replace(",", "\\,")])
def test_the_rules_of_the_file_outrank_words(told_as: str) -> None:
    reading = at_ten(BERLIN, OWN_RULES.format(name=told_as, summer="+0230"))

    assert (reading["start"], reading["zone"]) == ("2026-07-05T10:00:00+02:30", BERLIN)
    assert "problems" not in reading


SHOWN = {
    "(UTC) Dublin, Edinburgh, Lisbon, London": "Europe/London",
    "(GMT) Greenwich Mean Time : Dublin, Edinburgh, Lisbon, London": "Europe/London",
    "(UTC+01:00) Brussels, Copenhagen, Madrid, Paris": "Europe/Paris",
    "(UTC+01:00) Sarajevo, Skopje, Warsaw, Zagreb": "Europe/Warsaw",
    "(GMT+01.00) Amsterdam / Berlin / Bern / Rome / Stockholm / Vienna": "Europe/Berlin",
    "(UTC-05:00) Eastern Time (US & Canada)": "America/New_York",
    "(GMT-08:00) Pacific Time (US & Canada); Tijuana": "America/Los_Angeles",
    "(UTC-04:00) Georgetown, La Paz, Manaus, San Juan": "America/La_Paz",
    "(UTC-07:00) Chihuahua, La Paz, Mazatlan": "America/Mazatlan",
    "(UTC-03:00) Brasilia": "America/Sao_Paulo",
    "(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi": "Asia/Kolkata",
    "(UTC+08:00) Beijing, Chongqing, Hong Kong, Urumqi": "Asia/Shanghai",
    "(UTC+10:00) Canberra, Melbourne, Sydney": "Australia/Sydney",
    "(UTC+12:00) Auckland, Wellington": "Pacific/Auckland",
}


@pytest.mark.parametrize("words", SHOWN)
def test_places_that_windows_shows(words: str) -> None:
    assert at_ten(words)["zone"] == SHOWN[words]


def test_a_place_counts_only_with_the_offset_it_is_shown_with() -> None:
    assert str(zone_worded("(UTC+01:00) Nowhere, Berlin")) == "Europe/Berlin"
    assert str(zone_worded("(UTC+07:00) Berlin")) == "Etc/GMT-7", "an offset that Berlin hasn't"


OFFSETS = {
    "GMT+0200": "+02:00",
    "GMT+02:00": "+02:00",
    "UTC+2": "+02:00",
    "GMT-05:00": "-05:00",
    "GMT -0500": "-05:00",
    "+0530": "+05:30",
    "UTC-3:30": "-03:30",
    "Etc/GMT+5": "-05:00",
    "Etc/GMT+05:00": "-05:00",
    "Etc/GMT-2": "+02:00",
    "GMT": "+00:00",
    "UTC+00:00": "+00:00",
    "tzone://Microsoft/Utc": "+00:00",
}


@pytest.mark.parametrize("name", OFFSETS)
def test_offsets_count_eastwards_but_for_etc(name: str) -> None:
    """POSIX counts westwards, and the `Etc` zones of the world with it."""
    reading = at_ten(name)

    assert (reading["start"], reading["end"]) == (
        f"2026-07-05T10:00:00{OFFSETS[name]}",
        f"2026-07-05T11:00:00{OFFSETS[name]}",
    )
    assert reading["zone"] != "floating"
    assert "problems" not in reading


def test_words_without_a_known_place_give_their_offset_and_say_so() -> None:
    reading = at_ten("(UTC+01:00) Somewhere")

    assert (reading["start"], reading["zone"]) == ("2026-07-05T10:00:00+01:00", "Etc/GMT-1")
    assert reading["problems"] == [
        "Its zone '(UTC+01:00) Somewhere' is known by its offset alone, without summer time"
    ]


@pytest.mark.parametrize("name", ["tzone://Microsoft/Custom", "UTC+99", "Etc/UTC+2", "(UTC+27:00) Berlin"])
def test_what_no_one_can_place_stays_floating_with_a_word(name: str) -> None:
    reading = at_ten(name)

    assert (reading["start"], reading["end"]) == ("2026-07-05T10:00:00", "2026-07-05T11:00:00")
    assert (reading["zone"], reading["problems"]) == ("floating", [UNKNOWN])


def test_a_custom_zone_of_microsoft_goes_by_the_rules_of_the_file() -> None:
    reading = at_ten(
        "tzone://Microsoft/Custom", OWN_RULES.format(name="tzone://Microsoft/Custom", summer="+0200")
    )

    assert (reading["end"], reading["zone"]) == ("2026-07-05T11:00:00+02:00", "Europe/Berlin")


def test_a_parameter_of_a_rule_is_no_bare_name() -> None:
    """A value that goes on like parameters belongs to the value."""
    reading = told(
        "DTSTART;TZID=Europe/Berlin:20260105T100000\nRRULE;TZID=Europe/Berlin:FREQ=DAILY;COUNT=5;X=1"
    )

    assert reading["recurrence"]["rule"].startswith("FREQ=DAILY;COUNT=5")


def test_an_end_of_another_kind_is_not_before_the_start() -> None:
    """A wall clock of no zone can't be compared with an instant."""
    reading = told("DTSTART;TZID=America/New_York:20260105T090000\nDTEND:20260105T100000")

    assert reading["end"] == "2026-01-05T10:00:00"
    assert "problems" not in reading


@pytest.mark.parametrize(
    "piece", [";TZID=(", ":;A=", ';a="', "(UTC+01:00), ", ";TZID=a;b=c;d=e;f=g:2026", "/", "+"]
)
def test_long_names_take_no_time(piece: str) -> None:
    started = time.process_time()
    whole = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;TZID=({piece * 50_000}\nEND:VEVENT\nEND:VCALENDAR"
    read_calendar(whole.encode()).as_json()

    assert time.process_time() - started < 1
