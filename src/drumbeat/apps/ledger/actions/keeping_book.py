"""The book itself: its months, and telling standings and tallies anew from its entries."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction

from drumbeat.apps.ledger import statements


def make_months(from_on: date, until_on: date) -> int:
    """Partitions for the entries recorded in [from_on, until_on), months already there passed over; how many were made."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FILTER (WHERE ledger_make_month(month::date))
               FROM generate_series(date_trunc('month', %s::timestamp), %s::timestamp, interval '1 month') month""",
            [from_on, until_on],
        )
        return int(cursor.fetchone()[0])


@transaction.atomic
def rebuild_ledger() -> int:
    """Tells every standing and tally from promises and entries; returns how many standings were different (0 is health).

    Who answers for a promise now is not told by entries and stays as it is.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE ledger_standing, ledger_tally IN EXCLUSIVE MODE")
        cursor.execute(statements.DIFFERENCES)
        differences = int(cursor.fetchone()[0])
        cursor.execute(statements.REBUILD_STANDINGS)
        cursor.execute("DELETE FROM ledger_tally")
        cursor.execute(statements.REBUILD_TALLIES)
    return differences
