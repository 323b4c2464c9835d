"""One report: what it tells, drawn as things are known now or on a day, about a period and a subject that the reader
chooses; kept as an edition when he wants it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from drumbeat.apps.partners.access import visible_to as partners_visible_to
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account, Role
from drumbeat.apps.people.queries import staff, vendor
from drumbeat.apps.reports.access import visible_to
from drumbeat.apps.reports.actions import draft_edition, keep_editions
from drumbeat.apps.reports.composition import CHANNEL, PARTNER, PERSON, Composition
from drumbeat.apps.reports.compositions import COMPOSITIONS
from drumbeat.apps.reports.drawing import page_of
from drumbeat.apps.reports.files import ENDINGS, edition_file
from drumbeat.apps.reports.models import Edition
from drumbeat.apps.reports.periods import Period, recent
from drumbeat.apps.reports.shelf import Shelf
from drumbeat.interfaces.kit.forms import day_from
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of

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
    viewer, composition = viewer_of(request), _composition(report)
    subjects = _subjects(viewer, composition)
    chosen = _chosen(request, viewer, composition, subjects)
    draft = _draft(report, chosen) if chosen else None
    if draft and request.GET.get("form") in ENDINGS:
        file = edition_file(draft, request.GET["form"])
        headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
        return HttpResponse(file.content, content_type=file.media_type, headers=headers)
    context = {
        "report": report,
        "composition": composition,
        "subjects": subjects,
        "chosen": chosen,
        "today": viewer.today,
        "as_of": request.GET.get("as_of", "") if chosen else "",
        "page": page_of(draft) if draft else None,
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
    viewer, composition = viewer_of(request), _composition(report)
    chosen = _chosen(request, viewer, composition, _subjects(viewer, composition))
    if not chosen:
        raise Http404
    (kept,) = keep_editions([_draft(report, chosen)])
    return redirect("report", kept.pk)


def _composition(report: str) -> Composition:
    if report not in COMPOSITIONS:
        raise Http404(f"There is no report {report}")
    return COMPOSITIONS[report]


def _subjects(viewer: Viewer, composition: Composition) -> list[tuple[str, str]]:
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


def _chosen(
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


def _draft(report: str, chosen: Choice) -> Edition:
    shelf = Shelf([chosen.partner] if chosen.partner else [], chosen.at)
    return draft_edition(report, shelf, partner=chosen.partner, person=chosen.person, period=chosen.period)


def shelf_of(viewer: Viewer) -> list[dict[str, Any]]:
    """The reports that the viewer may ask for, by name, with when each was last kept."""
    kept = visible_to(viewer.person, viewer.at).order_by("report", "-built_at").distinct("report")
    last = {edition.report: edition for edition in kept.defer("data")}
    named = sorted(COMPOSITIONS.items(), key=lambda pair: pair[1].name)
    return [
        {"key": key, "name": one.name, "purpose": one.purpose, "last": last.get(key)} for key, one in named
    ]
