"""A decision at the desk: approve with one key, decline or send back with a reason. With htmx the line is swapped."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from drumbeat.apps.forms.queries import answers_to
from drumbeat.apps.routines.actions import Opinion
from drumbeat.apps.routines.models import Step
from drumbeat.apps.routines.queries import item_of
from drumbeat.interfaces.kit.filled import lines_of
from drumbeat.interfaces.kit.viewer import for_business, viewer_of
from drumbeat.workflows.approving import decide, reasons_for

from .steps import after, step_of

SAID = {"approved": "Approved", "declined": "Declined", "sent_back": "Sent back"}


@for_business
def step_decision(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    step = step_of(viewer, pk)
    if request.method == "POST":
        outcome, reason, note = (request.POST.get(name, "")[:2000] for name in ("outcome", "reason", "note"))
        return after(
            request,
            viewer,
            step,
            lambda: decide(step, Opinion(outcome, reason, note), by=viewer.person, at=viewer.at),
            said=SAID.get(outcome, "Decided"),
        )
    listed, before = reasons_for(step), _before(step)
    context = {
        "step": step,
        "item": item_of(step),
        "reasons": listed.decline.items() if listed else (),
        "before": before,
        "may_send_back": any(other.kind in ("task", "form") for other, _ in before),
    }
    htmx = getattr(request, "htmx", False)
    return render(request, "desk/decision_room.html" if htmx else "desk/decision.html", context)


def _before(step: Step) -> list[tuple[Step, list[tuple[str, str, str]]]]:
    """What is to be decided: the steps that this one needs, with what was answered to them."""
    needed = Step.objects.filter(
        occurrence=step.occurrence_id, playbook_step__key__in=step.playbook_step.needs
    ).select_related("playbook_step", "done_by")
    answers = answers_to([other.pk for other in needed])
    return [(other, lines_of(answers.get(other.pk))) for other in needed.order_by("playbook_step__position")]
