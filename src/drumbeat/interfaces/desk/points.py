"""A point of an agenda is ticked, and its texts are saved while they are written, without losing what others wrote."""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from drumbeat.apps.meetings.access import visible_to
from drumbeat.apps.meetings.actions import Written, tick_point, write_text
from drumbeat.apps.meetings.models import AgendaPoint
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit.forms import answer, method_of, not_allowed, sentences
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of
from drumbeat.workflows.arranging import fill_again

Field = Literal["notes", "decision"]


@for_business
def point_completion(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    point = _point_of(viewer, pk)
    method = method_of(request)
    if method not in ("POST", "DELETE"):
        return not_allowed("POST", "DELETE")
    is_done = method == "POST"
    back = f"{reverse('meeting', args=[point.meeting_id])}#point-{pk}"
    if not getattr(request, "htmx", False):
        verb = partial(tick_point, point, is_done, by=viewer.person, at=viewer.at)
        said = "Talked through." if is_done else "Taken up again."
        return answer(request, verb, said=said, back=back)
    tick_point(point, is_done, by=viewer.person, at=viewer.at)
    return render(request, "desk/meeting_point.html", {"point": _point_of(viewer, pk), "may_write": True})


@for_business
@require_POST
def open_points(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The agenda of a meeting arranged by hand, filled anew from what is open on both sides."""
    viewer = viewer_of(request)
    shown = get_object_or_404(visible_to(viewer.person, viewer.at).select_related("partner"), pk=pk)
    verb = partial(fill_again, shown, by=viewer.person, at=viewer.at)
    return answer(request, verb, said="Filled from what is open now.", back=reverse("meeting", args=[pk]))


@for_business
@require_POST
def point_notes(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _text(request, pk, "notes")


@for_business
@require_POST
def point_decision(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _text(request, pk, "decision")


def _text(request: HttpRequest, pk: int, field: Field) -> HttpResponseBase:
    viewer = viewer_of(request)
    point = _point_of(viewer, pk)
    back = f"{reverse('meeting', args=[point.meeting_id])}#point-{pk}"
    try:
        written = _save(request, viewer, point, field)
    except Refused as refusal:
        context = _context(point, field, Written(request.POST.get("text", ""), 0)) | {
            "error": sentences(refusal)
        }
        return render(request, "desk/meeting_text.html", context)
    if not getattr(request, "htmx", False) and written.mine is None:
        return redirect(back)
    template = "desk/meeting_text.html" if getattr(request, "htmx", False) else "desk/meeting_clash.html"
    response = render(request, template, _context(point, field, written))
    if not written.is_merged and written.mine is None:
        # Nothing of others to show: the state alone is swapped, and who writes is not disturbed.
        response["HX-Reselect"] = ".saved"
        response["HX-Retarget"] = f"#text-{pk}-{field} .saved"
        response["HX-Reswap"] = "outerHTML"
    return response


def _save(request: HttpRequest, viewer: Viewer, point: AgendaPoint, field: Field) -> Written:
    version = request.POST.get("version", "")
    return write_text(
        point,
        field,
        request.POST.get("text", "").replace("\x00", ""),
        base=request.POST.get("base", ""),
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 9 else -1,
        by=viewer.person,
        at=viewer.at,
    )


def _context(point: AgendaPoint, field: Field, written: Written) -> dict[str, Any]:
    return {
        "point": point,
        "field": field,
        "label": "Decided" if field == "decision" else "Notes",
        "url": reverse(f"point_{field}", args=[point.pk]),
        "text": written.text if written.mine is None else written.mine,
        "base": written.text,
        "version": written.version,
        "theirs": written.text if written.mine is not None else "",
        "is_clash": written.mine is not None,
        "is_saved": True,
        "is_merged": written.is_merged,
    }


def _point_of(viewer: Viewer, pk: int) -> AgendaPoint:
    seen = AgendaPoint.objects.filter(meeting__in=visible_to(viewer.person, viewer.at))
    return get_object_or_404(seen.select_related("meeting__partner", "contact", "person"), pk=pk)
