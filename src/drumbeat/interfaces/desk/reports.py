"""Reports: the list of editions, and one edition as it was built."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from drumbeat.apps.partners.access import visible_to
from drumbeat.apps.people.models import Role
from drumbeat.apps.reports.models import Edition
from drumbeat.core.playbook.model import REPORTS
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.lists import Cell, Column, Empty, Listing, by_id, choice, search, show_list
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of


@for_business
def reports(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    rows = seen_editions(viewer).select_related("partner", "person").defer("data")
    return show_list(request, report_listing(viewer), rows, "desk/reports.html")


def seen_editions(viewer: Viewer) -> QuerySet[Edition]:
    if viewer.person.has(Role.DIRECTOR, Role.PARTNER_OPERATIONS):
        return Edition.objects.all()
    partners = visible_to(viewer.person, viewer.at)
    return Edition.objects.filter(Q(person=viewer.person) | Q(partner__in=partners))


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
    shown = get_object_or_404(seen_editions(viewer).select_related("partner", "person"), pk=pk)
    return render(request, "desk/report.html", {"edition": shown})
