"""Loading a planned file: all of it in one transaction, or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.intake.models import Change, Load
from drumbeat.apps.intake.queries import Plan
from drumbeat.apps.partners.actions import add_partners, change_partner
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account
from drumbeat.core.refusal import Refused, insist

TABLE = "partners_partner"


def load_partners(plan: Plan, *, by: Account | None, at: datetime) -> Load:
    """Writes what was planned. The same file, mapping and places are loaded once: a second time the first load comes
    back and nothing changes. Raises Refused while a row is wrong."""
    if plan.loaded_before:
        return plan.loaded_before
    name = plan.table.name
    insist(
        not plan.errors,
        f"{name}: {plan.refused_rows} rows are wrong, first {plan.errors[0] if plan.errors else ''}",
        "Mend them and load the file again; nothing was written",
    )
    try:
        return _load(plan, by=by, at=at)
    except IntegrityError as error:
        raise Refused(f"{name} was loaded by somebody else just now", "Look at the partners") from error


@transaction.atomic
def _load(plan: Plan, *, by: Account | None, at: datetime) -> Load:
    load = Load.objects.create(
        noun="partners",
        file_name=plan.table.name[-200:],
        digest=plan.digest,
        loaded_at=at,
        loaded_by=by,
        created=len(plan.new),
        changed=len(plan.changed),
        warnings=plan.warned_rows,
    )
    added = add_partners(plan.new, by=by, at=at)
    changes_made = [Change(load=load, table=TABLE, row_id=partner.pk) for partner in added]
    changes_made += [
        Change(load=load, table=TABLE, row_id=partner.pk, before=row_before)
        for partner, row_before in _as_they_are([partner for partner, _ in plan.changed])
    ]
    Change.objects.bulk_create(changes_made, batch_size=1000)
    for partner, changes in plan.changed:
        change_partner(partner, changes, by=by, at=at)
    record_event("import.finished", ("import", load.pk), by_id=by.pk if by else None, at=at, noun="partners")
    return load


def _as_they_are(partners: Sequence[Partner]) -> Iterator[tuple[Partner, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, to_jsonb(p) FROM partners_partner p WHERE id = ANY(%s)",
            [[partner.pk for partner in partners]],
        )
        rows = dict(cursor.fetchall())
    return ((partner, _json(rows[partner.pk])) for partner in partners)


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
