"""A draft beside what is in force: what would change, said before it is published."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from drumbeat.apps.routines.access import may_shape_routines
from drumbeat.apps.routines.models import Occurrence, Routine
from drumbeat.apps.routines.queries import (
    DraftText,
    UpgradeLine,
    Verdict,
    draft_of,
    judge_draft,
    upgrade_lines,
)
from drumbeat.core.playbook import RoutineErrors
from drumbeat.core.playbook.comparing import changes_between, compare_lines
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit.forms import sentences
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of
from drumbeat.workflows.building import publish_and_plan

UPGRADES_SHOWN = 12


@for_business
def publication(request: HttpRequest, key: str) -> HttpResponseBase:
    """What would change, and the button that lets it."""
    viewer, shown = viewer_of(request), draft_of(key)
    if not may_shape_routines(viewer.person):
        raise PermissionDenied("Partner operations and the director publish routines.")
    if shown is None:
        return redirect("new_draft")
    if request.method == "POST":
        return _published(request, viewer, shown)
    return render(request, "desk/draft_publication.html", _comparison(viewer, shown))


def _published(request: HttpRequest, viewer: Viewer, shown: DraftText) -> HttpResponseBase:
    seen = int(request.POST["stamp"]) if request.POST.get("stamp", "").isdigit() else -1
    starts = "start" in request.POST
    try:
        version, is_planned = publish_and_plan(
            shown.key,
            seen=seen,
            starts=starts,
            upgrades="upgrade" in request.POST,
            by=viewer.person,
            at=viewer.at,
        )
    except Refused as refusal:
        messages.error(request, sentences(refusal))
        return redirect("draft_publication", shown.key)
    except RoutineErrors:
        messages.error(request, "Something is left to mend, so nothing was published.")
        return redirect("draft", shown.key)
    follows = "" if is_planned else " What is to come follows tonight."
    messages.success(request, f"{version.routine.title}: version {version.number} is in force.{follows}")
    return redirect("routine", shown.key)


def _comparison(viewer: Viewer, shown: DraftText) -> dict[str, Any]:
    verdict = judge_draft(shown.key, shown.text)
    running = shown.routine.subscriptions.running().count() if shown.routine else 0
    opened = (
        Occurrence.objects.open().filter(subscription__routine=shown.routine).count() if shown.routine else 0
    )
    is_readable = not any(problem.key == "" for problem in verdict.problems)
    return {
        "draft": shown,
        "title": verdict.playbook.title if verdict.playbook else shown.key,
        "verdict": verdict,
        "lines": compare_lines(shown.published, shown.text) if shown.published else [],
        "changes": changes_between(shown.published, shown.text) if shown.published and is_readable else [],
        "is_same": shown.published == shown.text,
        "may_start": shown.routine is None or shown.routine.status != Routine.Status.LIVE,
        "running": running,
        "opened": opened,
        "upgrades": _upgrades(viewer, shown, verdict),
        "back": reverse("draft", args=[shown.key]),
    }


def _upgrades(viewer: Viewer, shown: DraftText, verdict: Verdict) -> list[tuple[Occurrence, str]]:
    """What the draft would change in the open occurrences due first, in words."""
    if shown.routine is None or verdict.playbook is None:
        return []
    opened = Occurrence.objects.open().filter(subscription__routine=shown.routine).order_by("due_at", "pk")
    first = list(opened.values_list("pk", flat=True)[:UPGRADES_SHOWN])
    lines = upgrade_lines(shown.routine, verdict.playbook, at=viewer.at, only=first)
    return [(line.occurrence, _told(line)) for line in lines]


def _told(line: UpgradeLine) -> str:
    if line.changes is None:
        return f"stays, {line.stays}"
    changes = line.changes
    words = (
        ("creates", changes.create),
        ("moves", changes.move),
        ("leaves out", changes.cancel),
        ("too late for", changes.past),
    )
    return "; ".join(f"{word} {', '.join(sorted(keys))}" for word, keys in words if keys) or "changes nothing"
