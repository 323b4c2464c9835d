"""Reads the answer to one SELECT by the role that may do nothing else, on a connection of its own that always rolls back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection as own

from drumbeat.core.refusal import Refused, insist

from .catalogue import VIEWS
from .schema import MOST_SECONDS, SCHEMA, SETTINGS, reader_password, reader_role

CURSOR = "asked"
BEFORE = len(f'DECLARE "{CURSOR}" CURSOR FOR ')
BEGINNINGS = ("select", "with", "values", "table", "(")
DJANGOS_OWN = {"server_side_binding", "prepare_threshold", "pool", "cursor_factory"}


@dataclass(frozen=True, slots=True)
class Found:
    """At most as many rows as were asked for; `is_more` when there are more."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    is_more: bool
    took_ms: int


def read(text: str, *, most: int) -> Found:
    """Raises Refused with what the database says, where, and how to mend it."""
    try:
        with _connected() as reader, reader.transaction(force_rollback=True):
            _insist_on_few_rights(reader)
            return _answer(reader, text, most)
    except psycopg.Error as error:
        raise _refusal(error, text) from error


@contextmanager
def _connected() -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    told = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
    try:
        reader = psycopg.connect(**_address(), options=told, connect_timeout=5)
    except psycopg.OperationalError as error:
        raise _unreachable(error) from error
    with reader:
        reader.read_only = True
        yield reader


def _address() -> dict[str, Any]:
    """The database that everything is in, as the reader; or what the administrator named."""
    if settings.READER_URL:
        return {"conninfo": settings.READER_URL}
    told = own.settings_dict
    options = {
        name: value for name, value in told["OPTIONS"].items() if name not in DJANGOS_OWN | {"options"}
    }
    place = {"host": told["HOST"], "port": told["PORT"], "dbname": told["NAME"]}
    return {
        **options,
        **{name: value for name, value in place.items() if value},
        "user": reader_role(),
        "password": reader_password(),
    }


def _unreachable(error: psycopg.OperationalError) -> Refused:
    said = str(error).strip().splitlines()[-1]
    if "too many connections" in said:
        return Refused("As many questions as may be are being answered just now", "Try again in a moment")
    return Refused(
        f"The role that reads can't sign in: {said}",
        "The guide on SQL tells an administrator how to set it up; `drumbeat check` tells whether it is",
    )


def _insist_on_few_rights(reader: psycopg.Connection[tuple[Any, ...]]) -> None:
    """Rather nothing than more than the views: somebody may have granted the role, or everybody, something else."""
    rows = reader.execute(_TOO_MUCH, {"schema": SCHEMA}).fetchall()
    found = ", ".join(name for (name,) in rows)
    insist(
        not rows,
        f"The role that reads may reach more than the views: {found}",
        "An administrator takes that away (REVOKE), then questions are answered again",
    )


_TOO_MUCH = """
    SELECT 'everything, as a superuser' FROM pg_roles WHERE rolname IN (current_user, session_user) AND rolsuper
    UNION ALL
    (SELECT format('%%I.%%I', place.nspname, relation.relname) FROM pg_class relation
     JOIN pg_namespace place ON place.oid = relation.relnamespace
     WHERE relation.relkind IN ('r', 'v', 'm', 'p', 'f')
       AND place.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
       AND has_schema_privilege(place.oid, 'USAGE')
       AND (has_any_column_privilege(relation.oid, 'INSERT, UPDATE') OR has_table_privilege(relation.oid, 'DELETE, TRUNCATE')
         OR (place.nspname <> %(schema)s AND has_any_column_privilege(relation.oid, 'SELECT')))
     ORDER BY 1 LIMIT 3)"""


def _answer(reader: psycopg.Connection[tuple[Any, ...]], text: str, most: int) -> Found:
    """By a cursor of the server: it takes one query, and one fetch is all that runs."""
    with reader.cursor(name=CURSOR) as cursor:
        cursor.execute(text.encode())
        columns = tuple(column.name for column in cursor.description or ())
        rows = cursor.fetchmany(most + 1)
    took = reader.execute("SELECT (extract(epoch FROM clock_timestamp() - now()) * 1000)::int").fetchone()
    return Found(columns, rows[:most], len(rows) > most, took[0] if took else 0)


def _refusal(error: psycopg.Error, text: str) -> Refused:
    said = (error.diag.message_primary or str(error)).strip().rstrip(".")
    what = f"{said[:1].upper()}{said[1:]}{_place(error, text)}"
    match error.sqlstate:
        case "57014":
            return Refused(
                f"It took longer than {MOST_SECONDS} seconds and was stopped",
                "Narrow it by days or partners, or count instead of listing",
            )
        case "25006" | "0A000":
            return Refused("Nothing can be changed here", "Ask with one SELECT")
        case "42501":
            return Refused(what, "Only the views listed here can be read")
        case "42P01" | "42883":
            return Refused(what, error.diag.message_hint or _meant(said))
        case "42601":
            return _unreadable(what, text)
    return Refused(what, error.diag.message_hint or "Mend the words and ask again")


def _place(error: psycopg.Error, text: str) -> str:
    """Line and column of the asker's words."""
    told = error.diag.statement_position
    if not told or int(told) <= BEFORE:
        return ""
    before = text[: int(told) - BEFORE - 1]
    return f" (line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))})"


def _meant(said: str) -> str:
    """The view whose name is nearest to the one that isn't there."""
    name = said.split('"')[1] if '"' in said else ""
    near = get_close_matches(name, [view.name for view in VIEWS], n=1)
    return f"Did you mean {near[0]}?" if near else "The views that there are stand beside"


def _unreadable(what: str, text: str) -> Refused:
    if "multiple commands" in what:
        return Refused("There are two statements", "Ask one SELECT, without a semicolon inside")
    first = text.lstrip().split(maxsplit=1)[0].lower()
    if not first.startswith(BEGINNINGS) and not first.startswith("-"):
        return Refused(
            f"It begins with {first[:20].upper()}", "Only one SELECT is answered; nothing can be changed here"
        )
    return Refused(what, "Mend the words there and ask again")
