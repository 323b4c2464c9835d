"""The rows behind a figure of an edition, as they were known when it was built; and of a report as it is drawn now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from drumbeat.apps.figures.queries import rows_behind
from drumbeat.apps.partners.access import visible_to as partners_visible_to
from drumbeat.apps.people.models import Role
from drumbeat.apps.reports.access import visible_to
from drumbeat.apps.reports.asking import question_of
from drumbeat.apps.reports.models import Edition
from drumbeat.apps.reports.references import references
from drumbeat.core.metrics import METRICS
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit.exports import rows_as_csv
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of

SHOWN = 200


@for_business
@require_safe
def report_rows(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    edition = get_object_or_404(visible_to(viewer.person, viewer.at), pk=pk)
    asked = request.GET.get("of", "")
    if asked not in set(references(edition)):
        raise Http404
    back = reverse("report", args=[pk])
    origin = Origin(f"{edition.report}-{pk}", edition.title, back)
    return show_rows(request, asked, _partners(viewer, edition), edition.built_at, origin)


@dataclass(frozen=True, slots=True)
class Origin:
    """The report whose figure it is: how files are named after it, and the way back."""

    name: str
    title: str
    url: str


def show_rows(
    request: HttpRequest, asked: str, partners: frozenset[int] | None, at: datetime, origin: Origin
) -> HttpResponseBase:
    """Of these partners alone, as known at the moment; 404 where the reference names no question."""
    try:
        question = question_of(asked, partners=partners, at=at)
        found = rows_behind(question, today=at.date())
    except (Refused, ValueError, KeyError) as error:
        raise Http404 from error
    if request.GET.get("export") == "csv":
        return rows_as_csv(f"{origin.name}-rows", [found.columns, *found.rows])
    csv = request.GET.copy()
    csv["export"] = "csv"
    context = {
        "origin": origin,
        "at": at,
        "metric": METRICS[question.metrics[0].name],
        "where": [value for _, value in question.where],
        "question": question,
        "columns": [name.replace("_", " ") for name in found.columns],
        "rows": [[_words(cell) for cell in row] for row in found.rows[:SHOWN]],
        "count": len(found.rows),
        "csv": csv.urlencode(),
    }
    return render(request, "desk/report_rows.html", context)


def _partners(viewer: Viewer, edition: Edition) -> frozenset[int] | None:
    """Those the edition is about, or its person's or the viewer's when it was built; None for all."""
    if edition.partner_id:
        return frozenset([edition.partner_id])
    if viewer.person.has(Role.DIRECTOR, Role.PARTNER_OPERATIONS) and not edition.person_id:
        return None
    person = edition.person or viewer.person
    return frozenset(partners_visible_to(person, edition.built_at).values_list("pk", flat=True))


def _words(cell: Any) -> str:
    return "" if cell is None else f"{cell:,}" if isinstance(cell, int) else str(cell)
