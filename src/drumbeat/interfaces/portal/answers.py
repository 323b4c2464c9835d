"""Owners of commitments answer by the link of their mail: yes, no, a question or another day. Looking changes nothing."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from drumbeat.apps.ledger.models import Commitment
from drumbeat.apps.partners.models import Contact
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit.clock import moment
from drumbeat.interfaces.kit.forms import day_from, sentences
from drumbeat.interfaces.kit.times import exact_words
from drumbeat.workflows.committing import Answering, answer_commitment

from .door import by_link, page
from .scope import answering_of

SAID = {
    "yes": "Thank you. It is a promise now, and we count on it.",
    "no": "Noted: it is no promise.",
    "ask": "Passed on. You hear from us.",
}


@by_link("commitments", answering_of)
def answers(request: HttpRequest, answering: Answering) -> HttpResponseBase:
    if request.method != "POST":
        return _shown(answering, {"said": SAID.get(request.GET.get("said", ""), "")})
    word = request.POST.get("word", "")[:10]
    try:
        _answer(request, answering, word)
    except Refused as refusal:
        return _shown(answering, {"wrong": sentences(refusal)}, status=422)
    return redirect(f"{request.path}?said={word}")


def _shown(answering: Answering, told: dict[str, str], *, status: int = 200) -> HttpResponseBase:
    shown = [(one, exact_words(_due(one), _zone(answering))) for one in answering.commitments]
    return page("answers", {"answering": answering, "shown": shown, **told}, status=status)


def _due(one: Commitment) -> datetime:
    return one.promise.standing.due_at if one.promise else one.due_at


def _zone(answering: Answering) -> ZoneInfo:
    owner = answering.owner
    return owner.partner.tz if isinstance(owner, Contact) else owner.tz


def _answer(request: HttpRequest, answering: Answering, word: str) -> None:
    given = request.POST.get("commitment", "")
    answer_commitment(
        answering,
        int(given) if given.isascii() and given.isdigit() and len(given) < 18 else 0,
        word,
        note=request.POST.get("note", "").replace("\x00", ""),
        wanted_on=_day(request.POST.get("wanted_on", "")),
        at=moment(),
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    if day := day_from(text):
        return day
    raise Refused(f"{text[:20]!r} is no day", "Choose one, or write it like 2026-01-31.")
