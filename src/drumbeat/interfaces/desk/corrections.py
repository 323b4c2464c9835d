"""The corrected edition in the place of one whose sources were corrected."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from drumbeat.apps.reports.access import visible_to
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit.forms import sentences
from drumbeat.interfaces.kit.viewer import for_business, viewer_of
from drumbeat.workflows.correcting import send_correction


@for_business
@require_POST
def report_correction(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    edition = get_object_or_404(visible_to(viewer.person, viewer.at), pk=pk)
    try:
        corrected = send_correction(edition, by=viewer.person, at=viewer.at)
    except Refused as refusal:
        messages.error(request, sentences(refusal))
        return redirect("report_comparison", pk)
    messages.success(
        request, "The corrected edition stands in its place, and goes to those who got the first."
    )
    return redirect("report", corrected.pk)
