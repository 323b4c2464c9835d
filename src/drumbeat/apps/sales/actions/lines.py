"""Lines of a file take their place among those that count, and give it back when the file is undone.

The caller stages the rows as texts and holds the transaction; months are summed anew in it, so that figures by month and
by line can't differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from drumbeat.apps.people.queries import vendor
from drumbeat.apps.sales import statements

Values = dict[str, Any]
Wrong = tuple[int, str, str, str, str]  # row, field, value, reason, mend


@dataclass(frozen=True, slots=True)
class Taken:
    """How many lines were new, corrected, known; and the months that had a figure without lines, as they were."""

    created: int
    changed: int
    unchanged: int
    figures_before: tuple[tuple[int, Any], ...]


def check_lines(*, amounts_are_reporting: bool, at: datetime) -> list[Wrong]:
    """Reads the staged texts as lines and says what is wrong with them, by row. A line repeated word for word is wrong
    in no way: it is left out."""
    values: Values = {"currency": vendor().currency, "reporting": amounts_are_reporting, "today": at.date()}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE staged")
        cursor.execute(statements.INCOMING, values)
        cursor.execute("ANALYZE incoming")
        found = list(_failed(cursor, values))
        cursor.execute(statements.TWICE)
        repeated = cursor.fetchall()
        cursor.execute(statements.FORGET_ROWS, {"rows": [row for row, *_, is_same in repeated if is_same]})
    differing = ((row, value, first) for row, value, first, is_same in repeated if not is_same)
    return found + [
        (
            row,
            "line",
            value,
            f"The line was there already in row {first}, with another content",
            "Keep one of the rows",
        )
        for row, value, first in differing
    ]


def _failed(cursor: Any, values: Values) -> Iterator[Wrong]:
    for field, condition, reason, mend in statements.CHECKS:
        text = statements.WRONG.format(field=field, condition=condition.replace("{{", "{").replace("}}", "}"))
        cursor.execute(text, values)
        yield from (
            (row, field, value or "", reason.format(value=value), mend) for row, value in cursor.fetchall()
        )


def take_lines(load_id: int, *, mapped: Sequence[str], without: Iterable[int], at: datetime) -> Taken:
    """The checked lines, without the wrong rows. What the file doesn't say stays as an earlier file said it."""
    values: Values = {
        "load": load_id, "at": at, "mapped": list(mapped), "rows": list(without), "currency": vendor().currency,
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in (
            "DROP TABLE IF EXISTS pg_temp.matched, pg_temp.touched", statements.FORGET_ROWS, statements.MATCHED,
            "ANALYZE matched", statements.REPLACE, statements.WRITE, statements.CLAIM, statements.TOUCHED,
        ):  # fmt: skip
            cursor.execute(statement, values if "%(" in statement else None)
        cursor.execute(statements.FIGURES_BEFORE)
        before = tuple(cursor.fetchall())
        cursor.execute(statements.SUM_MONTHS, values)
        cursor.execute(statements.EMPTY_MONTHS)
        cursor.execute(statements.COUNTS)
        created, changed, unchanged = cursor.fetchone()
        return Taken(created, changed, unchanged, before)


@transaction.atomic
def take_back_lines(load_id: int, *, at: datetime) -> None:
    """As if the load had never been: its lines go, those it replaced count again, those that a later file held too stay."""
    values: Values = {"load": load_id, "currency": vendor().currency, "at": at}
    with connection.cursor() as cursor:
        for statement in (
            "DROP TABLE IF EXISTS pg_temp.touched, pg_temp.gone", statements.TOUCHED_BY_LOAD, statements.HAND_OVER,
            statements.DROP_CLAIMS, statements.DELETED, statements.DELETE_LINES, statements.COUNT_AGAIN,
            statements.SUM_MONTHS, statements.EMPTY_MONTHS,
        ):  # fmt: skip
            cursor.execute(statement, values if "%(" in statement else None)
