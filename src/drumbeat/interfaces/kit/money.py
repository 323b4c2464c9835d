"""Amounts of money in words."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_currency


def money_words(amount: Decimal, currency: str) -> str:
    """Whole units: €412,300. Cents are for invoices."""
    return format_currency(amount, currency, "¤#,##0;−¤#,##0", locale="en", currency_digits=False)
