"""Readers choose which optional mail comes, by the link below each letter. Looking changes nothing; a mail program's one-click
(RFC 8058) declines the letter's topic with a single POST."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from drumbeat.apps.messages.actions import decline_topic, wish_for
from drumbeat.apps.messages.bridge import language_for
from drumbeat.core.mailtopics import TOPICS
from drumbeat.core.refusal import Refused
from drumbeat.library import word

from .door import by_link, page
from .scope import Choosing, choosing_of

WORDS = ("title", "intro", "needed", "save", "none", "saved")


@by_link("preferences", choosing_of)
def preferences(request: HttpRequest, choosing: Choosing) -> HttpResponseBase:
    if request.method != "POST":
        return _shown(choosing, is_saved="saved" in request.GET)
    if "List-Unsubscribe" in request.POST:
        return _declined(request, choosing)
    wanted = [] if "none" in request.POST else request.POST.getlist("topic")
    wish_for(choosing.contact, [topic for topic in wanted if topic in TOPICS], at=choosing.at)
    return redirect(f"{request.path}?saved")


def _declined(request: HttpRequest, choosing: Choosing) -> HttpResponseBase:
    """A machine of the mail provider asks, so the answer is for a machine."""
    try:
        decline_topic(choosing.contact, request.GET.get("topic", ""), at=choosing.at)
    except Refused as refusal:
        return HttpResponse(f"{refusal}\n", status=422, content_type="text/plain; charset=utf-8")
    return HttpResponse("Unsubscribed.\n", content_type="text/plain; charset=utf-8")


def _shown(choosing: Choosing, *, is_saved: bool) -> HttpResponseBase:
    language = language_for(choosing.contact)
    declined = choosing.declined()
    topics = [(topic, word(f"topic_{topic}", language), topic not in declined) for topic in TOPICS]
    told = {
        "words": {name: word(f"choose_{name}", language) for name in WORDS},
        "language": language,
        "topics": topics,
        "contact": choosing.contact,
        "is_saved": is_saved,
    }
    return page("preferences", told)
