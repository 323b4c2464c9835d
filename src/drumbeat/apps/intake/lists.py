"""SQL that puts the staged rows of one kind into its table: checks, what is new, what differs. Every row that a load
touches is written down as it was before. Built from the kind's own columns; no value of a file is part of a statement."""

from __future__ import annotations

from .shapes import Check, Column, Kind


def incoming(kind: Kind) -> str:
    columns = ", ".join(f"{column.sql} AS {column.name}" for column in kind.columns)
    return f"CREATE TEMP TABLE incoming ON COMMIT DROP AS SELECT s.row, {columns} FROM staged s {kind.joins}"  # noqa: S608


def failed(kind: Kind, check: Check) -> str:
    return f'SELECT s.row, s."{check.field}" FROM staged s {kind.joins} WHERE {check.condition} ORDER BY s.row LIMIT 100001'  # noqa: S608


def twice(kind: Kind) -> str:
    """Rows whose key another row has already: (row, key, first row, whether all is alike)."""
    key = ", ".join(kind.key)
    content = f"ROW({', '.join(column.name for column in kind.columns)})::text"
    return f"""
        SELECT * FROM (
            SELECT row, concat_ws(' ', {key}), first_value(row) OVER same AS first, {content} = first_value({content}) OVER same
            FROM incoming WINDOW same AS (PARTITION BY {key} ORDER BY row)) seen
        WHERE row <> first ORDER BY row"""  # noqa: S608


def _same_key(kind: Kind) -> str:
    return " AND ".join(f"t.{name} = i.{name}" for name in kind.key)


def _said(kind: Kind, mapped: frozenset[str]) -> list[Column]:
    return [column for column in kind.columns if column.field in mapped and column.name not in kind.key]


def _value(column: Column) -> str:
    return f"coalesce(i.{column.name}, t.{column.name})" if column.otherwise else f"i.{column.name}"


def differing(kind: Kind, mapped: frozenset[str]) -> str:
    """Rows of the table whose said columns change, kept as they are: (id, row of the file)."""
    differs = (
        " OR ".join(f"t.{one.name} IS DISTINCT FROM {_value(one)}" for one in _said(kind, mapped)) or "false"
    )
    return f"""
        CREATE TEMP TABLE differing ON COMMIT DROP AS
        SELECT t.id, i.row, to_jsonb(t) AS before FROM incoming i JOIN {kind.table} t ON {_same_key(kind)} WHERE {differs}"""  # noqa: S608


def remember(kind: Kind) -> str:
    return f"""
        INSERT INTO intake_change (load_id, "table", row_id, before) SELECT %(load)s, '{kind.table}', id, before FROM differing"""  # noqa: S608


def change(kind: Kind, mapped: frozenset[str]) -> str:
    values = ", ".join(f"{column.name} = {_value(column)}" for column in _said(kind, mapped))
    return f"""
        UPDATE {kind.table} t SET {values} FROM incoming i JOIN differing USING (row) WHERE t.id = differing.id"""  # noqa: S608


def add(kind: Kind) -> str:
    names = ", ".join(column.name for column in kind.columns)
    values = ", ".join(
        f"coalesce(i.{column.name}, {column.otherwise})" if column.otherwise else f"i.{column.name}"
        for column in kind.columns
    )
    return f"""
        WITH added AS (
            INSERT INTO {kind.table} ({names})
            SELECT {values} FROM incoming i WHERE NOT EXISTS (SELECT FROM {kind.table} t WHERE {_same_key(kind)})
            RETURNING id)
        INSERT INTO intake_change (load_id, "table", row_id, before) SELECT %(load)s, '{kind.table}', id, NULL FROM added"""  # noqa: S608
