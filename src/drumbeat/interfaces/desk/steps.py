"""A step is done, taken back or postponed. With htmx the line and the counts are swapped; without, one goes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse

from drumbeat.apps.routines.access import steps_visible_to
from drumbeat.apps.routines.actions import complete_step, latest_due, postpone_step
from drumbeat.apps.routines.models import Step
from drumbeat.apps.routines.queries import item_of
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.forms import method_of, moment_from, not_allowed, sentences
from drumbeat.interfaces.kit.rows import draw_rows
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of
from drumbeat.workflows.gathering import note_meeting, take_back

from .items import line_of
from .today import counts_of


@for_business
def completion(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    step = step_of(viewer, pk)
    if method_of(request) == "POST":
        return after(
            request, viewer, step, lambda: _complete(request, viewer, step), said="Done", undo=request.path
        )
    if method_of(request) == "DELETE":
        return after(
            request, viewer, step, lambda: take_back(step, by=viewer.person, at=viewer.at), said="Taken back"
        )
    return not_allowed("POST", "DELETE")


def _complete(request: HttpRequest, viewer: Viewer, step: Step) -> None:
    given = request.POST.get("minutes", "")
    minutes = int(given) if given.isascii() and given.isdigit() and len(given) < 5 else None
    done_at = moment_from(request.POST["done_at"], viewer.zone) if request.POST.get("done_at") else None
    answer = request.POST.get("answer", "")[:24]
    if step.kind == "meeting":
        absent = request.POST.get("absent", "")
        note_meeting(step, by=viewer.person, at=viewer.at, minutes=minutes, held_at=done_at, absent=absent)
        return
    complete_step(step, by=viewer.person, at=viewer.at, minutes=minutes, done_at=done_at, answer=answer)


@for_business
def postponement(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    step = step_of(viewer, pk)
    if request.method == "POST":
        return after(request, viewer, step, lambda: _postpone(request, viewer, step), said="Postponed")
    context = {
        "step": step,
        "item": item_of(step),
        "latest": latest_due(step),
        "moments": later_moments(viewer, step),
    }
    htmx = getattr(request, "htmx", False)
    return render(request, "desk/postpone_room.html" if htmx else "desk/postpone.html", context)


def _postpone(request: HttpRequest, viewer: Viewer, step: Step) -> None:
    due_at = moment_from(request.POST.get("other") or request.POST.get("due_at", ""), viewer.zone)
    postpone_step(step, due_at, by=viewer.person, at=viewer.at)


def later_moments(viewer: Viewer, step: Step) -> list[tuple[str, str]]:
    """Handy moments inside the promise: (value, words)."""
    morning = datetime.combine(viewer.today, viewer.person.works_from, tzinfo=viewer.zone)
    evening = datetime.combine(viewer.today, time(16), tzinfo=viewer.zone)
    handy = [evening, *(morning + timedelta(days=days) for days in (1, 2, 3, 7))]
    fit = [moment for moment in handy if viewer.at < moment <= latest_due(step) and moment.weekday() < 5]
    return [
        (f"{moment:%Y-%m-%dT%H:%M}", times.moment_words(moment, viewer.zone, viewer.today)) for moment in fit
    ]


def after(
    request: HttpRequest, viewer: Viewer, step: Step, verb: Callable[[], Any], *, said: str, undo: str = ""
) -> HttpResponseBase:
    """Runs the verb and shows the line as it stands then, or why it could not be."""
    title = step.playbook_step.title
    try:
        verb()
        messages.success(request, f"{said}: {title}", extra_tags=undo)
    except Refused as refusal:
        messages.error(request, sentences(refusal))
    if not getattr(request, "htmx", False):
        return redirect(_way_back(request))
    return HttpResponse("".join(_swapped(request, viewer, step.pk)))


def _swapped(request: HttpRequest, viewer: Viewer, pk: int) -> list[str]:
    """The line itself, the flash, and on Today the counts; each finds its place by its id."""
    page = urlsplit(request.headers.get("HX-Current-URL", "")).path
    is_partner_page = page.startswith(reverse("partners"))
    line = line_of(item_of(step_of(viewer, pk)), viewer, of_partner=is_partner_page)
    is_target = method_of(request) == "POST"
    parts: list[str] = [
        draw_rows("item", [line], request, oob=not is_target),
        render_to_string("parts/flash.html", {"oob": True}, request),
    ]
    if page == reverse("today"):
        context = counts_of(viewer) | {"oob": True}
        parts.append(render_to_string("desk/today_counts.html", context, request))
    return parts


def _way_back(request: HttpRequest) -> str:
    """The page the button stood on, as far as it is one of ours."""
    referer = urlsplit(request.headers.get("Referer", ""))
    is_ours = referer.netloc == request.get_host() and not referer.path.startswith("/steps/")
    return (referer.path + (f"?{referer.query}" if referer.query else "")) if is_ours else reverse("today")


def step_of(viewer: Viewer, pk: int) -> Step:
    related = (
        "playbook_step", "meeting", "promise__standing", "occurrence__promise__standing",
        "occurrence__version__routine", "occurrence__subscription__partner", "occurrence__subscription__person",
    )  # fmt: skip
    return get_object_or_404(steps_visible_to(viewer.person, viewer.at).select_related(*related), pk=pk)
