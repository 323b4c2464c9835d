"""What a text would change in the open occurrences of a routine, occurrence by occurrence, before anything is written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import OPEN_STATES, Occurrence, Routine, Step, StepState
from drumbeat.core.planning import Wanted, moved_moment
from drumbeat.core.playbook import Routine as Playbook
from drumbeat.core.upgrading import StepChanges, StepNow, step_changes

from .settings import settings_of

RELATED = ("subscription__partner", "subscription__person", "version", "promise__standing")
SOON = (StepState.OPEN, StepState.HELD, StepState.FAILED)  # not begun, so it may still change


@dataclass(frozen=True, slots=True)
class UpgradeLine:
    """One open occurrence: what would change, or why it is finished on its old version (`stays`)."""

    occurrence: Occurrence
    changes: StepChanges | None
    wanted: Wanted | None
    stays: str = ""


def upgrade_lines(
    routine: Routine, playbook: Playbook, *, at: datetime, only: Collection[int] | None = None
) -> list[UpgradeLine]:
    """Open occurrences that ran with another text, by due moment; of `only` these if given."""
    rows = (
        Occurrence.objects.open()
        .filter(subscription__routine=routine)
        .exclude(version__digest=playbook.digest)
    )
    if only is not None:
        rows = rows.filter(pk__in=only)
    found = list(
        rows.select_related(*RELATED).prefetch_related("steps__playbook_step").order_by("due_at", "pk")
    )
    subscriptions = {row.subscription_id: row.subscription for row in found}
    settings = settings_of(list(subscriptions.values()), playbook, at)
    lines = []
    for row in found:
        if stays := _why_it_stays(row, playbook):
            lines.append(UpgradeLine(row, None, None, stays))
            continue
        standing = row.promise.standing
        wanted = moved_moment(
            playbook,
            settings[row.subscription_id],
            row.nominal_on,
            standing.due_at,
            next_due_at=None,
            why=row.why,
        )
        dues = dict(zip((step.key for step in playbook.steps), wanted.step_dues, strict=True))
        lines.append(UpgradeLine(row, step_changes(playbook, dues, _now(row), at=at), wanted))
    return lines


def _now(row: Occurrence) -> dict[str, StepNow]:
    return {
        step.playbook_step.key: StepNow(
            step.kind, step.due_at, _minutes(step), step.state not in SOON or step.meeting_id is not None,
            step.postponed_from is not None,
        )
        for step in row.steps.all()
    }  # fmt: skip


def _minutes(step: Step) -> int:
    return 0 if step.is_machine or step.side == "partner" else step.playbook_step.minutes


def _why_it_stays(row: Occurrence, playbook: Playbook) -> str:
    """What was promised can't be changed by a new text, and what was done can't keep it afterwards."""
    before = playbook_of(row.version)
    if before.trigger or playbook.trigger:
        return "opened by an event"
    if (before.promise.by, before.promise.to) != (playbook.promise.by, playbook.promise.to):
        return "another side owes the new promise"
    steps = {step.playbook_step.key: step for step in row.steps.all()}
    keeper = steps.get(playbook.promise.kept_by)
    is_open = row.promise.standing.outcome is None
    if is_open and keeper and keeper.state not in OPEN_STATES:
        return "the step that would keep it is done already"
    if not steps:
        return "opened without steps"
    return ""
