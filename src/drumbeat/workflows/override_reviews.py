"""Exceptions agreed until told otherwise whose review is due, by the person who is asked whether they are still wanted."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from drumbeat.apps.partners.queries import keepers_of
from drumbeat.apps.routines.models import Override


def reviews_due(on: date) -> dict[int, list[Override]]:
    """Person -> overrides: who agreed on it; who looks after the partner where that was the machine or somebody who left."""
    related = ("agreed_by", "subscription__routine", "subscription__partner", "subscription__person")
    due = Override.objects.for_review(on).filter(subscription__ended_on=None).select_related(*related)
    rows = list(due.order_by("review_on", "pk"))
    keepers = keepers_of([row.subscription.partner_id for row in rows if row.subscription.partner_id], on)
    found: dict[int, list[Override]] = defaultdict(list)
    for row in rows:
        if asked := _asked(row, keepers):
            found[asked].append(row)
    return found


def _asked(row: Override, keepers: dict[int, int]) -> int | None:
    if row.agreed_by and row.agreed_by.is_active:
        return row.agreed_by.pk
    return keepers.get(row.subscription.partner_id or 0, row.subscription.person_id)
