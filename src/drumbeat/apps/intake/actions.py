"""Loading a planned file: all of it in one transaction, or nothing."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.partners.actions import add_partners, change_partner
from drumbeat.apps.people.models import Account
from drumbeat.core.refusal import Refused, insist

from .models import Load
from .queries import Plan


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
    add_partners(plan.new, by=by, at=at)
    for partner, changes in plan.changed:
        change_partner(partner, changes, by=by, at=at)
    record_event("import.finished", ("import", load.pk), by_id=by.pk if by else None, at=at, noun="partners")
    return load
