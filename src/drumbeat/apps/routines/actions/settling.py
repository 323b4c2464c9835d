"""What follows from a step that is done: promises kept, earlier ones merged into it, the occurrence closed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from drumbeat.apps.ledger.actions import Settlement, settle_promises
from drumbeat.apps.ledger.models import Outcome
from drumbeat.apps.routines import statements
from drumbeat.apps.routines.models import Occurrence, Step


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was done at `at`, as told at `recorded_at`; `by_id` is empty for the machine. `cause` is the side that
    made its promise fail, if one did: then the promise is missed instead of kept."""

    step: Step
    by_id: int | None
    at: datetime
    recorded_at: datetime
    cause: str = ""


def settle_steps(done: Sequence[Done]) -> None:
    """For any number of steps in as many statements as for one."""
    merged = _merged_promises([one.step.occurrence for one in done if one.step.playbook_step.keeps])
    settlements = [
        _settlement(promise, one)
        for one in done
        for promise in (*own_promises(one.step), *_merged_into(one.step, merged))
    ]
    if settlements:
        settle_promises(settlements)
    close_finished({one.step.occurrence_id: one.recorded_at for one in sorted(done, key=_told)})


def _told(one: Done) -> datetime:
    return one.recorded_at


def _settlement(promise: int, one: Done) -> Settlement:
    if one.cause:
        told = one.recorded_at
        return Settlement(promise, str(Outcome.MISSED), one.by_id, told, told, "stayed_away", one.cause)
    return Settlement(promise, str(Outcome.KEPT), one.by_id, one.at, one.recorded_at)


def _merged_into(step: Step, merged: Mapping[int, list[int]]) -> list[int]:
    return merged.get(step.occurrence_id, []) if step.playbook_step.keeps else []


def own_promises(step: Step) -> list[int]:
    """Its own promise, and the occurrence's when it is the step that keeps it."""
    promises = [step.promise_id] if step.promise_id else []
    return [*promises, step.occurrence.promise_id] if step.playbook_step.keeps else promises


def _merged_promises(occurrences: Collection[Occurrence]) -> dict[int, list[int]]:
    """Occurrence -> promises of earlier ones that downtime merged into it: they were opened without steps."""
    merging = {one.subscription_id for one in occurrences if one.version.catch_up == "merge"}
    if not merging:
        return {}
    stepless = Occurrence.objects.open().filter(subscription__in=merging, steps=None)
    behind = set(stepless.values_list("subscription", flat=True))
    return {one.pk: _merge_earlier(one) for one in occurrences if one.subscription_id in behind}


def _merge_earlier(occurrence: Occurrence) -> list[int]:
    earlier = Occurrence.objects.open().filter(
        subscription=occurrence.subscription_id, nominal_on__lt=occurrence.nominal_on, steps=None
    )
    promises = list(earlier.values_list("promise_id", flat=True))
    Occurrence.objects.filter(promise__in=promises).update(closed_at=occurrence.opened_at)
    return promises


def close_finished(told: Mapping[int, datetime]) -> None:
    """Closes those of the occurrences that have nothing open any more, each at the moment that is told.

    They are locked first: two who finish the last two steps at once would each still see the other's step open.
    """
    with connection.cursor() as cursor:
        cursor.execute(statements.LOCK_OCCURRENCES, {"ids": list(told)})
        locked = [pk for (pk,) in cursor.fetchall()]
        if locked:
            cursor.execute(statements.CLOSE_FINISHED, {"ids": locked, "ats": [told[pk] for pk in locked]})
