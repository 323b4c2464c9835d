"""Addresses to which nothing is sent, why, and since when; partner operations lift them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from drumbeat.apps.messages.actions import lift_suppression
from drumbeat.apps.messages.models import Suppression
from drumbeat.apps.people.models import Role
from drumbeat.interfaces.kit.forms import answer, method_of, not_allowed
from drumbeat.interfaces.kit.viewer import for_roles, viewer_of

SHOWN = 500
for_operations = for_roles(Role.DIRECTOR, Role.PARTNER_OPERATIONS)


@for_operations
def suppressions(request: HttpRequest) -> HttpResponseBase:
    found = Suppression.objects.in_force().order_by("-since_at", "-pk")[:SHOWN]
    return render(request, "desk/suppressions.html", {"suppressions": found})


@for_operations
def suppression(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    found = get_object_or_404(Suppression.objects.in_force(), pk=pk)
    if method_of(request) != "DELETE":
        return not_allowed("DELETE")
    return answer(
        request,
        lambda: lift_suppression(found, by=viewer.person, at=viewer.at),
        said=f"Mail is sent to {found.address} again.",
        back=reverse("suppressions"),
    )
