"""Endpoints that routines report to, for administrators: added, closed; what was delivered, and what a person must say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from drumbeat.apps.people.models import Role
from drumbeat.apps.webhooks.actions import SHORTEST_SECRET, add_endpoint, close_endpoint
from drumbeat.apps.webhooks.models import Delivery, Endpoint
from drumbeat.core.refusal import Refused
from drumbeat.integrations.webhooks import HttpHooks
from drumbeat.interfaces.kit.forms import answer, carry_out, method_of, not_allowed
from drumbeat.interfaces.kit.viewer import for_roles, viewer_of
from drumbeat.workflows.delivering import settle_delivery

SHOWN = 50
for_administrators = for_roles(Role.ADMINISTRATOR)


class EndpointForm(forms.Form):
    key = forms.SlugField(max_length=48, label="Name", help_text="As routines call it, like crm.")
    url = forms.CharField(
        max_length=500, label="Address", help_text="https://… It is looked up before each call."
    )
    secret = forms.CharField(
        max_length=120,
        required=False,
        label="Secret",
        help_text=f"Signs each call; {SHORTEST_SECRET} signs at least. Empty keeps the one before.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    headers = forms.CharField(
        required=False,
        label="Headers",
        help_text="One a line, like X-Key: value.",
        widget=forms.Textarea({"rows": 3}),
    )

    def headers_by_name(self) -> dict[str, str]:
        pairs = (line.partition(":") for line in self.cleaned_data["headers"].splitlines() if line.strip())
        return {name.strip(): value.strip() for name, _, value in pairs}


@for_administrators
def endpoints(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    form = EndpointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data

        def add() -> Endpoint:
            HttpHooks(settings.WEBHOOK_NETWORKS).check(told["url"])
            return add_endpoint(
                told["key"],
                told["url"],
                told["secret"],
                by=viewer.person,
                at=viewer.at,
                headers=form.headers_by_name(),
            )

        if carry_out(form, _as_refused_field(add)):
            return redirect("endpoints")
    deliveries = (
        Delivery.objects.filter(endpoint__room=None)
        .select_related("endpoint")
        .order_by("-written_at")[:SHOWN]
    )
    context = {"form": form, "endpoints": Endpoint.objects.of_systems(), "deliveries": deliveries}
    return render(request, "desk/endpoints.html", context)


def _as_refused_field(verb: Any) -> Any:
    """A name that can't be found is said beside the address."""

    def run() -> Any:
        try:
            return verb()
        except Refused as refusal:
            field = "url" if refusal.field == "lookup" else refusal.field
            raise Refused(refusal.what, refusal.mend, field=field) from None

    return run


@for_administrators
def endpoint(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    found = get_object_or_404(Endpoint.objects.of_systems(), pk=pk)
    if method_of(request) != "DELETE":
        return not_allowed("DELETE")
    return answer(
        request,
        lambda: close_endpoint(found, by=viewer.person, at=viewer.at),
        said=f"Closed: {found.key}",
        back=reverse("endpoints"),
    )


@for_administrators
def endpoint_delivery(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A person says whether it arrived; else it is sent again."""
    viewer = viewer_of(request)
    delivery = get_object_or_404(Delivery.objects.select_related("endpoint"), pk=pk)
    if request.method != "POST":
        return not_allowed("POST")
    arrived = request.POST.get("arrived") == "yes"
    return answer(
        request,
        lambda: settle_delivery(delivery, arrived, by=viewer.person, at=viewer.at),
        said="Noted as delivered." if arrived else "It is sent again with the next beat.",
        back=reverse("endpoints"),
    )
