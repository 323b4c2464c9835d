"""Reminders of a step as rows of a form: how long before due, and to whom. An empty row below takes one more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import QueryDict

from drumbeat.core.playbook import grammar
from drumbeat.core.playbook.problems import Unreadable

EMPTY = {"amount": "", "unit": "bh", "to": ""}


def reminder_parts(lines: Sequence[str], units: Mapping[str, str]) -> dict[str, Any]:
    """The rows; `raw` where a line is no reminder, so that all are shown as lines."""
    try:
        rows = [_row(line) for line in lines]
    except Unreadable:
        return {"raw": True}
    return {"rows": [*rows, EMPTY], "units": units.items()}


def reminded(lines: Iterable[str]) -> list[str]:
    """To whom, in the order of the lines."""
    return [to for line in lines if (to := line.partition(" ")[2].strip())]


def _row(line: str) -> dict[str, Any]:
    at, _, to = line.partition(" ")
    before = grammar.before_due(at)
    return {"amount": before.amount, "unit": before.unit, "to": to.strip()}


def reminders_sent(name: str, sent: QueryDict) -> list[str]:
    """Written as a person would: -4bh director, 0 sales_lead. A row without an amount is none."""
    columns = (sent.getlist(f"{name}.{part}") for part in ("amount", "unit", "to"))
    rows = zip(*columns, strict=False)
    return [_line(amount.strip(), unit, to) for amount, unit, to in rows if amount.strip()]


def _line(amount: str, unit: str, to: str) -> str:
    return f"{f'-{amount}{unit}' if amount.strip('0') else '0'} {to}".strip()
