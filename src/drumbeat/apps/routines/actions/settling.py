"""What follows from a step that is done: promises kept, earlier ones merged into it, the occurrence closed."""

from __future__ import annotations

from datetime import datetime

from drumbeat.apps.ledger.actions import keep_promises, miss_promises
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.models import OPEN_STATES, Occurrence, Step


def settle_step(
    step: Step, *, by: Account | None, at: datetime, recorded_at: datetime, cause: str = ""
) -> None:
    promises = [step.promise_id] if step.promise_id else []
    if step.playbook_step.keeps:
        promises += [step.occurrence.promise_id, *_merged_promises(step.occurrence)]
    if promises and cause:
        miss_promises(promises, by=by, at=recorded_at, reason="stayed_away", cause=cause)
    elif promises:
        keep_promises(promises, by=by, at=at, recorded_at=recorded_at)
    close_if_finished(step.occurrence, at=recorded_at)


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


def close_if_finished(occurrence: Occurrence, *, at: datetime) -> None:
    if not Step.objects.filter(occurrence=occurrence.pk, state__in=OPEN_STATES).exists():
        Occurrence.objects.open().filter(pk=occurrence.pk).update(closed_at=at)
