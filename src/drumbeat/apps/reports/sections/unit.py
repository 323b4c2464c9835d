"""A manager's partners as a business unit: which of them need a decision, and why."""

from __future__ import annotations

from decimal import Decimal

from drumbeat.apps.reports.scope import Scope
from drumbeat.apps.reports.statements import FALL, SILENCE, standing_out
from drumbeat.apps.reports.wording import count, signed

from .shapes import MONEY, PERCENT, TEXT, Section, kept, table

SHOWN = 15


def partners_to_decide_on(scope: Scope) -> Section:
    """Partners that fell, sell no more, wait for us or owe us; the most reasons first, then the largest."""
    found = standing_out(scope.partner_ids, on=scope.on, at=scope.at, limit=SHOWN)
    rows = [
        [name, amount, None if growth is None else round(100 * growth, 1), ", ".join(_reasons(growth, *told))]
        for _, name, amount, growth, *told, _ in found
    ]
    columns = [("partner", TEXT), ("12 months", MONEY), ("growth", PERCENT), ("why", TEXT)]
    return table(
        columns,
        [[name, kept(amount), kept(growth), why] for name, amount, growth, why in rows],
        key="decide",
        title="Partners that need a decision",
        refs=[f"partner:{pk}" for pk, *_ in found],
        empty="No partner stands out.",
        of=found[0][-1] if found else 0,
    )


def _reasons(
    growth: Decimal | None, silent: int | None, ours: int, theirs: int, stalled: int, lacks_file: bool
) -> list[str]:
    reasons = [
        f"{signed(float(100 * growth), '%')} in a year" if growth is not None and growth <= FALL else "",
        f"no sale for {silent} days" if silent is not None and silent >= SILENCE else "",
        f"we owe {count(ours, 'promise')}" if ours else "",
        f"owes us {count(theirs, 'promise')}" if theirs > 1 else "",
        f"{count(stalled, 'deal')} stalled" if stalled > 1 else "",
        "sales file not in" if lacks_file else "",
    ]
    return [reason for reason in reasons if reason]
