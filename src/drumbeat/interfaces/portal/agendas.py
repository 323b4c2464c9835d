"""Those who come to a meeting bring points of their own by the link of their mail, until it begins. Looking changes nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from drumbeat.apps.meetings.actions import bring_point, take_point_back
from drumbeat.apps.meetings.bridge import when_text
from drumbeat.core.refusal import Refused, insist
from drumbeat.interfaces.kit.forms import sentences
from drumbeat.workflows.bringing import Bringing

from .door import by_link, page
from .scope import bringing_of


@by_link("agenda", bringing_of)
def agenda(request: HttpRequest, bringing: Bringing) -> HttpResponseBase:
    if request.method != "POST" or not bringing.is_open:
        return _shown(bringing, {"said": "added" in request.GET})
    text = request.POST.get("text", "").replace("\x00", "")[:1000]
    try:
        if given := request.POST.get("back", ""):
            _take_back(bringing, given)
        else:
            bring_point(bringing.meeting, text, who=bringing.who, at=bringing.at)
    except Refused as refusal:
        return _shown(bringing, {"wrong": sentences(refusal), "text": text}, status=422)
    return redirect(f"{request.path}?{'taken' if given else 'added'}")


def _take_back(bringing: Bringing, given: str) -> None:
    point = next((one for one in bringing.points if str(one.pk) == given), None)
    insist(point is not None, "This point is not on the agenda any more", "Look at the list again.")
    assert point
    take_point_back(point, who=bringing.who, at=bringing.at)


def _shown(bringing: Bringing, told: dict[str, object], *, status: int = 200) -> HttpResponseBase:
    points = [(point, bringing.is_own(point)) for point in bringing.points]
    when = when_text(bringing.meeting, bringing.who)
    return page("agenda", {"bringing": bringing, "points": points, "when": when, **told}, status=status)
