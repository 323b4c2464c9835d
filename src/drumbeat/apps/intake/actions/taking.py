"""The staged rows of one kind are checked as a set, and take their place: lines by the verbs of sales, all others into
their kind's table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from drumbeat.apps.intake import lists
from drumbeat.apps.intake.mappings import Mapping
from drumbeat.apps.intake.models import Change, Load
from drumbeat.apps.intake.shapes import Kind
from drumbeat.apps.people.queries import vendor
from drumbeat.apps.sales.actions import check_lines, take_lines

Found = tuple[int, str, str, str, str]  # row, field, value, reason, mend


class Counts(NamedTuple):
    created: int = 0
    changed: int = 0
    unchanged: int = 0


def check(kind: Kind, mapping: Mapping, *, at: datetime) -> list[Found]:
    """What is wrong with the staged rows."""
    if not kind.table:
        return check_lines(amounts_are_reporting=mapping.amounts_are_reporting, at=at)
    return list(_check_list(kind, at))


def _check_list(kind: Kind, at: datetime) -> Iterator[Found]:
    values = _values(at)
    with connection.cursor() as cursor:
        for one in kind.checks:
            cursor.execute(lists.failed(kind, one), values)
            yield from (
                (row, one.field, value or "", one.reason.format(value=value), one.mend)
                for row, value in cursor.fetchall()
            )
        cursor.execute(lists.incoming(kind), values)
        cursor.execute(lists.twice(kind))
        repeated = cursor.fetchall()
        cursor.execute(
            "DELETE FROM incoming WHERE row = ANY(%s)", [[row for row, *_, is_same in repeated if is_same]]
        )
    for row, key, first, is_same in repeated:
        if not is_same:
            field = next(column.field for column in kind.columns if column.name in kind.key)
            yield (
                row,
                field,
                key,
                f"{key} was there already in row {first}, with another content",
                "Keep one of the rows",
            )


def take(kind: Kind, mapping: Mapping, load: Load, *, without: Sequence[int], at: datetime) -> Counts:
    """The checked rows, without the wrong ones."""
    mapped = frozenset(mapping.sources)
    if kind.table:
        return _take_list(kind, mapped, load, without, at)
    taken = take_lines(load.pk, mapped=sorted(mapped), without=without, at=at)
    Change.objects.bulk_create(
        Change(load=load, table="sales_sellthrough", row_id=row_id, before=_json(before))
        for row_id, before in taken.figures_before
    )
    return Counts(taken.created, taken.changed, taken.unchanged)


def _take_list(
    kind: Kind, mapped: frozenset[str], load: Load, without: Sequence[int], at: datetime
) -> Counts:
    values = {**_values(at), "load": load.pk}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM incoming WHERE row = ANY(%s)", [list(without)])
        cursor.execute("SELECT count(*) FROM incoming")
        (total,) = cursor.fetchone()
        cursor.execute(lists.differing(kind, mapped), values)
        cursor.execute(lists.remember(kind), values)
        changed = cursor.rowcount
        if changed:
            cursor.execute(lists.change(kind, mapped), values)
        cursor.execute(lists.add(kind), values)
        return Counts(cursor.rowcount, changed, total - changed - cursor.rowcount)


def _values(at: datetime) -> dict[str, Any]:
    return {"at": at, "zone": vendor().zone, "currency": vendor().currency}


def _json(value: Any) -> Any:
    import json

    return json.loads(value) if isinstance(value, str) else value
