"""How reports say numbers and counts."""

from __future__ import annotations

from datetime import date

import pytest

from drumbeat.apps.reports import wording
from drumbeat.apps.reports.periods import last_month, last_quarter, now, this_week


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [(31400, "EUR", "€31,400"), (-5.4, "USD", "−$5"), (1200, "CHF", "CHF 1,200"), (-0.2, "EUR", "€0")],
)
def test_money(amount: float, currency: str, text: str) -> None:
    assert wording.money(amount, currency) == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [(0.09, "9 % more than May"), (-0.18, "18 % less than May"), (0.004, "as much as May"), (None, "")],
)
def test_changes(ratio: float | None, text: str) -> None:
    assert wording.sentence_of_change(ratio, "May") == text


def test_counts_and_signs() -> None:
    assert [wording.count(n, "deal") for n in (0, 1, 1200)] == ["no deals", "1 deal", "1,200 deals"]
    assert [wording.spelled(n) for n in (1, 9, 10)] == ["one", "nine", "10"]
    assert [wording.signed(n, "%") for n in (9.4, -6, 0.2)] == ["+9 %", "−6 %", "±0 %"]
    assert wording.listed(["a"]) == "a"
    assert wording.listed(["a", "b", "c"]) == "a, b and c"


def test_periods_at_the_turn_of_the_year() -> None:
    first = date(2026, 1, 1)
    assert (last_month(first).name, last_month(first).last) == ("December 2025", date(2025, 12, 1))
    assert (last_quarter(first).name, last_quarter(first).from_on) == ("Q4 2025", date(2025, 10, 1))
    assert this_week(first).name == "29 Dec–4 Jan 2026"
    assert now(date(2026, 1, 31)).last == date(2025, 12, 1)
