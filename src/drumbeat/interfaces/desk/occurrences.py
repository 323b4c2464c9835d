"""One occurrence: its steps with what became of each, its promise, and why it falls where it falls."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from drumbeat.apps.events.models import Event
from drumbeat.apps.ledger.models import Entry
from drumbeat.apps.messages.models import Message
from drumbeat.apps.people.models import Account
from drumbeat.apps.reports.models import Edition
from drumbeat.apps.routines.access import may_do_step, occurrences_visible_to
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import Occurrence, Step, StepState
from drumbeat.core.explaining import explain
from drumbeat.interfaces.kit.triggers import event_lines
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of
from drumbeat.workflows.recounting import about

from .beside import Beside
from .promises import outcome_cell


@for_business
def occurrence(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    seen = occurrences_visible_to(viewer.person, viewer.at)
    shown = get_object_or_404(seen.select_related(*RELATED), pk=pk)
    steps = list(
        shown.steps.select_related("playbook_step", "assignee", "done_by", "meeting").order_by(
            "playbook_step__position"
        )
    )
    editions = {edition.step_id: edition for edition in Edition.objects.filter(step__in=steps).defer("data")}
    entries = list(Entry.objects.filter(promise_id=shown.promise_id).order_by("recorded_at", "id"))
    people = Account.objects.in_bulk([entry.by_id for entry in entries if entry.by_id])
    for entry in entries:
        entry.who = people.get(entry.by_id)  # type: ignore[attr-defined]
    opened = Occurrence.objects.filter(opened_by__in=steps).select_related("version__routine")
    beside = Beside(shown, steps)
    children = {child.opened_by_id: child for child in opened} if _has_subroutine(steps) else {}
    event = Event.objects.filter(pk=shown.event_id).first() if shown.event_id else None
    context = {
        "occurrence": shown,
        "routine": shown.version.routine,
        "partner": shown.subscription.partner,
        "person": shown.subscription.person,
        "playbook": playbook_of(shown.version),
        "outcome": outcome_cell(shown.promise, viewer),
        "why": explain(shown.why),
        "event": event,
        "event_about": about([event])[event.pk] if event else "",
        "event_lines": event_lines(event) if event else [],
        "steps": [
            _line(viewer, step, editions.get(step.pk), children.get(step.pk)) | beside.of(step)
            for step in steps
        ],
        "entries": entries,
        "messages_sent": Message.objects.filter(promise_id=shown.promise_id).order_by("written_at")[:30],
    }
    return render(request, "desk/occurrence.html", context)


RELATED = (
    "version__routine",
    "promise__standing",
    "promise__partner",
    "subscription__partner",
    "subscription__person",
    "opened_by__playbook_step",
    "opened_by__occurrence__version__routine",
)


def _line(viewer: Viewer, step: Step, edition: Edition | None, child: Occurrence | None) -> dict[str, Any]:
    is_open = step.state == StepState.OPEN and not step.is_machine
    return {
        "step": step,
        "edition": edition,
        "child": child,
        "who": _who(step),
        "may_do": is_open and may_do_step(viewer.person, step),
        "completion": reverse("completion", args=[step.pk]),
        "is_off": step.state in (StepState.FAILED, StepState.UNCERTAIN, StepState.LAPSED),
    }


def _has_subroutine(steps: list[Step]) -> bool:
    return any(step.kind == "subroutine" for step in steps)


def _who(step: Step) -> str:
    """Who does it, or did it."""
    if step.done_by:
        return step.done_by.name
    if step.kind == "form" and step.state == StepState.DONE:
        return "the partner"
    if step.is_machine:
        return "the machine"
    return step.assignee.name if step.assignee else step.role.replace("_", " ")
