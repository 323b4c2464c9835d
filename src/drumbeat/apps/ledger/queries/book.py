"""The state of the book itself: room for the months to come, and who could change what is written."""

from __future__ import annotations

from datetime import datetime

from drumbeat.apps.asking import ask


def months_left(at: datetime) -> int:
    """For how many months after that of `at` the ledger has room without a gap."""
    [(left,)] = ask(
        """SELECT count(*) FROM generate_series(1, 120) n
           WHERE NOT EXISTS (
               SELECT FROM generate_series(1, n) m
               WHERE to_regclass('ledger_entry_' || to_char(%s::timestamptz AT TIME ZONE 'UTC'
                   + make_interval(months => m), '"y"YYYY"m"MM')) IS NULL)""",
        [at],
    )
    return int(left)


def owns_ledger() -> bool:
    """Whether the connected role could change the book if it took the triggers off."""
    [(owns,)] = ask(
        """SELECT pg_has_role(current_user, relowner, 'MEMBER') OR has_table_privilege(oid, 'UPDATE')
           FROM pg_class WHERE oid = 'ledger_entry'::regclass"""
    )
    return bool(owns)
