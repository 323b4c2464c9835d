"""Work and promises follow the role when the person changes: open steps and open promises go to who keeps them now."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction

from drumbeat.apps.partners.models import Partner
from drumbeat.apps.routines.keepers import HAND, KEEPERS
from drumbeat.apps.routines.models import OPEN_STATES

STEPS_FOLLOW = f"""
UPDATE routines_step st SET assignee_id = {HAND.format("k", "st.due_at")}
FROM routines_occurrence o, ({KEEPERS}) k
WHERE o.id = st.occurrence_id AND k.subscription_id = o.subscription_id AND st.state = ANY(%(open)s)
  AND (%(partner)s::bigint IS NULL OR k.partner_id = %(partner)s)
  AND (st.role = 'channel_manager' OR st.side = 'partner')
  AND st.assignee_id IS DISTINCT FROM {HAND.format("k", "st.due_at")}
"""  # noqa: S608 — constants of the house

PROMISES_FOLLOW = f"""
UPDATE ledger_standing sd SET person_id = {HAND.format("k", "sd.due_at")}
FROM routines_occurrence o, routines_version v, ({KEEPERS}) k
WHERE o.promise_id = sd.promise_id AND v.id = o.version_id AND v.owner = 'channel_manager'
  AND (%(partner)s::bigint IS NULL OR k.partner_id = %(partner)s)
  AND k.subscription_id = o.subscription_id AND sd.outcome IS NULL
  AND sd.person_id IS DISTINCT FROM {HAND.format("k", "sd.due_at")}
"""  # noqa: S608

STEP_PROMISES_FOLLOW = """
UPDATE ledger_standing sd SET person_id = st.assignee_id
FROM routines_step st
WHERE st.promise_id = sd.promise_id AND st.side = 'vendor' AND st.role = 'channel_manager'
  AND sd.outcome IS NULL AND sd.person_id IS DISTINCT FROM st.assignee_id
"""


@transaction.atomic
def follow_assignments(*, on: date, partner: Partner | None = None) -> int:
    """As assignments, agreed owners and leaves stand on that day; of one partner, or of all. How many steps changed hands; twice changes nothing.

    What is settled stays with whom it was: a record counts for the person who had the promise when it was judged.
    """
    parameters = {
        "on": on,
        "partner": partner.pk if partner else None,
        "open": [str(state) for state in OPEN_STATES],
    }
    with connection.cursor() as cursor:
        cursor.execute(STEPS_FOLLOW, parameters)
        moved = int(cursor.rowcount)
        cursor.execute(PROMISES_FOLLOW, parameters)
        cursor.execute(STEP_PROMISES_FOLLOW)
    return moved
