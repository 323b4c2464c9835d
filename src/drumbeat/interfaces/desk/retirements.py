"""A routine retires: what that means is said before, what is open is finished. It can begin again."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from drumbeat.apps.routines.access import may_shape_routines
from drumbeat.apps.routines.actions import retire_routine
from drumbeat.apps.routines.models import Moment, Occurrence, Routine
from drumbeat.interfaces.kit.forms import method_of, not_allowed
from drumbeat.interfaces.kit.viewer import for_business, viewer_of
from drumbeat.workflows.building import start_and_plan


@for_business
def retirement(request: HttpRequest, key: str) -> HttpResponseBase:
    """GET says what would end, POST retires, DELETE starts it (again) for everybody whom it fits."""
    viewer = viewer_of(request)
    routine = get_object_or_404(Routine.objects.exclude(version=None).select_related("version"), key=key)
    if not may_shape_routines(viewer.person):
        raise PermissionDenied("Partner operations and the director start and retire routines.")
    method = method_of(request)
    if method == "POST":
        ended = retire_routine(routine, by=viewer.person, at=viewer.at)
        messages.success(
            request, f"{routine.title} is retired; {ended} subscription{'' if ended == 1 else 's'} ended."
        )
        return redirect("routine", key)
    if method == "DELETE":
        start_and_plan(routine, by=viewer.person, at=viewer.at)
        messages.success(request, f"{routine.title} is live.")
        return redirect("routine", key)
    if method != "GET":
        return not_allowed("GET", "POST", "DELETE")
    context = {
        "routine": routine,
        "running": routine.subscriptions.running().count(),
        "coming": Moment.objects.filter(subscription__routine=routine).count(),
        "opened": Occurrence.objects.open().filter(subscription__routine=routine).count(),
    }
    return render(request, "desk/retirement.html", context)
