"""Owners of commitments answer by the link of their mail: yes, no, a question or another day. Looking changes nothing."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from drumbeat.apps.ledger.models import Commitment
from drumbeat.apps.partners.models import Contact
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit.clock import moment
from drumbeat.interfaces.kit.forms import sentences
from drumbeat.interfaces.kit.times import exact_words
from drumbeat.workflows.committing import Answering, answer_commitment, read_answering

from .door import page

SAID = {
    "yes": "Thank you. It is a promise now, and we count on it.",
    "no": "Noted: it is no promise.",
    "ask": "Passed on. You hear from us.",
}


@login_not_required
@never_cache
def answers(request: HttpRequest, token: str) -> HttpResponseBase:
    at = moment()
    try:
        answering = read_answering(token, at)
    except Refused as refusal:
        return page("closed", {"refusal": refusal}, status=404)
    if request.method != "POST":
        shown = [(one, exact_words(_due(one), _zone(answering))) for one in answering.commitments]
        return render(request, "portal/answers.html", {"answering": answering, "shown": shown})
    try:
        _answer(request, answering)
        messages.success(request, SAID.get(request.POST.get("word", ""), "Noted."))
    except Refused as refusal:
        messages.error(request, sentences(refusal))
    return redirect("portal_answers", token)


def _due(one: Commitment) -> datetime:
    return one.promise.standing.due_at if one.promise else one.due_at


def _zone(answering: Answering) -> ZoneInfo:
    owner = answering.owner
    return owner.partner.tz if isinstance(owner, Contact) else owner.tz


def _answer(request: HttpRequest, answering: Answering) -> None:
    given = request.POST.get("commitment", "")
    answer_commitment(
        answering,
        int(given) if given.isascii() and given.isdigit() and len(given) < 18 else 0,
        request.POST.get("word", "")[:10],
        note=request.POST.get("note", "").replace("\x00", ""),
        wanted_on=_day(request.POST.get("wanted_on", "")),
        at=moment(),
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"{text[:20]!r} is no day", "Choose one, or write it like 2026-01-31.") from error
