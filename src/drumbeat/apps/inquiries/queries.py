"""Questions about what may be read in SQL, and whether it is set up."""

from __future__ import annotations

from drumbeat.apps.asking import ask
from drumbeat.core.refusal import Refused

from .reading import read
from .schema import SCHEMA, reader_role


def laid_out() -> str | None:
    """The mark on the schema of views; None where there is none."""
    [(mark,)] = ask("SELECT obj_description(to_regnamespace(%s)::oid, 'pg_namespace')", [SCHEMA])
    return str(mark) if mark is not None else None


def has_role() -> bool:
    return bool(ask("SELECT 1 FROM pg_roles WHERE rolname = %s", [reader_role()]))


def columns_of_views() -> dict[str, list[str]]:
    """View -> its columns, as they are laid out."""
    rows = ask(
        "SELECT relation.relname, part.attname FROM pg_attribute part JOIN pg_class relation ON relation.oid = part.attrelid "
        "WHERE relation.relnamespace = to_regnamespace(%s)::oid AND part.attnum > 0 ORDER BY 1, part.attnum",
        [SCHEMA],
    )
    found: dict[str, list[str]] = {}
    for view, column in rows:
        found.setdefault(view, []).append(column)
    return found


def trouble_of_reader() -> str:
    """Why questions can't be answered, or nothing."""
    try:
        read("SELECT 1", most=1)
    except Refused as refusal:
        return str(refusal)
    return ""
