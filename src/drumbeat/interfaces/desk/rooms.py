"""Rooms of chat: where one's digests are told beside the mail, whether they arrived, and a post to try them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from drumbeat.apps.webhooks.access import FOR_TEAM, posts_of, rooms_of
from drumbeat.apps.webhooks.actions import SHORTEST_SECRET, close_room, set_room
from drumbeat.apps.webhooks.models import Delivery, Room
from drumbeat.core.refusal import Refused
from drumbeat.integrations.webhooks import HttpHooks
from drumbeat.interfaces.kit.forms import answer, carry_out, method_of, not_allowed
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of
from drumbeat.workflows.chatting import try_room
from drumbeat.workflows.delivering import settle_delivery

SHOWN = 20
WHOSE = (("own", "Mine: my own digest"), ("team", "The team's: everybody's digests"))


class RoomForm(forms.Form):
    whose = forms.ChoiceField(label="Whose", choices=WHOSE)
    form = forms.ChoiceField(label="Where", choices=Room.Form.choices)
    url = forms.CharField(
        max_length=500,
        label="Webhook address",
        help_text="As Slack (Incoming Webhooks) or Teams (Workflows) shows it. Keep it like a password.",
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "url"}),
    )
    secret = forms.CharField(
        max_length=120,
        required=False,
        label="Secret",
        help_text=f"For a plain webhook, whose calls are signed; {SHORTEST_SECRET} signs at least.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data: Any, viewer: Viewer) -> None:
        super().__init__(data)
        if not viewer.person.has(*FOR_TEAM):
            del self.fields["whose"]


@for_business
def rooms(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    form = RoomForm(request.POST or None, viewer)
    if form.is_valid() and carry_out(form, lambda: _set(form.cleaned_data, viewer)):
        messages.success(request, "Set. Try it: a post should stand in the room within a minute.")
        return redirect("rooms")
    context = {
        "form": form,
        "rooms": [(one, _masked(one.endpoint.url)) for one in rooms_of(viewer.person)],
        "posts": posts_of(viewer.person).order_by("-written_at", "-pk")[:SHOWN],
    }
    return render(request, "desk/rooms.html", context)


def _set(told: dict[str, str], viewer: Viewer) -> Room:
    """The address is looked up now, and again before each call."""
    try:
        HttpHooks(settings.WEBHOOK_NETWORKS).check(told["url"])
    except Refused as refusal:
        raise Refused(refusal.what, refusal.mend, field="url") from None
    person = None if told.get("whose") == "team" else viewer.person
    return set_room(
        told["form"], told["url"], person=person, by=viewer.person, at=viewer.at, secret=told["secret"]
    )


def _masked(url: str) -> str:
    """Enough to know it again, too little to post there."""
    return f"{url.split('/')[2] if url.count('/') > 1 else url}/…{url[-4:]}"


@for_business
def room(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    found = get_object_or_404(rooms_of(viewer.person), pk=pk)
    if method_of(request) != "DELETE":
        return not_allowed("DELETE")
    return answer(
        request,
        lambda: close_room(found, by=viewer.person, at=viewer.at),
        said="Closed. Digests come by mail alone.",
        back=reverse("rooms"),
    )


@for_business
@require_POST
def room_trial(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    found = get_object_or_404(rooms_of(viewer.person), pk=pk)
    said = "A post is on its way; what became of it stands below."
    return answer(request, lambda: try_room(found, at=viewer.at), said=said, back=reverse("rooms"))


@for_business
@require_POST
def room_post(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A person says whether an uncertain post arrived; else it is sent again."""
    viewer = viewer_of(request)
    post: Delivery = get_object_or_404(posts_of(viewer.person), pk=pk)
    arrived = request.POST.get("arrived") == "yes"
    return answer(
        request,
        lambda: settle_delivery(post, arrived, by=viewer.person, at=viewer.at),
        said="Noted as delivered." if arrived else "It is sent again with the next beat.",
        back=reverse("rooms"),
    )
