"""An edition as it was sent beside the same report as it would be told now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from drumbeat.apps.reports.access import visible_to
from drumbeat.apps.reports.actions import draft_again
from drumbeat.apps.reports.comparing import SETTLED, differences
from drumbeat.apps.reports.models import Edition
from drumbeat.interfaces.kit.viewer import for_business, viewer_of


@for_business
@require_safe
def report_comparison(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    edition = get_object_or_404(
        visible_to(viewer.person, viewer.at).select_related("partner", "person"), pk=pk
    )
    now = draft_again(edition, at=viewer.at)
    settled = differences(edition, now, SETTLED)
    context = {
        "edition": edition,
        "settled": settled,
        "moved": [one for one in differences(edition, now) if one not in settled],
        "correction": Edition.objects.filter(corrects=edition).defer("data").first(),
        "may_correct": edition.partner_id is not None,
    }
    return render(request, "desk/report_comparison.html", context)
