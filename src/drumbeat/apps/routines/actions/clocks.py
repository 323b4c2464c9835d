"""Response clocks of routines: while a step that pauses the clock is with the partner, what we promised rests.

When it has answered, promises and steps are due as much working time later as was left. What a clock used is never stored:
it is told from the entries.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from drumbeat.apps.ledger.actions import rest_promises, resume_promises
from drumbeat.apps.ledger.models import Side, Standing
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import OPEN_STATES, Occurrence, Step, StepState
from drumbeat.apps.routines.queries import setting_of
from drumbeat.core.clocks import due_after_rest
from drumbeat.core.worktime import WorkingHours


def turn_clocks(steps: Collection[Step], *, at: datetime) -> None:
    """Called when steps were asked or settled: the clocks of the occurrences of those that pause rest or run again."""
    turning = {step.occurrence_id: step.occurrence for step in steps if _pauses(step)}
    for pk in sorted(turning):
        turn_clock(turning[pk], at=at)


def _pauses(step: Step) -> bool:
    return step.kind == "form" and step.playbook_step.key in _pausing(step.occurrence)


def _pausing(occurrence: Occurrence) -> list[str]:
    return [step.key for step in playbook_of(occurrence.version).steps if step.pauses_clock]


def turn_clock(occurrence: Occurrence, *, at: datetime) -> None:
    """The clock of one occurrence rests or runs as it now should; safe twice."""
    # Two who answer the last two questions at once would each still see the other's open.
    Occurrence.objects.select_for_update().get(pk=occurrence.pk)
    standings = list(_our_open_standings(occurrence))
    if _is_partners_turn(occurrence):
        rest_promises([standing.pk for standing in standings], at=at)
        return
    resting = [standing for standing in standings if standing.rests_from]
    if resting:
        hours = setting_of(occurrence.subscription, playbook_of(occurrence.version), at).hours
        _resume(occurrence, resting, hours, at)


def _our_open_standings(occurrence: Occurrence) -> Collection[Standing]:
    of_it = Q(promise__occurrence=occurrence) | Q(promise__step__occurrence=occurrence)
    return Standing.objects.open().filter(of_it).exclude(promise__owing=Side.PARTNER).order_by("pk")


def _is_partners_turn(occurrence: Occurrence) -> bool:
    asked = Step.objects.filter(
        occurrence=occurrence, playbook_step__key__in=_pausing(occurrence), side=Side.PARTNER
    )
    return asked.filter(state=StepState.OPEN, is_machine=False).exists()


def _resume(occurrence: Occurrence, resting: Collection[Standing], hours: WorkingHours, at: datetime) -> None:
    rested_at = min(standing.rests_from for standing in resting if standing.rests_from)
    dues = {one.pk: due_after_rest(one.due_at, one.rests_from or at, at, hours) for one in resting}
    resume_promises(dues, at=at)
    ours = Step.objects.filter(occurrence=occurrence, state__in=OPEN_STATES, due_at__gt=rested_at)
    for step in ours.exclude(side=Side.PARTNER):
        step.due_at = due_after_rest(step.due_at, rested_at, at, hours)
        step.starts_at = due_after_rest(step.starts_at, rested_at, at, hours)
        step.save(update_fields=["due_at", "starts_at"])
