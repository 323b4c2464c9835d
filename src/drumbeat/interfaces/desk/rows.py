"""The rows behind a figure of an edition, as they were known when it was built."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from drumbeat.apps.figures.queries import rows_behind
from drumbeat.apps.partners.access import visible_to as partners_visible_to
from drumbeat.apps.people.models import Role
from drumbeat.apps.reports.access import visible_to
from drumbeat.apps.reports.asking import question_of
from drumbeat.apps.reports.models import Edition
from drumbeat.apps.reports.references import references
from drumbeat.core.metrics import METRICS
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
    question = question_of(asked, partners=_partners(viewer, edition), at=edition.built_at)
    found = rows_behind(question, today=edition.built_at.date())
    if request.GET.get("export") == "csv":
        return rows_as_csv(f"{edition.report}-{pk}-rows", [found.columns, *found.rows])
    context = {
        "edition": edition,
        "metric": METRICS[question.metrics[0].name],
        "where": [value for _, value in question.where],
        "question": question,
        "columns": [name.replace("_", " ") for name in found.columns],
        "rows": [[_words(cell) for cell in row] for row in found.rows[:SHOWN]],
        "count": len(found.rows),
        "of": asked,
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
