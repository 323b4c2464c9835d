"""How reports say numbers, days and counts in plain English. It knows no data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel.numbers import get_currency_symbol

from drumbeat.core.charts.svg import figure

NOT_AVAILABLE = "n/a"
SMALL = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def money(amount: Decimal | float, currency: str) -> str:
    """Whole units with the sign of the currency before them: €31,400, −€5, CHF 1,200."""
    sign = "−" if round(amount) < 0 else ""
    return f"{sign}{_symbol(currency)}{abs(round(amount)):,}"


@lru_cache(maxsize=64)
def _symbol(currency: str) -> str:
    symbol = get_currency_symbol(currency, "en_US")
    return f"{symbol} " if symbol[-1].isalpha() else symbol


def number(value: Decimal | float) -> str:
    return figure(value)


def percent(ratio: float) -> str:
    """A ratio as whole percent: 84 %."""
    return f"{figure(round(100 * ratio))} %"


def signed(value: float, unit: str) -> str:
    """A change with its sign: +9 %, −6 pts, ±0 %."""
    size = round(abs(value))
    return f"{'+' if value > 0 else '−'}{size:,} {unit}" if size else f"±0 {unit}"


def count(amount: int, noun: str, nouns: str = "") -> str:
    """no deals, 1 deal, 3 deals; `nouns` where the plural isn't the noun with an s."""
    return f"{f'{amount:,}' if amount else 'no'} {noun if amount == 1 else nouns or noun + 's'}"


def spelled(amount: int) -> str:
    """Small numbers as words: one to nine."""
    return SMALL[amount] if 0 < amount < len(SMALL) else f"{amount:,}"


def listed(words: Sequence[str]) -> str:
    """a, b and c."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else list(words))


def day(on: date) -> str:
    return f"{on.day} {on:%b %Y}"


def moment(at: datetime) -> str:
    """Local day and time of an aware moment, with its zone's short name."""
    return f"{at.day} {at:%b %Y, %H:%M %Z}"


def month(first: date) -> str:
    return f"{first:%B %Y}"


def sentence_of_change(ratio: float | None, than: str) -> str:
    """18 % less than September; empty when the ratio isn't known."""
    if ratio is None:
        return ""
    size = round(abs(100 * ratio))
    if not size:
        return f"as much as {than}"
    return f"{size:,} % {'more' if ratio > 0 else 'less'} than {than}"
