"""What the steps of an occurrence said, by the names that rules read: done, decided, filled in."""

from __future__ import annotations

from collections.abc import Mapping

from drumbeat.apps.forms.models import Answer
from drumbeat.apps.forms.queries import form_in
from drumbeat.apps.routines.models import Decision, Step, StepState
from drumbeat.core.forms import names_of

TIMED_OUT = "timed_out"


def said(
    siblings: Mapping[str, Step], answers: Mapping[int, Answer], decisions: Mapping[int, list[Decision]]
) -> dict[str, object]:
    """Of all steps of one occurrence, given by key."""
    found: dict[str, object] = {}
    for key, step in siblings.items():
        stem = f"answer.{key.replace('-', '_')}"
        found[stem] = is_answered(step)
        if step.kind == "form":
            answer = answers.get(step.pk)
            found |= names_of(form_in(answer.text), key, answer.values) if answer and answer.values else {}
        elif step.kind == "approval":
            found |= _decided(stem, step, counting(decisions.get(step.pk, [])))
    return found


def _decided(stem: str, step: Step, decision: Decision | None) -> dict[str, object]:
    told: dict[str, object] = {f"{stem}.{word}": step.answer == word for word in ("approved", "declined")}
    return told | ({f"{stem}.reason": decision.reason} if decision and decision.reason else {})


def counting(decisions: list[Decision]) -> Decision | None:
    """The last opinion that counts."""
    return next((one for one in reversed(decisions) if one.set_aside_at is None), None)


def is_answered(step: Step) -> bool:
    """Done, and not only because its time was over; of an approval: approved."""
    if step.kind == "approval":
        return step.state == StepState.DONE and step.answer == Decision.Outcome.APPROVED
    return step.state == StepState.DONE and step.answer != TIMED_OUT
