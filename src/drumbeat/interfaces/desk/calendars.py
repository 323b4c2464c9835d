"""Calendars outside the house: addresses to subscribe to, made and closed by whoever they belong to."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from drumbeat.apps.partners.access import visible_to
from drumbeat.interfaces.kit.forms import answer, method_of, not_allowed
from drumbeat.interfaces.kit.viewer import for_business, viewer_of
from drumbeat.workflows.feeding import close_feed, feeds_of, may_feed_team, open_feed


@for_business
def calendars(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    feeds = feeds_of(viewer.person)
    open_kinds = {feed.kind for feed in feeds}
    context: dict[str, Any] = {
        "feeds": feeds,
        "may_open_own": "own" not in open_kinds,
        "may_open_team": "team" not in open_kinds and may_feed_team(viewer.person),
        "partners": visible_to(viewer.person, viewer.at).order_by("sort_name"),
    }
    return render(request, "desk/calendars.html", context)


@for_business
@require_POST
def calendar_feeds(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    partner = visible_to(viewer.person, viewer.at).filter(key=request.POST.get("partner", "")).first()
    kind = request.POST.get("kind", "")
    return answer(
        request,
        lambda: open_feed(kind, partner=partner, by=viewer.person, at=viewer.at),
        said="Here is its address. Whoever has it reads along, so keep it to yourself.",
        back=reverse("calendars"),
    )


@for_business
def calendar_feed(request: HttpRequest, pk: int) -> HttpResponseBase:
    """DELETE closes it."""
    viewer = viewer_of(request)
    if method_of(request) != "DELETE":
        return not_allowed("DELETE")
    return answer(
        request,
        lambda: close_feed(pk, by=viewer.person, at=viewer.at),
        said="Closed: its address opens nothing any more.",
        back=reverse("calendars"),
    )
