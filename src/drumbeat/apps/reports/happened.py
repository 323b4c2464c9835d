"""What happened in the months of a chart: tiers, states and managers of partners, routines that began, files that corrected
earlier ones. Of one partner, who may read it, each by its day, routines only that promise the partner something; of many how
many of a kind, by month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from drumbeat.apps.asking import ask
from drumbeat.apps.partners.models import Tier

from .book import months_until
from .scope import Scope
from .wording import count, day

MOST = 9  # marks of one chart; more would hide it
Happened = list[list[Any]]  # place of the month, words

# (partner if it is about one, month of the chart, day it happened, kind, detail, other detail, how many). A corrected line
# belongs to the month that it was sold in: there the bar is another one than before.
_HAPPENED = """
WITH whose AS (SELECT id FROM partners_partner WHERE %(partners)s::bigint[] IS NULL OR id = ANY(%(partners)s)),
happened AS (
    SELECT partner_id, (at AT TIME ZONE %(zone)s)::date AS day, kind, payload ->> 'before' AS detail, payload ->> 'after' AS other
    FROM events_event WHERE kind IN ('partner.tier_changed', 'partner.status_changed') AND partner_id IN (SELECT id FROM whose)
        AND at >= %(from)s AND at <= %(at)s AND (kind = 'partner.tier_changed' OR NOT %(is_one)s)
    UNION ALL
    SELECT assigned.partner_id, assigned.from_on, 'manager', person.name, NULL FROM partners_assignment assigned
    JOIN people_account person ON person.id = assigned.person_id
    WHERE assigned.partner_id IN (SELECT id FROM whose) AND EXISTS (
        SELECT FROM partners_assignment former WHERE former.partner_id = assigned.partner_id AND former.from_on < assigned.from_on)
    UNION ALL
    SELECT subscription.partner_id, subscription.started_on, 'began', routine.title, NULL FROM routines_subscription subscription
    JOIN routines_routine routine ON routine.id = subscription.routine_id
    WHERE subscription.partner_id IN (SELECT id FROM whose)
        AND (NOT %(is_one)s OR EXISTS (SELECT FROM ledger_promise promise WHERE promise.partner_id = subscription.partner_id
            AND promise.routine = routine.key AND promise.owed IN ('partner', 'both')))
        AND NOT EXISTS (
        SELECT FROM routines_subscription former WHERE former.partner_id = subscription.partner_id
        AND former.routine_id = subscription.routine_id AND former.started_on < subscription.started_on)
),
told AS (
    SELECT partner_id, date_trunc('month', day)::date AS month, day, kind, detail, other FROM happened
    WHERE day >= %(from)s AND day <= %(on)s
    UNION ALL
    SELECT line.partner_id, date_trunc('month', line.sold_on)::date, (line.replaced_at AT TIME ZONE %(zone)s)::date,
        'corrected', load.file_name, NULL
    FROM sales_line line JOIN intake_load load ON load.id = line.replaced_by_load
    WHERE line.replaced_at IS NOT NULL AND line.replaced_at <= %(at)s AND line.sold_on >= %(from)s
        AND (%(partners)s::bigint[] IS NULL OR line.partner_id = ANY(%(partners)s))
)
SELECT CASE WHEN %(is_one)s THEN partner_id END, month, day, kind, detail, other, count(*) FROM told GROUP BY 1, 2, 3, 4, 5, 6
"""
LONGEST = 24  # months of any chart


def happened(scope: Scope, months: Sequence[date], *, with_corrections: bool = False) -> Happened:
    """Places among the months with what happened in each, the nine fullest at most, in order."""
    rows = [row for row in _rows(scope) if with_corrections or row[2] != "corrected"]
    told = _each(rows) if scope.partner else _counted(rows)
    places = {month: n for n, month in enumerate(months)}
    kept = {month: texts for month, texts in told.items() if month in places}
    fullest = sorted(kept, key=lambda month: (-len(kept[month]), -places[month]))[:MOST]
    return [[places[month], "; ".join(kept[month])] for month in sorted(fullest)]


def _rows(scope: Scope) -> list[tuple[Any, ...]]:
    """Asked for once for all partners of a chunk, and for all charts."""
    since = months_until(scope.period.last, LONGEST)[0]
    ids = list(scope.shelf.partners) if scope.partner else scope.partner_ids
    values = {
        "partners": None if ids is None else sorted(ids), "zone": scope.vendor.zone, "from": since, "on": scope.on, "at": scope.at,
        "is_one": scope.partner is not None,
    }  # fmt: skip
    whose = (scope.partner is not None, scope.person and scope.person.pk)
    rows = scope.shelf.once(("happened", whose, since), lambda: ask(_HAPPENED, values))
    return [tuple(row[1:]) for row in rows if not scope.partner or row[0] == scope.partner.pk]


def _each(rows: Sequence[tuple[Any, ...]]) -> dict[date, list[str]]:
    found: dict[date, list[str]] = {}
    for month, on, kind, detail, other, n in sorted(rows, key=lambda row: (row[1], row[2], str(row[3]))):
        found.setdefault(month, []).append(f"{day(on)}: {_words(kind, detail, other, n)}")
    return found


def _words(kind: str, detail: str, other: str | None, n: int) -> str:
    if kind == "partner.tier_changed":
        return f"tier {Tier(detail).label} → {Tier(other or detail).label}"
    if kind == "corrected":
        return f"{detail} corrected {count(n, 'line')} of this month"
    return f"looked after by {detail}" if kind == "manager" else f"{detail} began"


_NOUNS = {
    "partner.tier_changed": ("partner changed its tier", "partners changed their tier"),
    "partner.status_changed": ("partner changed its status", "partners changed their status"),
    "manager": ("partner got another manager", "partners got another manager"),
    "corrected": ("line was corrected later", "lines were corrected later"),
}


def _counted(rows: Sequence[tuple[Any, ...]]) -> dict[date, list[str]]:
    """Routines by name, as they begin for many at once; everything else by how many."""
    sums: dict[tuple[date, str, str], int] = {}
    for month, _, kind, detail, _, n in rows:
        key = (month, kind, detail if kind == "began" else "")
        sums[key] = sums.get(key, 0) + n
    found: dict[date, list[str]] = {}
    for (month, kind, detail), n in sorted(sums.items()):
        if kind == "began":
            text = f"{detail} began with {count(n, 'partner')}"
        else:
            text = f"{n:,} {_NOUNS[kind][n != 1]}"
        found.setdefault(month, []).append(text)
    return found
