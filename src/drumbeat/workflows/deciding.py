"""Branches and conditions: which steps of an occurrence run, by rules over facts and answers."""

from __future__ import annotations

from drumbeat.apps.routines.models import Step, StepState
from drumbeat.core.refusal import Refused
from drumbeat.core.rules import Outcome, Verdict

from .scene import Scene


def is_wanted(step: Step, scene: Scene) -> bool:
    """Does the machine's step run at all, by its own `when`? Raises Refused when that can't be told."""
    rule = scene.text(step).when
    if rule is None or step.kind == "branch" or step.state == StepState.HELD:
        return True
    verdict = scene.judge(rule, step)
    if verdict.outcome is Outcome.UNKNOWN:
        raise Refused(f"The condition {rule} can't be judged: {_missing(verdict)}", "Enter what is missing.")
    return verdict.is_met


def _missing(verdict: Verdict) -> str:
    return f"{', '.join(verdict.unknown)} unknown" if verdict.unknown else verdict.reason


def decide_branch(step: Step, scene: Scene) -> None:
    """The rule holds: the `otherwise` steps are left out. It doesn't, or nobody can tell: they run, a person looks."""
    text = scene.text(step)
    is_met = scene.judge(text.when or "true", step).is_met
    siblings = scene.siblings(step)
    held = [siblings[key] for key in text.otherwise if siblings[key].state == StepState.HELD]
    if is_met:
        scene.effects.skip(*held)
    else:
        scene.effects.release(*held)
    scene.effects.finish(step, answer="yes" if is_met else "no")


def settle_condition(step: Step, scene: Scene) -> None:
    """A person's step that its own `when` holds back: released when the rule holds or can't be judged, else left out."""
    verdict = scene.judge(scene.text(step).when or "true", step)
    if verdict.outcome is Outcome.NOT_MET:
        scene.effects.skip(step)
    else:
        scene.effects.release(step)
