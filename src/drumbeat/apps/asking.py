"""Asks the database for flat rows, quickly. Knows no table.

Pages that are opened all day long ask so: by a statement of plain SQL, or by a query that Django writes only once. Django
takes longer to write most of these questions than the server to answer them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache, wraps
from typing import Any, ParamSpec

from django.db import connection
from django.db.models import QuerySet
from psycopg import sql

Rows = list[tuple[Any, ...]]
P = ParamSpec("P")


def ask(statement: str, told: Mapping[str, Any] | Sequence[Any] = ()) -> Rows:
    """The rows, flat."""
    with connection.cursor() as cursor:
        cursor.execute(statement, told)
        return list(cursor.fetchall())


def kept(query: Callable[P, QuerySet[Any, tuple[Any, ...]]]) -> Callable[P, Rows]:
    """Lets Django write the SQL of a query of flat rows (`values_list`) once; afterwards only its arguments are filled in.

    Arguments are numbers, words, days or moments, and always values: None or a list would make it another query. What is
    no argument is written into the statement, so that the server keeps one plan for it, partial indexes included.
    """
    signature = inspect.signature(query, eval_str=True)

    @cache
    def written() -> tuple[str, list[tuple[str, type]]]:
        return _written(query, signature)

    @wraps(query)
    def asked(*args: P.args, **kwargs: P.kwargs) -> Rows:
        told = signature.bind(*args, **kwargs).arguments
        statement, places = written()
        return ask(statement, [_as(kind, told[name]) for name, kind in places])

    return asked


def _written(query: Callable[..., Any], signature: inspect.Signature) -> tuple[str, list[tuple[str, type]]]:
    """The statement, and for each of its places the argument that goes there, with the type that Django gives it."""
    stand_ins = {
        name: _STAND_INS[parameter.annotation](number)
        for number, (name, parameter) in enumerate(signature.parameters.items())
    }
    statement, values = query(**stand_ins).query.sql_with_params()
    pieces, places = statement.split("%s"), []
    for number, value in enumerate(values):
        name = next((name for name, stand_in in stand_ins.items() if stand_in == value), None)
        if name:
            places.append((name, type(value)))
        pieces[number] += "%s" if name else _literal(value)
    assert {name for name, _ in places} == set(stand_ins), (
        f"{query.__name__} has an argument that is no value"
    )
    return "".join(pieces), places


# Values that no query holds by itself, to see where Django puts each argument.
_STAND_INS: dict[type, Callable[[int], Any]] = {
    int: lambda number: 1_999_999_001 + number,
    str: lambda number: f"\ufdd0{number}",
    date: lambda number: date(1001, 1, 1) + timedelta(days=number),
    datetime: lambda number: datetime(1001, 1, 1, tzinfo=UTC) + timedelta(days=number),
}


def _literal(value: Any) -> str:
    plain = str(value) if isinstance(value, str) else value  # a choice is its word
    return sql.Literal(plain).as_string(None).replace("%", "%%")


def _as(kind: type, value: Any) -> Any:
    """Numbers keep the width of their column."""
    return kind(value) if issubclass(kind, int) else value
