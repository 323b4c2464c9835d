"""Undoing a whole file: every row is as it was before, or nothing changes and the reason is said."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.intake.models import Change, Load
from drumbeat.apps.people.models import Account
from drumbeat.apps.sales.actions import take_back_lines
from drumbeat.core.refusal import Refused, insist


@transaction.atomic
def undo_load(load_id: int, *, by: Account | None, at: datetime) -> Load:
    """Refused while a later file changed the same rows of a list, or other rows lean on what this one added. Lines may be
    undone in any order. A second time nothing happens."""
    load = Load.objects.select_for_update().filter(pk=load_id).first()
    if load is None:
        raise Refused(f"There is no load {load_id}", "`drumbeat intake loads` lists them")
    if load.undone_at:
        return load
    _insist_on_last(load)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for table in load.changes.order_by("table").values_list("table", flat=True).distinct():
                _restore(cursor, load, table)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            if (
                load.noun == "lines"
            ):  # after the figures of months that came back: lines of other files still take their place
                take_back_lines(load.pk, at=at)
    except IntegrityError as error:
        reason = str(error).strip().splitlines()[-1]
        raise Refused(
            f"Other rows lean on what {load} added ({reason})", "Undo the files that came after it first"
        ) from error
    load.undone_at = at
    load.save(update_fields=["undone_at"])
    record_event("file.undone", ("load", load.pk), by_id=by.pk if by else None, at=at, noun=load.noun)
    return load


def _insist_on_last(load: Load) -> None:
    if load.noun == "lines":
        return
    same_row = Change.objects.filter(load=load, table=OuterRef("table"), row_id=OuterRef("row_id"))
    later = Change.objects.filter(Exists(same_row), load__pk__gt=load.pk, load__undone_at=None).first()
    if later:
        raise Refused(f"Load {later.load_id} changed the same rows later", f"Undo load {later.load_id} first")


def _restore(cursor, load: Load, table: str) -> None:  # type: ignore[no-untyped-def]
    """Rows that were there get their columns back, those that were not go."""
    insist(table.replace("_", "").isalpha(), f"{table} is no table", "")
    cursor.execute(
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
        [table],
    )
    (columns,) = cursor.fetchone()
    old = f"""SELECT r.* FROM intake_change c CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, c.before) r
        WHERE c.load_id = %(load)s AND c."table" = %(table)s AND c.before IS NOT NULL"""  # noqa: S608
    values = {"load": load.pk, "table": table}
    assignments = ", ".join(f"{one} = excluded.{one}" for one in columns.split(", ") if one != "id")
    cursor.execute(
        f"INSERT INTO {table} ({columns}) {old} ON CONFLICT (id) DO UPDATE SET {assignments}", values
    )
    cursor.execute(
        f"""DELETE FROM {table} WHERE id IN (SELECT row_id FROM intake_change
            WHERE load_id = %(load)s AND "table" = %(table)s AND before IS NULL)""",  # noqa: S608
        values,
    )
