"""Firms that may be one: found by name, domain, phone and place; branches and numbered shops are left alone."""

from __future__ import annotations

import csv
import re
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drumbeat.core.doubles import Double, Firm, doubles, plain_name
from tests.shared import shared


def pairs(*firms: Firm) -> set[tuple[int, int]]:
    return {(one.first, one.second) for one in doubles(firms)}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Müller & Söhne GmbH & Co. KG", ("muller", "sohne")),
        ("SUSE (KCSP)", ("suse",)),
        ("Arrow S.p.A.", ("arrow",)),
        ("Kestrel Sp. z o.o.", ("kestrel", "z", "oo")),
        ("(ISC)²", ("isc", "2")),
        ("The Company Inc.", ("the",)),
        ("AG", ("ag",)),
    ],
)
def test_a_plain_name_has_no_legal_form(name: str, words: tuple[str, ...]) -> None:
    assert plain_name(name) == words


@pytest.mark.parametrize(
    ("one", "other", "is_double"),
    [
        (Firm(1, "Bergmann Systemhaus GmbH", "DE"), Firm(2, "BERGMANN SYSTEMHAUS", "DE"), True),
        (Firm(1, "Systemhaus Bergmann", "DE"), Firm(2, "Bergmann Systemhaus GmbH", "DE"), True),
        (Firm(1, "Bergmann Systemhaus", "DE", "Ulm"), Firm(2, "Bergman Systemhaus", "DE", "ULM"), True),
        (Firm(1, "Nordlicht", "DE", domains=frozenset({"nl.example"})), Firm(2, "Nordlicht Kiel", "DE", domains=frozenset({"NL.example"})), True),
        (Firm(1, "Nordlicht", "DE", phone="+49 431 123456"), Firm(2, "Nordlicht Kiel", "DE", phone="0431-123456"), True),
        (Firm(1, "Nordlicht", "DE", domains=frozenset({"gmail.com"})), Firm(2, "Nordwind", "DE", domains=frozenset({"gmail.com"})), False),
        (Firm(1, "Accenture", "DE"), Firm(2, "Accenture", "FR"), False),
        (Firm(1, "Bike Shop 12", "US"), Firm(2, "Bike Shop 13", "US"), False),
        (Firm(1, "Falcon Data", "DE"), Firm(2, "Kestrel Cloud", "DE"), False),
    ],
)  # fmt: skip
def test_firms_are_told_apart(one: Firm, other: Firm, is_double: bool) -> None:
    assert pairs(one, other) == ({(1, 2)} if is_double else set())


def test_reasons_are_said_and_the_surest_comes_first() -> None:
    found = doubles(
        [
            Firm(3, "Quarz Ltd", "GB"),
            Firm(2, "Quarz", "GB"),
            Firm(7, "Bergmann GmbH", "DE", "Ulm", phone="0731 5551234", domains=frozenset({"b.example"})),
            Firm(5, "Bergmann AG", "DE", "Ulm", phone="+49731 5551234", domains=frozenset({"b.example"})),
        ]
    )
    assert found == [
        Double(5, 7, 100, ("same name but for legal form or brackets", "mail at b.example", "same phone", "both in Ulm")),
        Double(2, 3, 60, ("same name but for legal form or brackets",)),
    ]  # fmt: skip


WORDS = st.lists(
    st.sampled_from(["north", "south", "data", "cloud", "12", "bergmann", "gmbh", "ag"]),
    min_size=1,
    max_size=4,
)
FIRMS = st.lists(
    st.tuples(WORDS, st.sampled_from(["DE", "FR", ""]), st.sampled_from(["", "Ulm"])), max_size=9
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(FIRMS)
def test_blocks_lose_none_that_all_pairs_would_find(told) -> None:
    firms = [Firm(n, " ".join(words), country, city) for n, (words, country, city) in enumerate(told)]
    slow = {pair for one, other in combinations(firms, 2) for pair in pairs(one, other)}
    assert pairs(*firms) == slow
    assert pairs(*reversed(firms)) == slow


def test_the_same_firm_of_two_public_lists_is_found() -> None:
    """The list names firms once a listing: SUSE (KCSP) and SUSE (member)."""
    with (shared("data/partners_cncf") / "cncf_partner_listings.csv").open(encoding="utf-8") as file:
        names = sorted({row["name"] for row in csv.DictReader(file)})
    bare = [re.sub(r"\s*\([^)]*\)$", "", name).strip().lower() for name in names]
    same = {(n, m) for n, m in combinations(range(len(names)), 2) if bare[n] == bare[m] and bare[n]}
    found = {(one.first, one.second) for one in doubles(Firm(n, name) for n, name in enumerate(names))}
    assert len(same) > 100
    assert same <= found
    assert len(found) < 2 * len(same)
