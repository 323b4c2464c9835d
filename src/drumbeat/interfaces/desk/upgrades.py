"""A routine's new version and what is open of it: shown what would change, before it does."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from drumbeat.apps.routines.access import may_upgrade
from drumbeat.apps.routines.actions import upgrade_routine
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import Routine
from drumbeat.apps.routines.queries import UpgradeLine, upgrade_lines
from drumbeat.interfaces.kit.forms import answer
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of

MOST = 200


@for_business
def upgrade(request: HttpRequest, key: str) -> HttpResponseBase:
    """GET shows the difference, POST moves the chosen occurrences (or all)."""
    viewer = viewer_of(request)
    if not may_upgrade(viewer.person):
        raise PermissionDenied("Running routines are upgraded by partner operations or a director.")
    rows = Routine.objects.exclude(version=None).select_related("version")
    shown = get_object_or_404(rows, key=key)
    if request.method == "POST":
        return _carry(request, viewer, shown)
    assert shown.version
    lines = upgrade_lines(shown, playbook_of(shown.version), at=viewer.at)
    changes = [line.changes for line in lines if line.changes]
    context = {
        "routine": shown,
        "lines": [_told(line) for line in lines[:MOST]],
        "count": len(lines),
        "stays": sum(line.changes is None for line in lines),
        "created": sum(len(one.create) for one in changes),
        "moved": sum(len(one.move) for one in changes),
        "cancelled": sum(len(one.cancel) for one in changes),
        "minutes_before": sum(one.minutes_before for one in changes),
        "minutes_after": sum(one.minutes_after for one in changes),
        "most": MOST,
    }
    return render(request, "desk/upgrade.html", context)


def _told(line: UpgradeLine) -> dict[str, Any]:
    changes = line.changes
    return {
        "occurrence": line.occurrence,
        "subject": line.occurrence.subscription.subject,
        "stays": line.stays,
        "create": ", ".join(sorted(changes.create)) if changes else "",
        "move": ", ".join(sorted(changes.move)) if changes else "",
        "cancel": ", ".join(sorted(changes.cancel)) if changes else "",
        "past": ", ".join(sorted(changes.past)) if changes else "",
        "minutes": f"{changes.minutes_before} → {changes.minutes_after} min" if changes else "",
    }


def _carry(request: HttpRequest, viewer: Viewer, shown: Routine) -> HttpResponseBase:
    chosen = [int(pk) for pk in request.POST.getlist("occurrence") if pk.isascii() and pk.isdigit()]
    only = None if request.POST.get("all") else chosen
    said = "All that is open moved to the new version" if only is None else f"{len(chosen)} occurrences moved to the new version"  # fmt: skip
    return answer(
        request,
        lambda: upgrade_routine(shown, only=only, by=viewer.person, at=viewer.at),
        said=said,
        back=reverse("upgrade", args=[shown.key]),
    )
