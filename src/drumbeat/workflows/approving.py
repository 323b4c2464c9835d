"""A decision is given: on the desk, or by a signed link; what it was decided on is kept with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from drumbeat.apps.forms.actions import use_links
from drumbeat.apps.forms.models import Link
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.actions import Opinion, Terms, give_opinion
from drumbeat.apps.routines.models import Decision, Step, StepState
from drumbeat.apps.routines.queries import reasons_named
from drumbeat.core.reasonlists import ReasonList
from drumbeat.core.rules import Outcome, compile_rule

from .filling import reopen_form
from .scene import Scene


@transaction.atomic
def decide(step: Step, opinion: Opinion, *, by: Account | Contact, at: datetime) -> Decision:
    """One opinion; with the last one the step is done. Sent back, the forms before it are open again. Raises Refused."""
    sent_back = opinion.outcome == Decision.Outcome.SENT_BACK
    decision = give_opinion(step, opinion, terms_of(step, at), by=by, at=at)
    if sent_back:
        _reopen_forms(step, at)
    else:
        use_links(Link.Purpose.APPROVAL, step.pk, at=at)
    return decision


def _reopen_forms(step: Step, at: datetime) -> None:
    forms = Step.objects.filter(
        occurrence=step.occurrence_id,
        kind="form",
        state=StepState.OPEN,
        playbook_step__key__in=step.playbook_step.needs,
    )
    for form in forms:
        reopen_form(form, at=at)


def terms_of(step: Step, at: datetime) -> Terms:
    """What the playbook asks of this decision now: by whom, with which reasons, whether a second one is wanted."""
    scene = Scene([step], at)
    text = scene.text(step)
    wants_second = text.second is not None and _is_met_or_unknown(text.second.when, step, scene)
    return Terms(
        approvers=text.approvers,
        reasons=reasons_named(text.reasons),
        second=text.second.approvers if text.second and wants_second else (),
        inputs=_inputs(step, scene),
    )


def reasons_for(step: Step) -> ReasonList | None:
    """What a decision on this step may give as its reason."""
    return reasons_named(Scene([step], step.due_at).text(step).reasons)


def _is_met_or_unknown(rule: str | None, step: Step, scene: Scene) -> bool:
    """Where nobody can tell, four eyes see more than two."""
    return rule is None or scene.judge(rule, step).outcome is not Outcome.NOT_MET


def _inputs(step: Step, scene: Scene) -> dict[str, Any]:
    """The facts that the rule of the second pair of eyes read, what events told, and what was answered before."""
    text = scene.text(step)
    rule = text.second.when if text.second else None
    read = compile_rule(rule).names if rule else ()
    facts = scene.facts(step)
    told = {**{name: facts.get(name) for name in read}, **scene.told(step), **scene.answers(step)}
    return {name: _plain(value) for name, value in sorted(told.items())}


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | float | str | list) else str(value)
