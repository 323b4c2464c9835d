"""Everything of one person is handed over: who would get what, with the hours before and after, then done."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from drumbeat.apps.partners.access import may_assign
from drumbeat.apps.people.models import Account
from drumbeat.interfaces.kit.forms import answer
from drumbeat.interfaces.kit.viewer import for_business, viewer_of
from drumbeat.workflows.handover import hand_over_all, open_work_of, propose_handover


@for_business
def person_handover(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    if not may_assign(viewer.person):
        raise PermissionDenied("Work is handed over by partner operations or a director.")
    person = get_object_or_404(Account, pk=pk)
    if request.method == "POST":
        return answer(
            request,
            lambda: hand_over_all(person, by=viewer.person, at=viewer.at),
            said=f"Everything of {person} is handed over",
            back=reverse("person_handover", args=[pk]),
        )
    context = {
        "person": person,
        "work": open_work_of(person, viewer.today),
        "proposal": propose_handover(person, viewer.today),
    }
    return render(request, "desk/handover.html", context)
