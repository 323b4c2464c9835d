"""SQL of sections that look at every partner of a large channel and show a few. Facts mean what `sales_facts` says of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from drumbeat.apps.asking import ask
from drumbeat.apps.deals.queries import STALLED_AFTER
from drumbeat.apps.figures.queries import sold_rows
from drumbeat.apps.sales.queries import FILE_DUE_DAY, Windows, month_before
from drumbeat.apps.sales.sheets import FIRST_MONTH, LAST_SALE, count_between, sum_between
from drumbeat.core.metrics import Question

FALL, SILENCE = -0.15, 180
MONTH = "extract(year FROM {day}) * 12 + extract(month FROM {day}) - 1"  # months of the era, to count with
_OF_SCOPE = "(%(partners)s::bigint[] IS NULL OR {column} = ANY(%(partners)s))"

# Windows end with the last month, or early in a month with the one before (n = 1) where the file may still come.
_TO_DECIDE_ON = """
WITH sold AS (
    SELECT partner_id, min({first_month}) AS first_month, max({last_sale}) AS last_sale, sum({last_files}) AS last_files, {sums}
    FROM sales_sheet WHERE {of_scope_of_sheet} GROUP BY partner_id
), told AS (
    SELECT partner.id, partner.name, partner.gives_pos, coalesce(sold.last_files, 0) > 0 AS is_received, sold.last_sale, began.month AS began,
           partner.gives_pos AND coalesce(sold.last_files, 0) = 0 AND %(is_early)s::boolean AS waits, {columns}
    FROM partners_partner partner LEFT JOIN sold ON sold.partner_id = partner.id
    CROSS JOIN LATERAL (SELECT coalesce({joined}, sold.first_month) AS month) began WHERE {of_scope}
), windows AS (
    SELECT id, name, gives_pos, is_received, last_sale, {chosen},
           {owed_year} AS owed, {owed_before} AS owed_before
    FROM told
), known AS (
    SELECT id, name, gives_pos AND NOT is_received AS lacks_file,
           CASE WHEN NOT gives_pos OR files >= owed THEN amount * 0.0001 END AS amount,
           CASE WHEN (NOT gives_pos OR (files >= owed AND files_before >= owed_before)) AND amount_before > 0
                THEN round(amount::numeric / amount_before - 1, 4) END AS growth,
           greatest(0, %(on)s::date - (make_date((last_sale / 12)::int, (last_sale %% 12)::int + 1, 1) + interval '1 month - 1 day')::date) AS silent
    FROM windows
), owed AS (
    SELECT promise.partner_id, count(*) FILTER (WHERE promise.owing <> 'partner') AS ours,
           count(*) FILTER (WHERE promise.owing = 'partner') AS theirs
    FROM ledger_standing standing JOIN ledger_promise promise ON promise.id = standing.promise_id
    WHERE standing.outcome IS NULL AND standing.deadline_at <= %(at)s AND standing.rests_from IS NULL GROUP BY 1
), stalled AS (
    SELECT partner_id, count(*) AS deals FROM deals_deal WHERE stage = 'open' AND moved_at <= %(stalled)s GROUP BY 1
), judged AS (
    SELECT known.*, coalesce(owed.ours, 0) AS ours, coalesce(owed.theirs, 0) AS theirs, coalesce(stalled.deals, 0) AS deals
    FROM known LEFT JOIN owed ON owed.partner_id = known.id LEFT JOIN stalled ON stalled.partner_id = known.id
)
SELECT id, name, amount, growth, silent, ours, theirs, deals, lacks_file, count(*) OVER ()
FROM judged CROSS JOIN LATERAL (SELECT num_nonnulls(
    CASE WHEN growth <= %(fall)s THEN 1 END, CASE WHEN silent >= %(silence)s THEN 1 END, CASE WHEN ours > 0 THEN 1 END,
    CASE WHEN theirs > 1 THEN 1 END, CASE WHEN deals > 1 THEN 1 END, CASE WHEN lacks_file THEN 1 END) AS reasons) counted
WHERE reasons > 0 ORDER BY reasons DESC, coalesce(amount, 0) DESC, id LIMIT %(limit)s
"""

_SILENT = """
SELECT partner.id, partner.name, partner.tier, sold.last_on, %(as_of)s::date - sold.last_on, sold.amount, person.name, count(*) OVER ()
FROM partners_partner partner
LEFT JOIN (SELECT partner_id, max(last_on) AS last_on, sum(amount) AS amount FROM {sales} sale WHERE sold_on < %(until)s
    GROUP BY partner_id) sold ON sold.partner_id = partner.id
LEFT JOIN partners_assignment assigned ON assigned.partner_id = partner.id AND assigned.from_on <= %(on)s
    AND (assigned.until_on IS NULL OR assigned.until_on > %(on)s)
LEFT JOIN people_account person ON person.id = assigned.person_id
WHERE partner.status = 'active' AND partner.merged_into_id IS NULL AND (partner.joined_on IS NULL OR partner.joined_on < %(until)s)
    AND {of_scope} AND (sold.last_on IS NULL OR %(as_of)s::date - sold.last_on >= %(days)s)
ORDER BY coalesce(sold.amount, 0) DESC, partner.name COLLATE "C", partner.id LIMIT %(limit)s
"""


def silent_for(days: int, question: Question, *, on: date, limit: int) -> list[tuple[Any, ...]]:
    """(id, name, tier, last sale, days since, sold in all, who looks after it, how many are silent) of active partners of the
    question without a sale for so many days, those that sold most first. Figures of a month count from its first day."""
    sales, values = sold_rows(question, today=on)
    text = _SILENT.format(sales=sales, of_scope=_OF_SCOPE.format(column="partner.id"))
    return ask(text, {**values, "on": on, "days": days, "limit": limit})


def standing_out(
    partners: Collection[int] | None, *, on: date, at: datetime, limit: int
) -> list[tuple[Any, ...]]:
    """(id, name, twelve months, growth, days silent, promises we owe, promises it owes, deals stalled, lacks its file, how
    many stand out), the most reasons first, then the largest. None: of all partners."""
    last = month_before(on.replace(day=1))
    is_early = on.day <= FILE_DUE_DAY
    values = {
        "partners": None if partners is None else sorted(partners), "on": on, "at": at, "stalled": at - STALLED_AFTER,
        "is_early": is_early, "fall": FALL, "silence": SILENCE, "limit": limit,
    }  # fmt: skip
    return ask(_to_decide_on(last, is_early), values)


def _to_decide_on(last: date, is_early: bool) -> str:
    sums, chosen, owed = [], [], {}
    for name in ("year", "year_before"):
        short = name.removeprefix("year")
        spans = [getattr(Windows(month_before(last, n)), name) for n in ((0, 1) if is_early else (0,))]
        for n, (begin, final) in enumerate(spans):
            end = month_before(final, -1)
            sums += [
                f"sum({sum_between(begin, end)}) AS amount{short}_{n}",
                f"sum({count_between(begin, end)}) AS files{short}_{n}",
            ]
        late = len(spans) - 1
        chosen += [
            f"coalesce(CASE WHEN waits THEN {one}{short}_{late} ELSE {one}{short}_0 END, 0) AS {one}{short}"
            for one in ("amount", "files")
        ]
        owed[name] = f"CASE WHEN waits THEN {_owed(*spans[late])} ELSE {_owed(*spans[0])} END"
    return _TO_DECIDE_ON.format(
        first_month=FIRST_MONTH, last_sale=LAST_SALE, last_files=count_between(last, month_before(last, -1)),
        sums=", ".join(sums), columns=", ".join(f"sold.{one.rpartition(' ')[2]}" for one in sums), chosen=", ".join(chosen),
        owed_year=owed["year"], owed_before=owed["year_before"], joined=MONTH.format(day="partner.joined_on"),
        of_scope=_OF_SCOPE.format(column="partner.id"), of_scope_of_sheet=_OF_SCOPE.format(column="partner_id"),
    )  # fmt: skip


def _owed(begin: date, final: date) -> str:
    """Files owed for months from `begin` to `final`, both included, by who owes since `began`."""
    first, last = begin.year * 12 + begin.month - 1, final.year * 12 + final.month - 1
    return f"greatest(0, {last} - greatest({first}, coalesce(began, {first})) + 1)"
