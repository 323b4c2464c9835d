"""Another time that a guest's calendar asked for: the meeting moves there, or the time stays."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from drumbeat.apps.meetings.access import visible_to
from drumbeat.apps.meetings.actions import accept_counter, decline_counter
from drumbeat.apps.meetings.models import CounterProposal
from drumbeat.interfaces.kit.forms import answer
from drumbeat.interfaces.kit.viewer import for_business, viewer_of


@for_business
@require_POST
def counter_decision(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    seen = CounterProposal.objects.filter(attendee__meeting__in=visible_to(viewer.person, viewer.at))
    counter = get_object_or_404(seen.select_related("attendee__meeting"), pk=pk)
    is_yes = request.POST.get("accepted") == "yes"
    verb, said = (
        (accept_counter, "Moved; all guests get the new time.")
        if is_yes
        else (decline_counter, "The time stays; the guest is told.")
    )
    back = reverse("meeting", args=[counter.attendee.meeting_id])
    return answer(request, lambda: verb(counter, by=viewer.person, at=viewer.at), said=said, back=back)
