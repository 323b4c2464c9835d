"""What the steps of an occurrence said, in words for mails: a field that was filled in, a decision with its reason."""

from __future__ import annotations

from drumbeat.apps.forms.queries import form_in
from drumbeat.apps.routines.models import Step, StepState
from drumbeat.apps.routines.queries import reasons_named
from drumbeat.core.forms import value_words
from drumbeat.core.refusal import Refused

from .scene import Scene


def answer_words(name: str, step: Step, scene: Scene) -> str:
    """The value of `answer.<step>.<field>`; what was left empty is a dash. Raises Refused for what no form asks."""
    _, key, field, *rest = (*name.split("."), "", "")
    siblings = {other.replace("-", "_"): sibling for other, sibling in scene.siblings(step).items()}
    asked = siblings.get(key)
    if asked is None or asked.kind != "form" or not field or any(rest):
        raise Refused(f"No form of this routine holds {name}", "Name a form step and one of its fields.")
    answer = scene.form_answer(asked)
    if answer is None or not answer.values:
        return "–"
    form = form_in(answer.text)
    known = {one.key: one for one in form.fields}
    if field not in known:
        raise Refused(f"The form {form.key} has no field {field}", f"It has {', '.join(known)}.")
    return value_words(known[field], answer.values[field]) if field in answer.values else "–"


def decision_words(step: Step, scene: Scene) -> tuple[str, str]:
    """Outcome, as its code, and reason of the occurrence's last approval that was decided; empty where there is none."""
    decided = [
        one
        for one in scene.siblings(step).values()
        if one.kind == "approval" and one.state == StepState.DONE and one.done_at
    ]
    if not decided:
        return "", ""
    last = max(decided, key=lambda one: (one.done_at, one.pk))
    decision, listed = scene.decision(last), reasons_named(scene.text(last).reasons)
    if decision is None:
        return last.answer, ""
    known = {**listed.approve, **listed.decline} if listed else {}
    return decision.outcome, known.get(decision.reason, "")
