"""A manager's partners as a business unit: which of them need a decision, and why."""

from __future__ import annotations

from typing import Any

from django.db.models import Count

from drumbeat.apps.deals.queries import deals_summaries
from drumbeat.apps.ledger.models import Standing
from drumbeat.apps.reports.scope import Scope
from drumbeat.apps.reports.wording import count, signed
from drumbeat.apps.sales.queries import sales_facts

from .shapes import MONEY, PERCENT, TEXT, Section, table

SHOWN = 15
FALL, SILENCE = -0.15, 180


def partners_to_decide_on(scope: Scope) -> Section:
    """Partners that fell, sell no more, wait for us or owe us; the most reasons first, then the largest."""
    facts, overdue = sales_facts(scope.partners, scope.at), _overdue(scope)
    stalled = {pk: deals.stalled for pk, deals in _deals(scope).items()}
    rows = []
    for pk, name in scope.partners.values_list("pk", "name"):
        known = {fact: values[pk] for fact, values in facts.items() if pk in values}
        reasons = _reasons(known, overdue.get((pk, True), 0), overdue.get((pk, False), 0), stalled.get(pk, 0))
        if reasons:
            revenue, change = known.get("partner.revenue_12m"), known.get("partner.growth_12m")
            rows.append(
                (len(reasons), revenue or 0, pk, [name, revenue, _percent(change), ", ".join(reasons)])
            )
    rows.sort(key=lambda entry: (-entry[0], -entry[1], entry[2]))
    columns = [("partner", TEXT), ("12 months", MONEY), ("growth", PERCENT), ("why", TEXT)]
    return table(
        columns,
        [cells for *_, cells in rows[:SHOWN]],
        key="decide",
        title="Partners that need a decision",
        refs=[f"partner:{pk}" for _, _, pk, _ in rows[:SHOWN]],
        empty="No partner stands out.",
        of=len(rows),
    )


def _overdue(scope: Scope) -> dict[tuple[int, bool], int]:
    """(partner, is ours) -> promises past their deadline and open."""
    late = Standing.objects.overdue(scope.at).filter(promise__partner__in=scope.partners)
    found: dict[tuple[int, bool], int] = {}
    for pk, owing, n in late.values_list("promise__partner_id", "promise__owing").annotate(Count("pk")):
        key = (pk, owing != "partner")
        found[key] = found.get(key, 0) + n
    return found


def _deals(scope: Scope) -> dict[int, Any]:
    return deals_summaries(scope.partners, since=scope.at, until=scope.at, at=scope.at)


def _reasons(known: dict[str, Any], ours: int, theirs: int, stalled: int) -> list[str]:
    growth, silent = known.get("partner.growth_12m"), known.get("partner.days_since_sale")
    has_file = known.get("partner.pos_received") or not known.get("partner.pos_due")
    reasons = [
        f"{signed(100 * growth, '%')} in a year" if growth is not None and growth <= FALL else "",
        f"no sale for {silent} days" if silent is not None and silent >= SILENCE else "",
        f"we owe {count(ours, 'promise')}" if ours else "",
        f"owes us {count(theirs, 'promise')}" if theirs > 1 else "",
        f"{count(stalled, 'deal')} stalled" if stalled > 1 else "",
        "" if has_file else "sales file not in",
    ]
    return [reason for reason in reasons if reason]


def _percent(ratio: float | None) -> float | None:
    return None if ratio is None else round(100 * ratio, 1)
