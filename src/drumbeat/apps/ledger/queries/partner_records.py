"""On-time records of the partners of a page, in plain SQL, because their list is opened all day long.

Knows the same law as records.py, which answers all other questions of records; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from drumbeat.apps.asking import ask
from drumbeat.core.tally import Count, OnTimeRecord

from .records import midnight

# The counts stand in the order of `Count`. What is settled comes from the tallies, what is open from the standings; a
# promise of both sides counts for each.
RECORDS = """
SELECT side, partner_id, kept_through = 'machine', sum(kept)::bigint, sum(late)::bigint, sum(missed)::bigint,
       sum(waived)::bigint, sum(overdue)::bigint, sum(in_grace)::bigint, sum(late_seconds)::bigint
FROM (
    SELECT side, partner_id, kept_through, kept, late, missed, waived, 0 AS overdue, 0 AS in_grace, late_seconds
    FROM ledger_tally
    WHERE partner_id = ANY(ARRAY(SELECT unnest(%(partners)s::bigint[])))
      AND side IN ('vendor', 'partner') AND month >= %(from_on)s AND month < %(until_on)s
    UNION ALL
    SELECT owing.side, s.partner_id, p.kept_through, 0, 0, 0, 0,
           (s.deadline_at <= %(at)s AND s.rests_from IS NULL)::int,
           (s.deadline_at > %(at)s OR s.rests_from IS NOT NULL)::int, 0
    FROM ledger_standing s JOIN ledger_promise p ON p.id = s.promise_id
    JOIN (VALUES ('vendor', 'vendor'), ('vendor', 'team'), ('vendor', 'both'), ('partner', 'partner'), ('partner', 'both'))
         AS owing (side, owing) ON owing.owing = p.owing
    WHERE s.partner_id = ANY(ARRAY(SELECT unnest(%(partners)s::bigint[]))) AND s.outcome IS NULL
      AND s.due_at >= %(since)s AND s.due_at < %(until)s AND s.due_at <= %(at)s
) counted
GROUP BY 1, 2, 3
"""


def records_of_partners(
    partner_ids: Iterable[int], *, at: datetime, from_on: date, until_on: date
) -> dict[str, dict[int, OnTimeRecord]]:
    """Side -> partner id -> record over whole months [from_on, until_on): what `records_of_sides` gives for the two sides
    by `partner_id`, in one statement."""
    months = {
        "from_on": from_on,
        "until_on": until_on,
        "since": midnight(from_on),
        "until": midnight(until_on),
    }
    records: dict[str, dict[int, OnTimeRecord]] = {"vendor": {}, "partner": {}}
    for side, partner, is_machine, *counts in ask(
        RECORDS, {"partners": list(partner_ids), "at": at, **months}
    ):
        record = OnTimeRecord(machine=Count(*counts)) if is_machine else OnTimeRecord(people=Count(*counts))
        other = records[side].get(partner)
        records[side][partner] = other + record if other else record
    return records
