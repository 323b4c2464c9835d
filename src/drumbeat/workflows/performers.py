"""The machine's steps, carried out: each kind has its performer, one visible table says which.

A chunk is claimed at once and performed in one transaction. When one of its steps fails, all is rolled back and each is
performed in a transaction of its own: what fails is told on the step and tried again later, and holds up nobody else. Performing a step twice does nothing the second time, because
what it makes (edition, messages, meeting) carries the step's name.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction

from drumbeat.apps.reports.actions import draft_edition
from drumbeat.apps.routines.actions import claim_conditions, claim_steps, fail_step
from drumbeat.apps.routines.models import Step
from drumbeat.apps.routines.queries import due_by_kind
from drumbeat.core.refusal import Refused

from .asking import ask_approval, ask_form, asks_from, is_early
from .deciding import decide_branch, is_wanted, settle_condition
from .delivering import write_hook
from .gathering import gather
from .mailing import write_mail
from .scene import Scene
from .subroutines import open_subroutine
from .waiting import look_after

log = logging.getLogger(__name__)
Performer = Callable[[Step, Scene], None]


def build_report(step: Step, scene: Scene) -> None:
    """The edition of this step, as of now; its period is told by when it is due."""
    draft = draft_edition(
        scene.text(step).report or "",
        scene.shelf,
        partner=scene.partner(step),
        person=scene.person(step),
        step=step,
        due_at=step.occurrence.due_at,
    )
    scene.effects.build(step, draft)


# In this order: what has come and what decides first, a report before the mail that carries it, a meeting before the
# mail that tells of it.
PERFORMERS: Mapping[str, Performer] = {
    "wait": look_after,
    "condition": settle_condition,
    "branch": decide_branch,
    "report": build_report,
    "meeting": gather,
    "form": ask_form,
    "approval": ask_approval,
    "mail": write_mail,
    "webhook": write_hook,
    "subroutine": open_subroutine,
}


def perform_due(*, at: datetime, limit: int = 200) -> dict[str, int]:
    """One chunk of each kind that may run by `at`: kind -> how many steps were looked after, failed ones too.

    `condition` counts people's steps whose own `when` was judged.
    """
    due = due_by_kind(at)
    return {kind: perform_kind(kind, at=at, limit=limit) if kind in due else 0 for kind in PERFORMERS}


def perform_kind(kind: str, *, at: datetime, limit: int = 200) -> int:
    """One chunk of one kind."""
    return _perform(_claim(kind, at, limit), PERFORMERS[kind], at)


def _claim(kind: str, at: datetime, limit: int) -> list[Step]:
    if kind == "condition":
        return claim_conditions(at=at, limit=limit)
    return claim_steps(kind, at=at, limit=limit)


def _perform(steps: list[Step], performer: Performer, at: datetime) -> int:
    if not steps:
        return 0
    try:
        _perform_together(steps, performer, at)
    except Exception:
        for step in steps:
            _perform_alone(step, performer, at)
    return len(steps)


@transaction.atomic
def _perform_together(steps: list[Step], performer: Performer, at: datetime) -> None:
    scene = Scene(steps, at)
    for step in steps:
        if is_early(step, scene):
            scene.effects.look_again(step, asks_from(step, scene))
        elif is_wanted(step, scene):
            performer(step, scene)
        else:
            scene.effects.skip(step)
    scene.effects.carry_out()


def _perform_alone(step: Step, performer: Performer, at: datetime) -> None:
    try:
        _perform_together([step], performer, at)
    except Refused as refusal:
        fail_step(step, str(refusal), at=at)
    except Exception as error:
        # A fault of one step, foreseen or not, must not hold up the others; it stands on the step and in the log.
        log.exception("step %s (%s) failed", step.pk, step.kind)
        fail_step(step, f"{type(error).__name__}: {error}", at=at)
