"""The report builder: figures are picked, split, narrowed and compared while what they tell is drawn beside; then saved under
a name, shared, duplicated, retired."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from drumbeat.apps.people.models import Role
from drumbeat.apps.reports.composition import Composition
from drumbeat.apps.reports.drawing import page_of
from drumbeat.apps.reports.own import PREVIEW, composed
from drumbeat.apps.reports.scope import Scope
from drumbeat.apps.reports.shelf import Shelf
from drumbeat.apps.savedreports.access import READERS, may_change, visible_to
from drumbeat.apps.savedreports.actions import Saving, save_report
from drumbeat.apps.savedreports.models import SavedReport
from drumbeat.core.metrics.blueprint import Blueprint, blueprint_of, insist_on_blueprint
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit.forms import answer, method_of, not_allowed, sentences
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of
from drumbeat.workflows.retiring import retire_saved_report

from .builder_fields import blueprint_sent, choices_of, sent_again
from .report import Choice, chosen_of, draft_of, subjects_of

BEGIN = Blueprint(("sell_through",), ("tier",), window="last_quarter", against="before", chart="bars")
ROLES = {Role.PARTNER_OPERATIONS: "Partner operations"}


@for_business
def new_report(request: HttpRequest) -> HttpResponseBase:
    """An empty place, or a copy of a report `from` which it begins."""
    viewer = viewer_of(request)
    source = _named(viewer, request.GET["from"]) if request.GET.get("from") else None
    if request.method == "POST":
        return _save(request, viewer, None)
    begun = blueprint_of(source.blueprint) if source else BEGIN
    told = {"title": f"{source.title}, copy"[:80], "purpose": source.purpose, "readers": []} if source else {}
    return render(request, "desk/builder.html", _page(request, viewer, None, begun, told))


@for_business
def built_report(request: HttpRequest, key: str) -> HttpResponseBase:
    viewer = viewer_of(request)
    saved = _named(viewer, key)
    method = method_of(request)
    if not may_change(viewer.person, saved):
        return redirect(f"{reverse('new_report')}?from={key}")
    if method == "DELETE":
        return answer(
            request,
            lambda: retire_saved_report(saved, by=viewer.person, at=viewer.at),
            said=f"{saved.title} is retired. Its kept editions stay.",
            back=reverse("reports"),
        )
    if method == "POST":
        return _save(request, viewer, saved)
    if method != "GET":
        return not_allowed("GET", "POST", "DELETE")
    told = {"title": saved.title, "purpose": saved.purpose, "readers": saved.readers}
    return render(
        request, "desk/builder.html", _page(request, viewer, saved, blueprint_of(saved.blueprint), told)
    )


def _named(viewer: Viewer, key: str) -> SavedReport:
    return get_object_or_404(visible_to(viewer.person).in_use(), key=key)


def _save(request: HttpRequest, viewer: Viewer, saved: SavedReport | None) -> HttpResponseBase:
    sent = request.POST
    blueprint = blueprint_sent(sent)
    saving = Saving(sent.get("title", ""), sent.get("purpose", ""), sent.getlist("readers"), blueprint)
    try:
        kept = save_report(saving, by=viewer.person, at=viewer.at, into=saved)
    except Refused as refusal:
        problem = {refusal.field or "title": sentences(refusal)}
        told = {"title": saving.title, "purpose": saving.purpose, "readers": saving.readers}
        page = _page(request, viewer, saved, blueprint, told, problem)
        return render(request, "desk/builder.html", page, status=400)
    messages.success(request, "Saved. It stands among the reports; a routine's report step can name it.")
    return redirect("report_now", kept.key)


def _page(
    request: HttpRequest,
    viewer: Viewer,
    saved: SavedReport | None,
    begun: Blueprint,
    told: dict[str, Any],
    problem: dict[str, str] | None = None,
) -> dict[str, Any]:
    sent = request.POST if request.method == "POST" else request.GET
    blueprint = blueprint_sent(sent) if "window" in sent else begun
    problem = problem or _problem_of(blueprint)
    preview = {} if problem else _preview(request, viewer, blueprint, told.get("title") or "Preview")
    is_manager = viewer.person.has(Role.CHANNEL_MANAGER)
    partners = _partners(viewer) if blueprint.where else None
    return {
        "saved": saved,
        "blueprint": blueprint,
        "choices": choices_of(blueprint, is_whole_seen=not is_manager, partners=partners, today=viewer.today),
        "told": told,
        "roles": [(role, ROLES.get(role, f"{role.label}s")) for role in READERS],
        "problem": problem,
        "sent_again": sent_again(blueprint),
        "about": sent.get("about", ""),
        **preview,
    }


def _problem_of(blueprint: Blueprint) -> dict[str, str]:
    try:
        insist_on_blueprint(blueprint)
    except Refused as refusal:
        return {refusal.field or "metrics": sentences(refusal)}
    return {}


def _preview(request: HttpRequest, viewer: Viewer, blueprint: Blueprint, title: str) -> dict[str, Any]:
    """Drawn of what the viewer may see: a manager's own partners, all for others."""
    composition = composed(blueprint, title)
    subjects = subjects_of(viewer, composition)
    chosen = chosen_of(request, viewer, composition, subjects)
    if chosen is None:
        return {
            "problem": {
                "metrics": "These figures are told of the whole channel alone. Directors and partner operations may ask for them."
            }
        }
    try:
        return {"subjects": subjects, "chosen": chosen, "page": _drawn(composition, chosen)}
    except Refused as refusal:
        return {"problem": {refusal.field or "metrics": sentences(refusal)}}


def _drawn(composition: Composition, chosen: Choice) -> Any:
    return page_of(draft_of(PREVIEW, composition, chosen))


def _partners(viewer: Viewer) -> frozenset[int] | None:
    """Those whose values the filters offer."""
    period = composed(BEGIN, "").period(viewer.today)
    return Scope(PREVIEW, None, viewer.person, period, Shelf([], viewer.at)).partner_ids
