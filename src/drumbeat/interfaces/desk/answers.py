"""What forms were answered, as a list, and one form at the desk: its answer, or the form itself, to fill in oneself or in the
partner's place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from drumbeat.apps.forms.models import Answer
from drumbeat.apps.forms.queries import answers_to, known_forms
from drumbeat.apps.routines.access import may_do_step, steps_visible_to
from drumbeat.apps.routines.models import OPEN_STATES, Step
from drumbeat.core.forms import Field, Form, value_words
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit.filled import given_in, lines_of, questions_of, uploads_in
from drumbeat.interfaces.kit.filters import choice, yes_no
from drumbeat.interfaces.kit.forms import answer as answered
from drumbeat.interfaces.kit.forms import method_of, sentences
from drumbeat.interfaces.kit.lists import Cell, Column, Empty, Listing, moment_cell, show_list
from drumbeat.interfaces.kit.storages import storage
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of
from drumbeat.workflows.filling import ask_form_again, fill_in, form_of, keep_half

from .steps import step_of


@for_business
def answers(request: HttpRequest) -> HttpResponseBase:
    """Of one form (`form=`), each of its questions is a column of its own, in the files too."""
    viewer, forms = viewer_of(request), known_forms()
    seen = steps_visible_to(viewer.person, viewer.at).filter(kind="form").values("pk")
    given = Answer.objects.filter(step_id__in=seen).exclude(submitted_at=None)
    listing = answer_listing(viewer, forms, forms.get(request.GET.get("form", "")))
    return show_list(request, listing, given.select_related("contact", "person"), "desk/answers.html")


def answer_listing(viewer: Viewer, forms: Mapping[str, Form], only: Form | None) -> Listing:
    titles = {key: form.title for key, form in forms.items()}
    return Listing(
        name="answers",
        nouns=("answer", "answers"),
        sort="-when",
        columns=(
            Column("form", "Form", lambda row: _form_cell(row, titles), ("form",)),
            Column("partner", "Partner", lambda row: Cell(str(row.step.occurrence.subscription.subject)), may_be_empty=True),
            *([_question(one) for one in only.fields] if only else [Column("answer", "Answer", _told)]),
            Column("who", "By", lambda row: Cell(_who(row)), look="soft"),
            Column("when", "Answered", lambda row: moment_cell(row.submitted_at, viewer), ("submitted_at",), "num soft"),
            Column("routine", "Routine", lambda row: Cell(row.step.occurrence.subscription.routine.title), look="soft"),
        ),
        filters=(
            choice("form", "Form", titles.items()),
            yes_no("partner", "Filled in", Q(person=None), ("By the partner", "By a colleague")),
        ),
        empty=Empty(
            "No answers yet",
            "A routine asks a partner by a form; what comes back stands here, and can be taken along as a file.",
            ((reverse("routines"), "Look at the routines"),),
        ),
        prepare=_with_steps,
    )  # fmt: skip


def _with_steps(rows: list[Answer]) -> list[Answer]:
    related = (
        "occurrence__subscription__routine",
        "occurrence__subscription__partner",
        "occurrence__subscription__person",
    )
    steps = Step.objects.select_related(*related).in_bulk([row.step_id for row in rows])
    for row in rows:
        row.step = steps[row.step_id]  # type: ignore[attr-defined]
    return rows


def _form_cell(row: Answer, titles: Mapping[str, str]) -> Cell:
    return Cell(titles.get(row.form, row.form), reverse("step_answer", args=[row.step_id]))


def _question(asked: Field) -> Column:
    def cell(row: Answer) -> Cell:
        value = (row.values or {}).get(asked.key)
        return Cell("" if value is None else value_words(asked, value))

    return Column(asked.key.replace("_", "-"), asked.label, cell, may_be_empty=True)


def _told(row: Answer) -> Cell:
    return Cell(" · ".join(f"{label}: {words}" for label, words, _ in lines_of(row)))


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
