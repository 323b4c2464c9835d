"""Meeting steps: the machine arranges and invites; then the step is on a person's list until it was held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from drumbeat.apps.meetings.actions import Arrangement, Presence, hold_meetings, reopen_meeting
from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.actions import Completion, complete_steps, undo_step
from drumbeat.apps.routines.models import Step, StepState
from drumbeat.core.refusal import Refused

from .agendas import points_for
from .keeping import staff_in
from .recipients import guests_of
from .scene import Scene

# Who stayed away -> (the partner came, the vendor came).
ABSENT = {"": (True, True), "partner": (False, True), "vendor": (True, False), "both": (False, False)}


def gather(step: Step, scene: Scene) -> None:
    """Arranges the meeting of this step once. One whose time is past is not arranged: a person says whether it was."""
    scene.effects.gather(step, _arrangement(step, scene) if step.due_at > scene.at else None)


def _arrangement(step: Step, scene: Scene) -> Arrangement:
    partner, text = scene.partner(step), scene.text(step)
    organiser = _organiser(step, scene)
    between = f": {partner.name} and {scene.vendor.name}" if partner else f": {organiser.name}"
    return Arrangement(
        f"step:{step.pk}",
        title=f"{text.title}{between}"[:160],
        organiser=organiser,
        guests=guests_of(step, scene),
        starts_at=step.due_at,
        minutes=text.minutes,
        zone=partner.zone if partner else organiser.zone,
        partner=partner,
        promise=step.occurrence.promise if step.playbook_step.keeps else step.promise,
        points=points_for(step, scene),
        purpose=scene.playbook(step).key,
    )


def _organiser(step: Step, scene: Scene) -> Account:
    """Whose list the meeting will be on; where a role has it, the first in that role."""
    if step.assignee:
        return step.assignee
    found = [
        *staff_in(step.role, step, scene),
        *filter(None, [scene.manager(step)]),
        *scene.staff["director"],
    ]
    if not found:
        raise Refused(
            "Nobody can invite to this meeting", "Assign a channel manager, or open a director's account."
        )
    return found[0]


def note_meeting(
    step: Step,
    *,
    by: Account,
    at: datetime,
    held_at: datetime | None = None,
    minutes: int | None = None,
    absent: str = "",
) -> Step:
    """A person notes that the meeting of a step was held, or who stayed away (`partner`, `vendor` or `both`): then the
    promise is missed, and that side is its cause."""
    if absent not in ABSENT:
        raise Refused(
            f"There is no side {absent!r}", f"Say one of {', '.join(filter(None, ABSENT))}.", field="absent"
        )
    return note_steps([Completion(step, by, at, held_at, minutes, cause=absent)])[0]


@transaction.atomic
def note_steps(completions: Sequence[Completion]) -> list[Step]:
    """Many steps that are told as done, meetings with who came: all of them, or none when one is refused."""
    hold_meetings([_presence(one.step.meeting, one) for one in completions if one.step.meeting])
    return complete_steps(completions)


def _presence(meeting: Meeting, one: Completion) -> Presence:
    assert one.by, "a meeting is noted by somebody of the house"
    partner_came, vendor_came = ABSENT[one.cause]
    return Presence(meeting, one.by, one.at, partner_came, vendor_came)


@transaction.atomic
def take_back(step: Step, *, by: Account, at: datetime) -> Step:
    """The doer undoes a step; a meeting noted with it is to come again."""
    undone = undo_step(step, by=by, at=at)
    if step.meeting and undone.state == StepState.OPEN:
        reopen_meeting(step.meeting, by=by, at=at)
    return undone
