"""What the database needs for questions in SQL: a schema of views, and a role that may read them and nothing else. Made by
whoever brings the database to its form, as far as its rights go; what they don't reach is told with the statement to run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from .catalogue import VIEWS

SCHEMA = "drumbeat_reading"
OURS = "Laid out by Drumbeat: "
MOST_SECONDS, MOST_AT_ONCE = 15, 3
NAME_BYTES = 63
SETTINGS = {
    "default_transaction_read_only": "on",
    "statement_timeout": f"{MOST_SECONDS}s",
    "idle_in_transaction_session_timeout": "30s",
    "lock_timeout": "2s",
    "search_path": SCHEMA,
}


def reader_role() -> str:
    """What the administrator named, else one for each database: roles belong to the whole server."""
    named = conninfo_to_dict(settings.READER_URL).get("user") if settings.READER_URL else None
    if named:
        return str(named)
    ending = "_reader"
    return str(connection.settings_dict["NAME"])[: NAME_BYTES - len(ending)] + ending


def reader_password() -> str:
    """Told by the secret key, so that nobody has to keep it."""
    return salted_hmac("drumbeat.inquiries.reader", reader_role(), algorithm="sha256").hexdigest()


def digest() -> str:
    """Of all that is laid out; another one asks for laying out anew."""
    told = [reader_role(), reader_password(), *(f"{one.name}{one.meaning}{one.select}" for one in VIEWS)]
    return OURS + hashlib.sha256("\0".join(told).encode()).hexdigest()[:16]


def drop_views() -> sql.Composed:
    return sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(SCHEMA))


def make_views() -> Iterator[sql.Composed]:
    yield sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(SCHEMA))
    for view in VIEWS:
        name = sql.Identifier(SCHEMA, view.name)
        yield sql.SQL("CREATE VIEW {} AS {}").format(name, sql.SQL(view.select))
        yield sql.SQL("COMMENT ON VIEW {} IS {}").format(name, sql.Literal(view.meaning))


def make_role() -> sql.Composed:
    return sql.SQL("CREATE ROLE {}").format(sql.Identifier(reader_role()))


def arm_role() -> Iterator[sql.Composed]:
    """It signs in by itself, because who only slips into a role can slip out of it again within one statement."""
    role = sql.Identifier(reader_role())
    yield sql.SQL("ALTER ROLE {} LOGIN CONNECTION LIMIT {} PASSWORD {}").format(
        role, sql.Literal(MOST_AT_ONCE), sql.Literal(reader_password())
    )
    for name, value in SETTINGS.items():
        yield sql.SQL("ALTER ROLE {} SET {} = {}").format(role, sql.Identifier(name), sql.Literal(value))


def let_read() -> Iterator[sql.Composed]:
    role, schema = sql.Identifier(reader_role()), sql.Identifier(SCHEMA)
    database = sql.Identifier(str(connection.settings_dict["NAME"]))
    yield sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, role)
    yield sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, role)
    yield sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}").format(schema, role)


def mark(*, is_read: bool) -> sql.Composed:
    """Without a role that reads it, it is to be laid out again."""
    told = digest() if is_read else f"{OURS}no role reads it yet"
    return sql.SQL("COMMENT ON SCHEMA {} IS {}").format(sql.Identifier(SCHEMA), sql.Literal(told))
