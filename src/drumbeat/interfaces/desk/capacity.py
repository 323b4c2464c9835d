"""Capacity: how many partners fit each channel manager, and phases that would lower a peak, moved and put back as one act."""

from __future__ import annotations

import hashlib
from itertools import chain
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from drumbeat.apps.people.models import Account, Role
from drumbeat.apps.people.queries import staff
from drumbeat.apps.routines.actions import smooth_phases, undo_smoothing
from drumbeat.apps.routines.models import Smoothing
from drumbeat.core.capacity import USUAL
from drumbeat.core.charts import Svg, Week, draw_load
from drumbeat.interfaces.kit.capacities import TIERS, needed_hours, tables_of
from drumbeat.interfaces.kit.exports import rows_as_csv
from drumbeat.interfaces.kit.forms import answer, method_of
from drumbeat.interfaces.kit.tabletexts import as_plain
from drumbeat.interfaces.kit.viewer import Viewer, for_roles, viewer_of
from drumbeat.workflows.balancing import Holding, Holdings, Suggestion, holdings, suggest_phases
from drumbeat.workflows.simulating import quarter_after

for_planners = for_roles(Role.DIRECTOR, Role.PARTNER_OPERATIONS)


@for_planners
def capacity(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    held = holdings(from_on=viewer.today, at=viewer.at)
    if request.GET.get("export") in ("csv", "json"):
        return _export(request.GET["export"], held)
    person = _chosen(request.GET.get("manager", ""))
    context = {
        "rows": [_row(one) for one in held.managers],
        "whole": _row(held.everybody) if held.managers else None,
        "needs": [(tier, round(held.needs[tier], 1)) for tier in TIERS if tier in held.needs],
        "assumed": USUAL,
        "tiers": [tier for tier in TIERS if tier in held.needs],
        "person": person,
        "suggestion": _shown(_suggested(person, viewer)) if person else None,
    }
    return render(request, "desk/capacity.html", context)


def _export(form: str, held: Holdings) -> HttpResponseBase:
    """JSON holds all tables, CSV the managers."""
    tables = {table.key: table for table in tables_of(held)}
    if form == "json":
        return JsonResponse({key: as_plain(table) for key, table in tables.items()})
    managers = tables["managers"]
    return rows_as_csv("capacity", chain([managers.columns], (line.cells for line in managers.lines)))


def _chosen(text: str) -> Account | None:
    is_id = text.isascii() and text.isdigit() and len(text) < 10
    return staff(Role.CHANNEL_MANAGER).filter(pk=int(text)).first() if is_id else None


def _row(one: Holding) -> dict[str, Any]:
    count = sum(one.partners.values())
    return {
        "person": one.person,
        "hours": round(one.hours),
        "plannable": round(one.fit.plannable),
        "fixed": round(one.fit.fixed),
        "mix": ", ".join(f"{one.partners[tier]} {tier}" for tier in TIERS if one.partners[tier]),
        "partners": count,
        "needed": needed_hours(one),
        "fits": one.fit.partners,
        "is_over": one.person is not None and one.fit.partners is not None and count > one.fit.partners,
    }


def _suggested(person: Account, viewer: Viewer) -> Suggestion:
    first, last = quarter_after(viewer.today)
    return suggest_phases(person, from_on=first, until_on=last, at=viewer.at)


def _shown(found: Suggestion) -> dict[str, Any]:
    names = {partner.pk: partner for partner in found.cast.partners}
    return {
        "window": found.window,
        "shifts": [
            {"shift": shift, "partner": names.get(shift.partner)}
            for shift in sorted(found.shifts, key=lambda one: (one.title, one.was, one.becomes))
        ],
        "drawing": _drawing(found),
        "before": round(float(found.smoothed.before.max(initial=0)), 1),
        "after": round(float(found.smoothed.after.max(initial=0)), 1),
        "weeks": [
            (monday, round(float(was), 1), round(float(will), 1), round(room, 1))
            for monday, was, will, room in zip(
                found.window.weeks, found.smoothed.before, found.smoothed.after, found.capacity, strict=True
            )
        ],
        "seal": seal_of(found),
        "past": Smoothing.objects.filter(person=found.cast.managers[found.number], undone_at=None).first(),
    }


def seal_of(found: Suggestion) -> str:
    """What was shown is what is done: a suggestion that changed meanwhile has another seal."""
    return hashlib.sha256(repr(sorted(found.phases.items())).encode()).hexdigest()[:16]


def _drawing(found: Suggestion) -> Svg:
    before, after = found.smoothed.before, found.smoothed.after
    top = max(float(before.max(initial=0)), *found.capacity, 1.0) * 1.15
    weeks = [
        Week(
            f"{monday.day} {monday:%b}" if n % 4 == 0 else "",
            f"week of {monday}: {before[n]:.1f} h before, {after[n]:.1f} h after, {found.capacity[n]:.1f} h there are",
            float(before[n]),
            float(after[n]),
            found.capacity[n],
        )
        for n, monday in enumerate(found.window.weeks)
    ]
    return draw_load(weeks, width=640, height=190, title="Hours a week before and after", top=top)


@for_planners
@require_POST
def smoothings(request: HttpRequest) -> HttpResponseBase:
    """Does what was shown, or shows what changed meanwhile."""
    viewer = viewer_of(request)
    person = get_object_or_404(staff(Role.CHANNEL_MANAGER), pk=_number(request.POST.get("manager", "")))
    found, back = _suggested(person, viewer), f"{reverse('capacity')}?manager={person.pk}#smoothing"
    if request.POST.get("seal") != seal_of(found):
        messages.error(request, "The suggestion has changed since it was shown. Look at it again.")
        return redirect(back)
    return answer(
        request,
        lambda: smooth_phases(found.phases, person, by=viewer.person, at=viewer.at),
        said=f"{len(found.shifts)} phases moved",
        back=back,
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@for_planners
def smoothing(request: HttpRequest, pk: int) -> HttpResponseBase:
    if method_of(request) != "DELETE":
        return HttpResponseNotAllowed(["DELETE"])
    viewer, row = viewer_of(request), get_object_or_404(Smoothing, pk=pk)
    back = f"{reverse('capacity')}?manager={row.person_id}#smoothing"
    return answer(
        request,
        lambda: undo_smoothing(row, by=viewer.person, at=viewer.at),
        said="Phases put back",
        back=back,
    )
