"""What time does by itself: promises missed, and steps that nobody will do any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from drumbeat.apps.events.actions import event_of, write_events
from drumbeat.apps.ledger.actions import miss_overdue
from drumbeat.apps.ledger.models import Promise
from drumbeat.apps.routines.models import OPEN_STATES, Occurrence, Step, StepState

from .settling import close_finished

# Steps that serve a promise outlive it as long as the promise itself had from due to miss; what a partner was to send for
# it only as long as the promise had grace: afterwards nobody waits for it any more.
LAPSE = """
WITH late AS (
    SELECT st.id, st.occurrence_id
    FROM routines_step st
    JOIN routines_occurrence o ON o.id = st.occurrence_id
    JOIN ledger_standing s ON s.promise_id = o.promise_id
    WHERE st.state = ANY(%(open)s) AND st.promise_id IS NULL AND st.due_at <= %(at)s
      AND s.outcome IS NOT NULL
      AND st.due_at + (CASE st.side WHEN 'partner' THEN s.deadline_at ELSE s.miss_at END - s.due_at) <= %(at)s
    ORDER BY st.id LIMIT %(limit)s FOR UPDATE OF st SKIP LOCKED
),
lapsed AS (
    UPDATE routines_step SET state = 'lapsed', recorded_at = %(at)s, lease_until = NULL
    FROM late WHERE routines_step.id = late.id
)
SELECT occurrence_id FROM late
"""


@transaction.atomic
def miss_promises_due(*, at: datetime, limit: int = 5000) -> int:
    """Promises whose time is over are missed, an event each; the steps that would have kept them lapse with them."""
    missed = [promise for promise, _ in miss_overdue(at=at, limit=limit)]
    if not missed:
        return 0
    _tell_of(missed, at)
    keeping = Step.objects.filter(state__in=OPEN_STATES)
    by_step = keeping.filter(promise__in=missed)
    by_occurrence = keeping.filter(occurrence__promise__in=missed, promise=None)
    for steps in (by_step, by_occurrence):
        steps.update(state=StepState.LAPSED, recorded_at=at, lease_until=None)
    of_steps = Step.objects.filter(promise__in=missed).values_list("occurrence_id", flat=True)
    of_routines = Occurrence.objects.open().filter(promise__in=missed).values_list("pk", flat=True)
    close_finished(dict.fromkeys([*of_steps, *of_routines], at))
    return len(missed)


def _tell_of(missed: Sequence[int], at: datetime) -> None:
    told = Promise.objects.filter(pk__in=missed).order_by("pk")
    write_events(
        [
            event_of("promise.missed", ("promise", pk), by_id=None, at=at, partner=partner, routine=routine)
            for pk, partner, routine in told.values_list("pk", "partner_id", "routine")
        ]
    )


@transaction.atomic
def lapse_steps(*, at: datetime, limit: int = 5000) -> int:
    """Steps left undone after their promise had its outcome, when their own time is over too."""
    with connection.cursor() as cursor:
        cursor.execute(LAPSE, {"at": at, "limit": limit, "open": [str(state) for state in OPEN_STATES]})
        late = [occurrence for (occurrence,) in cursor.fetchall()]
    close_finished(dict.fromkeys(late, at))
    return len(late)
