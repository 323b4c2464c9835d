"""A form at the desk: what was answered, or the form itself, to fill in oneself or in the partner's place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from drumbeat.apps.forms.models import Answer
from drumbeat.apps.forms.queries import answers_to
from drumbeat.apps.routines.access import may_do_step
from drumbeat.apps.routines.models import OPEN_STATES, Step
from drumbeat.core.forms import Form
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit.filled import given_in, lines_of, questions_of, uploads_in
from drumbeat.interfaces.kit.forms import answer as answered
from drumbeat.interfaces.kit.forms import method_of, sentences
from drumbeat.interfaces.kit.storages import storage
from drumbeat.interfaces.kit.viewer import for_business, viewer_of
from drumbeat.workflows.filling import ask_form_again, fill_in, form_of, keep_half

from .steps import step_of


@for_business
def step_answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    """DELETE asks for the answer again."""
    viewer = viewer_of(request)
    step = step_of(viewer, pk)
    known = answers_to([step.pk]).get(step.pk)
    if step.kind != "form":
        return redirect("occurrence", step.occurrence_id)
    if method_of(request) == "DELETE":
        return answered(
            request,
            lambda: ask_form_again(step, by=viewer.person, at=viewer.at),
            said="It is asked again with the next beat.",
            back=request.path,
        )
    try:
        form = form_of(step, known)
    except Refused as refusal:
        messages.error(request, sentences(refusal))
        return redirect("occurrence", step.occurrence_id)
    if request.method == "POST":
        return _taken(request, step, form)
    return _shown(request, step, form, known, {})


def _taken(request: HttpRequest, step: Step, form: Form) -> HttpResponseBase:
    viewer, given = viewer_of(request), given_in(request, form)
    try:
        if request.POST.get("act") == "keep":
            keep_half(step, given, by=viewer.person, at=viewer.at)
            messages.success(request, "Kept; go on whenever you like.")
            return redirect(request.path)
        filled = fill_in(
            step, given, uploads_in(request, form), by=viewer.person, storage=storage(), at=viewer.at
        )
    except Refused as refusal:
        messages.error(request, sentences(refusal))
        return redirect(request.path)
    if filled.problems:
        return _shown(request, step, form, filled.answer, filled.problems)
    if filled.is_first:
        messages.success(request, f"Answered: {step.playbook_step.title}")
    else:
        messages.warning(request, f"{_who(filled.answer)} answered first; what you wrote was not taken.")
    return redirect("occurrence", step.occurrence_id)


def _who(answer: Answer) -> str:
    who = answer.contact or answer.person
    return who.name if who else "Somebody"


def _shown(
    request: HttpRequest, step: Step, form: Form, known: Answer | None, problems: Mapping[str, str]
) -> HttpResponse:
    viewer = viewer_of(request)
    may_do = may_do_step(viewer.person, step)
    is_answered = known is not None and known.submitted_at is not None
    questions = questions_of(form, known.draft if known else {}, problems)
    context: dict[str, Any] = {
        "step": step,
        "form": form,
        "partner": step.occurrence.subscription.partner,
        "answer": known,
        "lines": lines_of(known),
        "questions": questions,
        "wrongs": [question for question in questions if question.problem],
        "may_fill": may_do and not is_answered and step.state in OPEN_STATES,
        "may_ask_again": may_do and is_answered and step.occurrence.closed_at is None,
        "is_theirs": step.side == "partner" or step.playbook_step.side == "partner",
        "has_files": any(field.type == "file" for field in form.fields),
        "back": reverse("occurrence", args=[step.occurrence_id]),
    }
    return render(request, "desk/answer.html", context, status=422 if problems else 200)
