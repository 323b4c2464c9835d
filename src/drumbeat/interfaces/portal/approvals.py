"""A decision by link: a contact's signature, or a director's word on the way. Looking decides nothing."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from drumbeat.apps.partners.models import Contact
from drumbeat.apps.routines.actions import Opinion
from drumbeat.apps.routines.models import Decision
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.filled import lines_of
from drumbeat.interfaces.kit.forms import sentences
from drumbeat.interfaces.kit.storages import download_of
from drumbeat.workflows.approving import decide, reasons_for

from .door import by_link, page
from .scope import Scope, scope_of


@by_link("approval", scope_of)
def approval(request: HttpRequest, scope: Scope) -> HttpResponseBase:
    if "file" in request.GET:
        return _file(request, scope)
    if request.method == "POST" and scope.is_open:
        return _decided(request, scope)
    return _shown(scope)


def _decided(request: HttpRequest, scope: Scope) -> HttpResponseBase:
    outcome, reason, note = (request.POST.get(name, "")[:2000] for name in ("outcome", "reason", "note"))
    try:
        decide(scope.step, Opinion(outcome, reason, note), by=scope.who, at=scope.at)
    except Refused as refusal:
        told = {"wrong": sentences(refusal), "reason": reason, "note": note}
        return _shown(scope, told, status=422)
    return redirect(request.path)


def _shown(scope: Scope, told: dict[str, str] | None = None, *, status: int = 200) -> HttpResponseBase:
    listed, decisions = reasons_for(scope.step), scope.decisions()
    is_signature = isinstance(scope.who, Contact)
    context = {
        "scope": scope,
        "is_signature": is_signature,
        "may_send_back": not is_signature
        and any(step.kind in ("task", "form") for step, _ in scope.before()),
        "reasons": listed.decline.items() if listed else (),
        "before": [(step, lines_of(answer)) for step, answer in scope.before()],
        "files": scope.files(),
        "decisions": [_line(decision, scope) for decision in decisions],
        "is_mine": scope.is_open and not any(_is_by(decision, scope) for decision in decisions),
        "due": times.exact_words(scope.step.due_at, scope.zone),
        **(told or {}),
    }
    return page("approval", context, status=status)


def _is_by(decision: Decision, scope: Scope) -> bool:
    return scope.who in (decision.contact, decision.person)


def _line(decision: Decision, scope: Scope) -> dict[str, str]:
    listed = reasons_for(scope.step)
    known = {**listed.approve, **listed.decline} if listed else {}
    return {
        "who": decision.who,
        "what": decision.get_outcome_display().lower(),
        "when": times.exact_words(decision.decided_at, scope.zone),
        "reason": known.get(decision.reason, ""),
        "note": decision.note,
    }


def _file(request: HttpRequest, scope: Scope) -> HttpResponseBase:
    """One of those that the page shows."""
    for file in scope.files():
        if str(file.pk) == request.GET["file"]:
            return download_of(file)
    raise Http404
