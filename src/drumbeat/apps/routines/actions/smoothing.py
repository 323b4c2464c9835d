"""Phases are moved together, inside the spread of their routines, and put back. Moments to come follow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.actions.planning import plan_subscriptions
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import PhaseMove, Smoothing, Subscription
from drumbeat.core.refusal import insist


@transaction.atomic
def smooth_phases(
    phases: Mapping[int, int], person: Account, *, by: Account | None, at: datetime
) -> Smoothing:
    """Overwrites phases, by id of running subscriptions of work that `person` does. All or none; what is open stays."""
    rows = Subscription.objects.running().select_for_update(of=("self",)).select_related("routine__version")
    moving = [row for row in rows.filter(pk__in=phases) if row.phase != phases[row.pk]]
    insist(bool(moving), "There is nothing to move", "Look at the suggestion again")
    for row in moving:
        assert row.routine.version, "a running subscription has a published routine"
        spread = playbook_of(row.routine.version).cadence.spread
        insist(
            0 <= phases[row.pk] <= spread,
            f"{row.routine} spreads over {spread} working days only",
            "Look again",
        )
    smoothing = Smoothing.objects.create(person=person, at=at, by=by)
    PhaseMove.objects.bulk_create(
        PhaseMove(smoothing=smoothing, subscription=row, was=row.phase, becomes=phases[row.pk])
        for row in moving
    )
    _set({row.pk: phases[row.pk] for row in moving}, at)
    _record("phases.smoothed", smoothing, len(moving), by, at)
    return smoothing


@transaction.atomic
def undo_smoothing(smoothing: Smoothing, *, by: Account | None, at: datetime) -> int:
    """Puts back the phases that nobody changed since; how many. A second time does nothing."""
    smoothing = Smoothing.objects.select_for_update().get(pk=smoothing.pk)
    if smoothing.undone_at:
        return 0
    moves = smoothing.moves.select_related("subscription")
    back = {
        move.subscription_id: move.was
        for move in moves
        if move.subscription.phase == move.becomes and move.subscription.ended_on is None
    }
    _set(back, at)
    Smoothing.objects.filter(pk=smoothing.pk).update(undone_at=at)
    _record("phases.put_back", smoothing, len(back), by, at)
    return len(back)


def _set(phases: Mapping[int, int], at: datetime) -> None:
    rows = [Subscription(pk=pk, phase=phase) for pk, phase in phases.items()]
    Subscription.objects.bulk_update(rows, ["phase"], batch_size=2000)
    plan_subscriptions(rows, at=at)


def _record(kind: str, smoothing: Smoothing, count: int, by: Account | None, at: datetime) -> None:
    person = ("person", smoothing.person_id)
    record_event(kind, person, by_id=by.pk if by else None, at=at, smoothing=smoothing.pk, phases=count)
