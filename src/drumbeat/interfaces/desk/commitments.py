"""A commitment is answered for its owner, kept, or withdrawn; each comes back to the page it was on."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST

from drumbeat.apps.ledger.access import commitments_visible_to
from drumbeat.apps.ledger.actions import (
    acknowledge_commitment,
    agree_to_date,
    decline_commitment,
    keep_commitment,
    withdraw_commitment,
)
from drumbeat.apps.ledger.models import Commitment
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit.forms import answer, method_of, not_allowed, sentences
from drumbeat.interfaces.kit.rows import draw_rows
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of

from .commitment_lines import commitment_line
from .today import counts_of

VERBS = {
    "acknowledged": (acknowledge_commitment, "Acknowledged: it is a promise now."),
    "agreed": (agree_to_date, "Agreed on the other day: it is a promise now."),
    "declined": (decline_commitment, "Declined: it is no promise."),
}


@for_business
def commitment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """DELETE withdraws a line written by mistake."""
    viewer = viewer_of(request)
    one = _commitment_of(viewer, pk)
    if method_of(request) != "DELETE":
        return not_allowed("DELETE")
    return answer(
        request,
        lambda: withdraw_commitment(one, by=viewer.person, at=viewer.at),
        said=f"Taken back: {one.text}",
        back=_way_back(one),
    )


@for_business
@require_POST
def commitment_answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What the owner said, noted by whoever heard it."""
    viewer = viewer_of(request)
    one = _commitment_of(viewer, pk)
    verb, said = VERBS.get(request.POST.get("answer", ""), VERBS["acknowledged"])
    return answer(request, lambda: verb(one, by=viewer.person, at=viewer.at), said=said, back=_way_back(one))


@for_business
@require_POST
def commitment_completion(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    one = _commitment_of(viewer, pk)
    try:
        keep_commitment(one, by=viewer.person, at=viewer.at)
        messages.success(request, f"Done: {one.text}")
    except Refused as refusal:
        messages.error(request, sentences(refusal))
    if not getattr(request, "htmx", False):
        return redirect(_way_back(one))
    return HttpResponse("".join(_swapped(request, viewer, pk)))


def _swapped(request: HttpRequest, viewer: Viewer, pk: int) -> list[str]:
    """The line itself, the flash, and on Today the counts."""
    page = urlsplit(request.headers.get("HX-Current-URL", "")).path
    of_partner = page.startswith(reverse("partners"))
    line = commitment_line(_commitment_of(viewer, pk), viewer, of_partner=of_partner)
    parts: list[str] = [
        draw_rows("item", [line], request),
        render_to_string("parts/flash.html", {"oob": True}, request),
    ]
    if page == reverse("today"):
        parts.append(render_to_string("desk/today_counts.html", counts_of(viewer) | {"oob": True}, request))
    return parts


def _way_back(one: Commitment) -> str:
    return reverse("meeting", args=[one.origin_id]) if one.origin == "meeting" else reverse("today")


def _commitment_of(viewer: Viewer, pk: int) -> Commitment:
    seen = commitments_visible_to(viewer.person, viewer.at)
    return get_object_or_404(seen.select_related("partner", "contact", "person", "promise__standing"), pk=pk)
