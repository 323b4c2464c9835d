"""What follows from a step that is done: promises kept, earlier ones merged into it, the occurrence closed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection

from drumbeat.apps.ledger.actions import keep_promises, miss_promises
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines import statements
from drumbeat.apps.routines.models import Occurrence, Step


def settle_steps(
    steps: Collection[Step], *, by: Account | None, at: datetime, recorded_at: datetime, cause: str = ""
) -> None:
    """For any number of steps in as many statements as for one."""
    promises = [promise for step in steps for promise in _settled_by(step)]
    if promises and cause:
        miss_promises(promises, by=by, at=recorded_at, reason="stayed_away", cause=cause)
    elif promises:
        keep_promises(promises, by=by, at=at, recorded_at=recorded_at)
    close_finished({step.occurrence_id for step in steps}, at=recorded_at)


def _settled_by(step: Step) -> list[int]:
    return own_promises(step) + (_merged_promises(step.occurrence) if step.playbook_step.keeps else [])


def own_promises(step: Step) -> list[int]:
    """Its own promise, and the occurrence's when it is the step that keeps it."""
    promises = [step.promise_id] if step.promise_id else []
    return [*promises, step.occurrence.promise_id] if step.playbook_step.keeps else promises


def _merged_promises(occurrence: Occurrence) -> list[int]:
    """Promises of earlier occurrences that downtime merged into this one: they were opened without steps."""
    if occurrence.version.catch_up != "merge":
        return []
    earlier = Occurrence.objects.open().filter(
        subscription=occurrence.subscription_id, nominal_on__lt=occurrence.nominal_on, steps=None
    )
    promises = list(earlier.values_list("promise_id", flat=True))
    Occurrence.objects.filter(promise__in=promises).update(closed_at=occurrence.opened_at)
    return promises


def close_finished(occurrences: Collection[int], *, at: datetime) -> None:
    """Closes those of them that have nothing open any more.

    They are locked first: two who finish the last two steps at once would each still see the other's step open.
    """
    with connection.cursor() as cursor:
        cursor.execute(statements.LOCK_OCCURRENCES, {"ids": list(occurrences)})
        locked = [pk for (pk,) in cursor.fetchall()]
        if locked:
            cursor.execute(statements.CLOSE_FINISHED, {"ids": locked, "at": at})
