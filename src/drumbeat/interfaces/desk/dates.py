"""The day of one occurrence on the score, moved once: which day is proposed, what stands in the way, and the form that does it with or without scripts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from drumbeat.apps.ledger.reasons import REASONS
from drumbeat.apps.routines.access import occurrences_visible_to, subscriptions_visible_to
from drumbeat.apps.routines.actions import move_occurrence
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import Moment, Occurrence
from drumbeat.apps.routines.queries import has_told, setting_of
from drumbeat.core.calendars import add_working_days, roll
from drumbeat.core.explaining import explain
from drumbeat.core.planning import Setting
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.forms import day_from, sentences
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of

RELATED = ("subscription__partner", "subscription__person", "subscription__routine", "version")


@for_business
def moment_date(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Of a moment to come: nobody was told of it yet."""
    viewer = viewer_of(request)
    seen = subscriptions_visible_to(viewer.person, viewer.at)
    moment = get_object_or_404(Moment.objects.select_related(*RELATED).filter(subscription__in=seen), pk=pk)
    return _move(request, viewer, moment, f"moment-{pk}")


@for_business
def occurrence_date(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Of an open occurrence: where the partner knows of it already, he is asked."""
    viewer = viewer_of(request)
    seen = occurrences_visible_to(viewer.person, viewer.at).select_related(*RELATED, "promise__standing")
    return _move(request, viewer, get_object_or_404(seen, pk=pk), f"occurrence-{pk}")


def _move(request: HttpRequest, viewer: Viewer, subject: Moment | Occurrence, name: str) -> HttpResponseBase:
    refused = ""
    if request.method == "POST":
        try:
            return _moved(request, viewer, subject)
        except Refused as refusal:
            refused = sentences(refusal)
    template = "desk/date_form.html" if request.htmx else "desk/date.html"  # type: ignore[attr-defined]
    context = _proposal(request, viewer, subject) | {"refused": refused, "name": name, "back": _back(request)}
    return render(request, template, context, status=400 if refused else 200)


def _moved(request: HttpRequest, viewer: Viewer, subject: Moment | Occurrence) -> HttpResponseBase:
    on = day_from(request.POST.get("to", ""))
    if on is None:
        raise Refused("No day was chosen", "Write it like 2026-01-31.")
    reason = request.POST.get("reason", "")
    moved = move_occurrence(
        subject, on, by=viewer.person, at=viewer.at, reason=reason if reason in REASONS else ""
    )
    what, day = _what(subject), times.date_words(on, viewer.today)
    told = f"{what}: asked to move it to {day}." if moved.is_asked else f"{what} is moved to {day}."
    messages.success(request, told)
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """The score as it was, if we were told which."""
    said = (
        request.POST.get("back")
        or request.headers.get("HX-Current-URL")
        or request.headers.get("Referer", "")
    )
    is_ours = url_has_allowed_host_and_scheme(said, {request.get_host()}, require_https=request.is_secure())
    return said if is_ours and "/score/" in said and "/date/" not in said else reverse("score")


def _proposal(request: HttpRequest, viewer: Viewer, subject: Moment | Occurrence) -> dict[str, Any]:
    """The day asked for, or so many working days from it, on the calendar of whom it is about."""
    setting = setting_of(subject.subscription, playbook_of(subject.version), viewer.at)
    due_at = subject.promise.standing.due_at if isinstance(subject, Occurrence) else subject.due_at
    was = due_at.astimezone(setting.zone).date()
    on = day_from(request.POST.get("to") or request.GET.get("to", "")) or was
    step = {"-1": -1, "1": 1}.get(request.GET.get("step", ""), 0)
    on = _stepped(on, step, setting)
    return {
        "what": _what(subject),
        "why": explain(subject.why),
        "was": was,
        "was_words": f"{was:%a} {times.date_words(was, viewer.today)}",
        "to": on,
        "to_words": f"{on:%a} {times.date_words(on, viewer.today)}",
        "is_moved": on != was,
        "in_the_way": _in_the_way(on, setting),
        "is_asked": isinstance(subject, Occurrence) and has_told(subject),
        "elsewhere": reverse(f"{subject._meta.model_name}_move", args=[subject.pk]),
        "reasons": REASONS.items(),
        "clock": f"{due_at.astimezone(setting.zone):%H:%M}",
        "zone": times.zone_city(setting.zone.key),
    }


def _stepped(on: date, step: int, setting: Setting) -> date:
    if not step:
        return on
    return add_working_days(on, step, setting.calendar)


def _in_the_way(on: date, setting: Setting) -> str:
    if setting.calendar.is_working(on):
        return ""
    following = roll(on, "following", setting.calendar)
    return (
        f"That is a day off there. The next working day is {following:%a} {following}." if following else ""
    )


def _what(subject: Moment | Occurrence) -> str:
    return f"{subject.subscription.routine.title}, {subject.subscription.subject}"
