"""One report: what it tells, drawn as things are known now or on a day, about a period and a subject that the reader
chooses; kept as an edition when he wants it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from drumbeat.apps.partners.access import visible_to as partners_visible_to
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account, Role
from drumbeat.apps.people.queries import staff, vendor
from drumbeat.apps.reports.access import visible_to
from drumbeat.apps.reports.actions import draft_composed, keep_editions
from drumbeat.apps.reports.asking import FIGURE
from drumbeat.apps.reports.composition import CHANNEL, PARTNER, PERSON, Composition
from drumbeat.apps.reports.compositions import COMPOSITIONS
from drumbeat.apps.reports.drawing import page_of
from drumbeat.apps.reports.files import ENDINGS, edition_file
from drumbeat.apps.reports.models import Edition
from drumbeat.apps.reports.own import composition_of
from drumbeat.apps.reports.periods import Period, recent
from drumbeat.apps.reports.scope import Scope
from drumbeat.apps.reports.shelf import Shelf
from drumbeat.apps.savedreports.access import may_change
from drumbeat.apps.savedreports.access import visible_to as saved_reports_visible_to
from drumbeat.apps.savedreports.models import SavedReport
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit.forms import day_from, sentences
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of

from .references import addresses_of
from .rows import Origin, show_rows

PERIODS = 13
EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address asks for, as far as it makes sense and the viewer may see it."""

    partner: Partner | None
    person: Account | None
    periods: list[Period]
    period: Period
    at: datetime

    @property
    def about(self) -> str:
        return (
            f"partner:{self.partner.key}"
            if self.partner
            else f"person:{self.person.pk}"
            if self.person
            else "channel"
        )


@for_business
def report(request: HttpRequest, report: str) -> HttpResponseBase:
    viewer = viewer_of(request)
    saved, composition = _named(viewer, report)
    subjects = subjects_of(viewer, composition)
    chosen = chosen_of(request, viewer, composition, subjects)
    draft, refused = _drafted(report, composition, chosen)
    if draft and request.GET.get("form") in ENDINGS:
        file = edition_file(draft, request.GET["form"])
        headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
        return HttpResponse(file.content, content_type=file.media_type, headers=headers)
    context = {
        "report": report,
        "composition": composition,
        "saved": saved,
        "refused": refused,
        "may_change": saved and may_change(viewer.person, saved),
        "is_whole": CHANNEL in composition.subjects and len(composition.subjects) == 1,
        "subjects": subjects,
        "chosen": chosen,
        "today": viewer.today,
        "as_of": request.GET.get("as_of", "") if chosen else "",
        "page": page_of(draft, url_of=addresses_of(viewer, draft, _rows(request, report))) if draft else None,
        "forms": ENDINGS.items(),
        "kept": visible_to(viewer.person, viewer.at)
        .filter(report=report)
        .defer("data")
        .select_related("partner", "person")[:8],
    }
    return render(request, "desk/report_now.html", context)


@for_business
@require_POST
def report_editions(request: HttpRequest, report: str) -> HttpResponseBase:
    """Keeps what the page shows."""
    composition, chosen = _chosen(request, report)
    (kept,) = keep_editions([draft_of(report, composition, chosen)])
    return redirect("report", kept.pk)


@for_business
@require_safe
def report_rows_now(request: HttpRequest, report: str) -> HttpResponseBase:
    """The rows behind a figure of what the page shows now."""
    composition, chosen = _chosen(request, report)
    asked = request.GET.get("of", "")
    if not asked.startswith(FIGURE):
        raise Http404
    scope = Scope(report, chosen.partner, chosen.person, chosen.period, Shelf([], chosen.at))
    back = f"{reverse('report_now', args=[report])}?{_asked_for(request)}"
    return show_rows(request, asked, scope.partner_ids, chosen.at, Origin(report, composition.name, back))


def _chosen(request: HttpRequest, report: str) -> tuple[Composition, Choice]:
    """The report and what it is asked about; 404 where the viewer may not."""
    viewer = viewer_of(request)
    _, composition = _named(viewer, report)
    chosen = chosen_of(request, viewer, composition, subjects_of(viewer, composition))
    if not chosen:
        raise Http404
    return composition, chosen


def _rows(request: HttpRequest, report: str) -> str:
    return f"{reverse('report_rows_now', args=[report])}?{_asked_for(request)}"


def _asked_for(request: HttpRequest) -> str:
    return urlencode(
        {name: request.GET[name] for name in ("about", "period", "as_of") if name in request.GET}
    )


def _named(viewer: Viewer, report: str) -> tuple[SavedReport | None, Composition]:
    """A report that ships, or a saved one that the viewer may read."""
    if report in COMPOSITIONS:
        return None, COMPOSITIONS[report]
    saved = get_object_or_404(saved_reports_visible_to(viewer.person).in_use(), key=report)
    return saved, composition_of(saved)


def subjects_of(viewer: Viewer, composition: Composition) -> list[tuple[str, str]]:
    """(word in the address, name) of what the viewer may ask about; managers ask about themselves and their partners."""
    is_manager = viewer.person.has(Role.CHANNEL_MANAGER)
    found: list[tuple[str, str]] = []
    if CHANNEL in composition.subjects and not is_manager:
        found.append(("channel", vendor().name))
    if PERSON in composition.subjects:
        people = [viewer.person] if is_manager else staff(Role.CHANNEL_MANAGER)
        found += [(f"person:{person.pk}", person.name) for person in people]
    if PARTNER in composition.subjects:
        partners = partners_visible_to(viewer.person, viewer.at).values_list("key", "name")
        found += [(f"partner:{key}", name) for key, name in partners]
    return found


def chosen_of(
    request: HttpRequest, viewer: Viewer, composition: Composition, subjects: list[tuple[str, str]]
) -> Choice | None:
    asked = request.POST if request.method == "POST" else request.GET
    words = [word for word, _ in subjects]
    about = asked.get("about", "") if asked.get("about", "") in words else next(iter(words), "")
    if not about:
        return None
    noun, _, key = about.partition(":")
    at = _as_of(asked.get("as_of", ""), viewer)
    periods = recent(composition.period, at.astimezone(ZoneInfo(vendor().zone)).date(), PERIODS)
    return Choice(
        partner=Partner.objects.get(key=key) if noun == "partner" else None,
        person=Account.objects.get(pk=key) if noun == "person" else None,
        periods=periods,
        period=next((one for one in periods if one.from_on.isoformat() == asked.get("period")), periods[0]),
        at=at,
    )


def _as_of(text: str, viewer: Viewer) -> datetime:
    """The end of that day in the vendor's zone, at most now; now, where no day is told, or one that nothing is known of."""
    day = day_from(text)
    if day is None or not EARLIEST <= day <= viewer.today:
        return viewer.at
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(vendor().zone))
    return min(end, viewer.at)


def _drafted(report: str, composition: Composition, chosen: Choice | None) -> tuple[Edition | None, str]:
    """The draft, or why there is none."""
    try:
        return (draft_of(report, composition, chosen) if chosen else None), ""
    except Refused as refusal:
        return None, sentences(refusal)


def draft_of(report: str, composition: Composition, chosen: Choice) -> Edition:
    shelf = Shelf([chosen.partner] if chosen.partner else [], chosen.at)
    return draft_composed(composition, Scope(report, chosen.partner, chosen.person, chosen.period, shelf))


def shelf_of(viewer: Viewer) -> list[dict[str, Any]]:
    """The reports that the viewer may ask for, by name, with when each was last kept."""
    kept = visible_to(viewer.person, viewer.at).order_by("report", "-built_at").distinct("report")
    last = {edition.report: edition for edition in kept.defer("data")}
    shipped = [(key, one.name, one.purpose, "") for key, one in COMPOSITIONS.items()]
    saved = saved_reports_visible_to(viewer.person).in_use().select_related("owner")
    own = [(one.key, one.title, one.purpose, _whose(viewer, one)) for one in saved]
    return [
        {"key": key, "name": name, "purpose": purpose, "whose": whose, "last": last.get(key)}
        for key, name, purpose, whose in sorted(
            [*shipped, *own], key=lambda one: (not one[3], one[1].lower())
        )
    ]


def _whose(viewer: Viewer, saved: SavedReport) -> str:
    """A saved report says whose it is and whether others read it."""
    if saved.owner_id != viewer.person.pk:
        return f"by {saved.owner.name}"
    return "mine, shared" if saved.readers else "mine, private"
