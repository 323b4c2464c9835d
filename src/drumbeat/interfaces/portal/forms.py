"""A form, filled in by whoever it was sent to. Looking changes nothing; sending does, once."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from drumbeat.apps.forms.models import Answer
from drumbeat.core.forms import Form
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.filled import given_in, lines_of, questions_of, uploads_in
from drumbeat.interfaces.kit.forms import sentences
from drumbeat.interfaces.kit.storages import storage
from drumbeat.workflows.filling import fill_in, form_of, keep_half

from .door import by_link, page
from .scope import Scope, scope_of


@by_link("form", scope_of)
def form(request: HttpRequest, scope: Scope) -> HttpResponseBase:
    answer = scope.answer()
    if answer and answer.submitted_at:
        return _answered(scope, answer)
    try:
        asked = form_of(scope.step, answer)
    except Refused as refusal:
        return page("over", {"scope": scope, "refusal": refusal}, status=410)
    if not scope.is_open:
        return page("over", {"scope": scope}, status=410)
    if request.method == "POST":
        return _taken(request, scope, asked)
    kept = "kept" in request.GET
    return _asked(scope, asked, answer, {}, kept=kept)


def _taken(request: HttpRequest, scope: Scope, asked: Form) -> HttpResponseBase:
    given = given_in(request, asked)
    try:
        if request.POST.get("act") == "keep":
            keep_half(scope.step, given, by=scope.who, at=scope.at)
            return redirect(f"{request.path}?kept")
        filled = fill_in(
            scope.step, given, uploads_in(request, asked), by=scope.who, storage=storage(), at=scope.at
        )
    except Refused as refusal:
        answer = keep_half(scope.step, given, by=scope.who, at=scope.at) if scope.is_open else None
        return _asked(scope, asked, answer, {}, wrong=sentences(refusal))
    if filled.problems:
        return _asked(scope, asked, filled.answer, filled.problems)
    return redirect(request.path)


def _asked(
    scope: Scope,
    asked: Form,
    answer: Answer | None,
    problems: Mapping[str, str],
    *,
    kept: bool = False,
    wrong: str = "",
) -> HttpResponseBase:
    questions = questions_of(asked, answer.draft if answer else {}, problems)
    context = {
        "scope": scope,
        "form": asked,
        "questions": questions,
        "wrongs": [question for question in questions if question.problem],
        "wrong": wrong,
        "kept": kept,
        "due": times.exact_words(scope.step.due_at, scope.zone),
        "is_late": scope.step.due_at < scope.at,
        "has_files": any(field.type == "file" for field in asked.fields),
    }
    return page("form", context, status=422 if problems or wrong else 200)


def _answered(scope: Scope, answer: Answer) -> HttpResponseBase:
    who = answer.contact or answer.person
    context = {
        "scope": scope,
        "form": form_of(scope.step, answer),
        "lines": lines_of(answer),
        "who": who.name if who else "",
        "is_own": answer.contact_id is not None and answer.contact_id == scope.link.contact_id,
        "when": times.exact_words(answer.submitted_at, scope.zone) if answer.submitted_at else "",
    }
    return page("answered", context)
