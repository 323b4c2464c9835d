"""Reports: the list of editions, and one edition as it was built."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from drumbeat.apps.messages.models import Message
from drumbeat.apps.reports.access import visible_to
from drumbeat.apps.reports.compositions import COMPOSITIONS
from drumbeat.apps.reports.drawing import page_of
from drumbeat.apps.reports.files import ENDINGS, edition_file
from drumbeat.apps.reports.models import Edition
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.filters import by_id, choice, search
from drumbeat.interfaces.kit.lists import Cell, Column, Empty, Listing, show_list
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of

from .references import addresses_of
from .report import shelf_of


@for_business
def reports(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    rows = visible_to(viewer.person, viewer.at).select_related("partner", "person").defer("data")
    return show_list(request, report_listing(viewer), rows, "desk/reports.html", {"shelf": shelf_of(viewer)})


def report_listing(viewer: Viewer) -> Listing:
    kinds = sorted(((key, one.name) for key, one in COMPOSITIONS.items()), key=lambda pair: pair[1])
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
    page = page_of(shown, url_of=addresses_of(viewer, shown))
    context = {
        "edition": shown,
        "page": page,
        "message": _sent_with(shown),
        "forms": ENDINGS.items(),
        "correction": Edition.objects.filter(corrects=shown).defer("data").first(),
    }
    return render(request, "desk/report.html", context)


@for_business
@require_safe
def report_file(request: HttpRequest, pk: int, ending: str) -> HttpResponseBase:
    if ending not in ENDINGS:
        raise Http404
    file = edition_file(_edition_of(viewer_of(request), pk), ending)
    shown = "inline" if ending == "pdf" else "attachment"
    headers = {"Content-Disposition": f'{shown}; filename="{file.name}"'}
    return HttpResponse(file.content, content_type=file.media_type, headers=headers)


def _sent_with(shown: Edition) -> Message | None:
    """The mail that carried it to the partner."""
    carried = Message.objects.filter(attachments__source=f"edition:{shown.pk}", sent_at__isnull=False)
    return carried.order_by("sent_at").first()


def _edition_of(viewer: Viewer, pk: int) -> Edition:
    return get_object_or_404(visible_to(viewer.person, viewer.at).select_related("partner", "person"), pk=pk)
