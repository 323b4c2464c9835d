"""A meeting is called off; of a series this date alone, or with all that follow."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from drumbeat.apps.meetings.access import visible_to
from drumbeat.apps.meetings.actions import cancel_following, cancel_meeting
from drumbeat.interfaces.kit.forms import answer
from drumbeat.interfaces.kit.viewer import for_business, viewer_of


@for_business
@require_POST
def cancellation(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    shown = get_object_or_404(visible_to(viewer.person, viewer.at), pk=pk)
    verb = cancel_following if request.POST.get("scope") == "following" else cancel_meeting
    return answer(
        request,
        lambda: verb(shown, by=viewer.person, at=viewer.at),
        said="Cancelled; all guests are told.",
        back=reverse("meeting", args=[pk]),
    )
