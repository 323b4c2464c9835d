"""Points of a step's checklist, ticked one by one: POST ticks, DELETE takes the tick away."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from drumbeat.apps.routines.actions import tick_point, untick_point
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.interfaces.kit.forms import answer, method_of, not_allowed
from drumbeat.interfaces.kit.viewer import for_business, viewer_of

from .steps import step_of


@for_business
def checklist_point(request: HttpRequest, pk: int, point: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    step = step_of(viewer, pk)
    points = playbook_of(step.occurrence.version).step(step.playbook_step.key).checklist
    back = reverse("occurrence", args=[step.occurrence_id])
    name = points[point] if point < len(points) else ""
    if method_of(request) == "POST":
        return answer(
            request,
            lambda: tick_point(step, point, points=len(points), by=viewer.person, at=viewer.at),
            said=f"Ticked: {name}",
            back=back,
        )
    if method_of(request) == "DELETE":
        return answer(
            request,
            lambda: untick_point(step, point, by=viewer.person),
            said=f"Open again: {name}",
            back=back,
        )
    return not_allowed("POST", "DELETE")
