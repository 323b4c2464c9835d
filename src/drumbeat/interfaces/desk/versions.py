"""Versions of a routine: two of them side by side, and each as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from drumbeat.apps.routines.models import Routine
from drumbeat.apps.routines.queries import draft_of
from drumbeat.core.playbook import RoutineErrors
from drumbeat.core.playbook.comparing import Change, changes_between, compare_lines
from drumbeat.interfaces.kit.viewer import for_business

DRAFT = "draft"


@for_business
def comparison(request: HttpRequest, key: str) -> HttpResponseBase:
    """Any two versions, or a version and the draft."""
    routine = get_object_or_404(Routine.objects.exclude(version=None).select_related("version"), key=key)
    texts = {str(version.number): version.text for version in routine.versions.all()}
    draft = draft_of(key)
    if draft and draft.is_saved:
        texts[DRAFT] = draft.text
    names = list(texts)
    number = str(routine.version.number) if routine.version else names[0]
    before, after = _chosen(request.GET.get("from", ""), request.GET.get("to", ""), names, number)
    context = {
        "routine": routine,
        "names": [(name, "the draft" if name == DRAFT else f"version {name}") for name in names],
        "before": before,
        "after": after,
        "lines": compare_lines(texts[before], texts[after]),
        "changes": _changes(texts[before], texts[after]),
    }
    return render(request, "desk/version_comparison.html", context)


def _chosen(before: str, after: str, names: list[str], current: str) -> tuple[str, str]:
    """What the address says; else the draft against what is in force, or that against the version before it."""
    after = after if after in names else DRAFT if DRAFT in names else current
    if before not in names:
        older = [name for name in names if name not in (DRAFT, after) and int(name) <= int(current)]
        before = (current if after == DRAFT else None) or max(older, key=int, default=after)
    return before, after


def _changes(before: str, after: str) -> list[Change]:
    try:
        return changes_between(before, after)
    except RoutineErrors:
        return []


@for_business
def version_file(_request: HttpRequest, key: str, number: int) -> HttpResponseBase:
    """The text as it was published, letter for letter: importing it gives the same version."""
    routine = get_object_or_404(Routine, key=key)
    version = get_object_or_404(routine.versions, number=number)
    response = HttpResponse(version.text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{key}.yaml"'
    return response
