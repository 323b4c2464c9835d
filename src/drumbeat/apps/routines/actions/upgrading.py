"""Open occurrences move to a routine's new version: done steps stay, new ones come, dropped ones are left out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.ledger.actions import waive_promises
from drumbeat.apps.ledger.reasons import UPGRADED
from drumbeat.apps.people.models import Account
from drumbeat.apps.people.queries import vendor_day
from drumbeat.apps.routines.access import may_upgrade
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import Moment, Occurrence, PlaybookStep, Routine, Step, StepState, Version
from drumbeat.apps.routines.queries import UpgradeLine, setting_of, upgrade_lines
from drumbeat.apps.routines.statements import ADD_STEPS
from drumbeat.core.planning import moved_moment
from drumbeat.core.refusal import insist

from .clocks import turn_clock
from .planning import Planned, plan_moments
from .settling import close_finished


@dataclass(frozen=True, slots=True)
class Upgraded:
    """`occurrences` moved to the new version, `stayed` are finished on the old one; steps created, moved and left out; and
    what became of the moments to come."""

    occurrences: int
    stayed: int
    created: int
    moved: int
    cancelled: int
    moments: Planned


@transaction.atomic
def upgrade_routine(
    routine: Routine, *, only: Collection[int] | None = None, by: Account | None, at: datetime
) -> Upgraded:
    """To the published version; of `only` these occurrences if given. The promise keeps its day. Twice changes nothing."""
    insist(may_upgrade(by), "Only a director or partner operations upgrades routines", "Ask one to do it")
    version = routine.version
    assert version, "a routine with occurrences is published"
    open_ones = Occurrence.objects.open().filter(subscription__routine=routine)
    list(open_ones.order_by("pk").select_for_update().values_list("pk"))  # nobody finishes them meanwhile
    lines = upgrade_lines(routine, playbook_of(version), at=at, only=only)
    moving = [line for line in lines if line.changes is not None]
    texts = {step.key: step for step in version.playbook_steps.all()}
    for line in moving:
        _move(line, version, texts, at)
    moments = _move_moments(routine, version, at)
    if moving:
        record_event(
            "routine.upgraded",
            ("routine", routine.pk),
            by_id=by.pk if by else None,
            at=at,
            number=version.number,
            occurrences=[line.occurrence.pk for line in moving],
        )
    counts = {
        name: sum(len(getattr(line.changes, name)) for line in moving)
        for name in ("create", "move", "cancel")
    }
    return Upgraded(
        len(moving), len(lines) - len(moving), counts["create"], counts["move"], counts["cancel"], moments
    )


def _move(line: UpgradeLine, version: Version, texts: dict[str, PlaybookStep], at: datetime) -> None:
    assert line.changes is not None and line.wanted
    steps = {step.playbook_step.key: step for step in line.occurrence.steps.all()}
    _leave_out([steps[key] for key in line.changes.cancel], at)
    for key, due_at in line.changes.move.items():
        starts_at = steps[key].starts_at if steps[key].kind in ("meeting", "wait") else due_at
        Step.objects.filter(pk=steps[key].pk).update(due_at=due_at, starts_at=starts_at)
    for key, step in steps.items():
        if key in texts and key not in line.changes.cancel:
            Step.objects.filter(pk=step.pk).update(playbook_step=texts[key])
    if line.changes.create:
        _add(line, version, at)
    line.occurrence.version = version
    line.occurrence.save(update_fields=["version"])
    if line.occurrence.promise.standing.rests_from:
        turn_clock(line.occurrence, at=at)
    close_finished({line.occurrence.pk: at})


def _leave_out(steps: list[Step], at: datetime) -> None:
    ids = [step.pk for step in steps]
    Step.objects.filter(pk__in=ids).update(state=StepState.SKIPPED, recorded_at=at, lease_until=None)
    waive_promises([step.promise_id for step in steps if step.promise_id], at=at, reason=UPGRADED)


def _add(line: UpgradeLine, version: Version, at: datetime) -> None:
    assert line.changes is not None and line.wanted
    standing = line.occurrence.promise.standing
    parameters: dict[str, Any] = {
        "at": at,
        "on": vendor_day(at),
        "occurrence": line.occurrence.pk,
        "version": version.pk,
        "keys": list(line.changes.create),
        "opens_at": max(line.wanted.opens_at, line.occurrence.opened_at),
        "deadline_at": standing.deadline_at,
        "miss_at": standing.miss_at,
        "dues": list(line.wanted.step_dues),
        "deadlines": list(line.wanted.step_deadlines),
    }
    with connection.cursor() as cursor:
        cursor.execute(ADD_STEPS, parameters)


def _move_moments(routine: Routine, version: Version, at: datetime) -> Planned:
    """What planning may touch it plans anew; what a person moved keeps its day, with the steps of the new version."""
    playbook = playbook_of(version)
    touched = Moment.objects.filter(subscription__routine=routine, touched_at__isnull=False, event_id=0)
    for moment in touched.exclude(version=version).select_related(
        "subscription__partner", "subscription__person"
    ):
        setting = setting_of(moment.subscription, playbook, at)
        wanted = moved_moment(
            playbook, setting, moment.nominal_on, moment.due_at, next_due_at=None, why=moment.why
        )
        Moment.objects.filter(pk=moment.pk).update(
            version=version, opens_at=wanted.opens_at, deadline_at=wanted.deadline_at, miss_at=wanted.miss_at,
            step_dues=list(wanted.step_dues), step_deadlines=list(wanted.step_deadlines),
        )  # fmt: skip
    return plan_moments(at=at, routines=[routine]) if routine.status == Routine.Status.LIVE else Planned()
