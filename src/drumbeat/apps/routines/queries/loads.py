"""How many minutes of a channel manager's work fall due in a window, partner by partner: open steps, and those to come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from django.db.models import Sum

from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import Moment, Step, StepState
from drumbeat.apps.routines.queries.items import needed_minutes

ROLE = "channel_manager"


def minutes_due(partners: Collection[int], since: datetime, until: datetime) -> Counter[int]:
    """Partner id -> minutes; two queries. Moments further away than planning looks are not counted."""
    found: Counter[int] = Counter()
    open_steps = Step.objects.filter(
        state=StepState.OPEN, is_machine=False, side="vendor", role=ROLE, due_at__lt=until,
        occurrence__subscription__partner__in=list(partners),
    )  # fmt: skip
    rows = open_steps.values_list("occurrence__subscription__partner_id").annotate(
        total=Sum(needed_minutes())
    )
    for partner, minutes in rows:
        found[partner] += minutes or 0
    coming = Moment.objects.filter(subscription__partner__in=list(partners), opens_at__lt=until)
    for moment in coming.select_related("version", "subscription"):
        assert moment.subscription.partner_id
        found[moment.subscription.partner_id] += _minutes(moment, since, until)
    return found


def _minutes(moment: Moment, since: datetime, until: datetime) -> int:
    steps = zip(playbook_of(moment.version).steps, moment.step_dues, strict=True)
    return sum(step.minutes for step, due_at in steps if step.by == ROLE and since <= due_at < until)
