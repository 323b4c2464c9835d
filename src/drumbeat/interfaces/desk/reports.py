"""Reports: the list of editions, and one edition as it was built."""

from __future__ import annotations

import json
import re

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from drumbeat.apps.ledger.access import promises_visible_to
from drumbeat.apps.messages.models import Message
from drumbeat.apps.partners.access import visible_to as partners_visible_to
from drumbeat.apps.reports.access import visible_to
from drumbeat.apps.reports.drawing import UrlOf, page_of
from drumbeat.apps.reports.models import Edition
from drumbeat.apps.reports.pdf import edition_pdf
from drumbeat.apps.reports.tables import export_rows
from drumbeat.apps.routines.access import steps_visible_to
from drumbeat.core.playbook.model import REPORTS
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.exports import rows_as_csv
from drumbeat.interfaces.kit.filters import by_id, choice, search
from drumbeat.interfaces.kit.lists import Cell, Column, Empty, Listing, show_list
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of


@for_business
def reports(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    rows = visible_to(viewer.person, viewer.at).select_related("partner", "person").defer("data")
    return show_list(request, report_listing(viewer), rows, "desk/reports.html")


def report_listing(viewer: Viewer) -> Listing:
    kinds = [(key, key.replace("-", " ").capitalize()) for key in REPORTS]
    return Listing(
        name="reports",
        nouns=("edition", "editions"),
        sort="-built_at",
        columns=(
            Column(
                "title", "Report", lambda row: Cell(row.title, reverse("report", args=[row.pk])), ("title",)
            ),
            Column(
                "about",
                "About",
                lambda row: Cell(str(row.partner or row.person or "")),
                ("partner__sort_name",),
                may_be_empty=True,
            ),
            Column("period", "Period", lambda row: _period(row, viewer), ("period_from",), "soft"),
            Column("built_at", "Built", lambda row: _built(row, viewer), ("built_at",), "num rate"),
        ),
        filters=(
            search("Title or partner", "title__icontains", "partner__sort_name__contains"),
            choice("report", "Report", kinds),
            by_id("partner", "Partner", "partner_id"),
        ),
        empty=Empty(
            "No report yet",
            "Report steps of routines build editions and keep the data they show, so that a figure can always be traced.",
        ),
    )


def _period(row: Edition, viewer: Viewer) -> Cell:
    from_on, until_on = (times.date_words(on, viewer.today) for on in (row.period_from, row.period_until))
    return Cell(f"{from_on} until {until_on}")


def _built(row: Edition, viewer: Viewer) -> Cell:
    return Cell(
        times.moment_words(row.built_at, viewer.zone, viewer.today),
        value=row.built_at.astimezone(viewer.zone),
    )


@for_business
def report(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    shown = _edition_of(viewer, pk)
    page = page_of(shown, url_of=_addresses(viewer, shown))
    return render(request, "desk/report.html", {"edition": shown, "page": page, "message": _sent_with(shown)})


@for_business
@require_safe
def report_pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    shown = _edition_of(viewer_of(request), pk)
    headers = {"Content-Disposition": f'inline; filename="{shown.report}-{pk}.pdf"'}
    return HttpResponse(edition_pdf(shown), content_type="application/pdf", headers=headers)


@for_business
@require_safe
def report_csv(request: HttpRequest, pk: int) -> HttpResponseBase:
    shown = _edition_of(viewer_of(request), pk)
    return rows_as_csv(f"{shown.report}-{pk}", export_rows(shown))


def _addresses(viewer: Viewer, shown: Edition) -> UrlOf:
    """What an edition refers to as addresses, as far as the viewer sees it; three questions for the whole page."""
    told = json.dumps(shown.data)
    ids = {
        noun: {int(pk) for pk in re.findall(rf'"{noun}:(\d+)"', told)}
        for noun in ("partner", "promise", "step")
    }
    partners = partners_visible_to(viewer.person, viewer.at).filter(pk__in=ids["partner"])
    promises = promises_visible_to(viewer.person, viewer.at).filter(pk__in=ids["promise"])
    steps = steps_visible_to(viewer.person, viewer.at).filter(pk__in=ids["step"])
    urls = {f"partner:{pk}": reverse("partner", args=[key]) for pk, key in partners.values_list("pk", "key")}
    urls |= {f"promise:{pk}": reverse("promise", args=[pk]) for pk in promises.values_list("pk", flat=True)}
    occurrences = steps.values_list("pk", "occurrence_id")
    urls |= {f"step:{pk}": reverse("occurrence", args=[occurrence]) for pk, occurrence in occurrences}
    return urls.get


def _sent_with(shown: Edition) -> Message | None:
    """The mail that carried it to the partner."""
    carried = Message.objects.filter(attachments__source=f"edition:{shown.pk}", sent_at__isnull=False)
    return carried.order_by("sent_at").first()


def _edition_of(viewer: Viewer, pk: int) -> Edition:
    return get_object_or_404(visible_to(viewer.person, viewer.at).select_related("partner", "person"), pk=pk)
