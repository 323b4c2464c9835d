"""Partners: the list, and the forms that add and change them. The page of one partner is in partner.py."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from drumbeat.apps.partners.access import may_add_partner, may_assign, visible_to
from drumbeat.apps.partners.actions import add_partner, change_partner
from drumbeat.apps.partners.models import Assignment, Partner, PartnerType, Status, Tier
from drumbeat.apps.partners.queries import countries, managers_of, territories
from drumbeat.apps.people.models import Role
from drumbeat.apps.people.queries import named_staff
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.addresses import address
from drumbeat.interfaces.kit.filters import Filter, choice, search
from drumbeat.interfaces.kit.forms import carry_out
from drumbeat.interfaces.kit.lists import Cell, Column, Empty, Listing, show_list
from drumbeat.interfaces.kit.records import partner_records, rate_words, shown_count
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of
from drumbeat.workflows.handover import hand_over

from .partner_forms import AssignmentForm, PartnerForm, values_of

TYPES, TIERS, STATES = (
    dict(zip(words.values, map(str, words.labels), strict=True)) for words in (PartnerType, Tier, Status)
)


@for_business
def partners(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    rows = visible_to(viewer.person, viewer.at)
    context = {"may_add": may_add_partner(viewer.person)}
    return show_list(request, partner_listing(viewer), rows, "desk/partners.html", context)


def partner_listing(viewer: Viewer) -> Listing:
    people: dict[int, str] = dict(named_staff(Role.CHANNEL_MANAGER))
    areas: dict[int, str] = dict(territories())
    return Listing(
        name="partners",
        nouns=("partner", "partners"),
        sort="name",
        columns=_columns(viewer, people, areas),
        filters=_filters(viewer, people, areas),
        prepare=lambda rows: _with_records(rows, viewer),
        empty=Empty(
            "No partners yet",
            "Partners are the firms that sell, service or refer for you. Bring a list in by `drumbeat intake partners`, or add the first by hand.",
            ((reverse("new_partner"), "Add a partner"),) if may_add_partner(viewer.person) else (),
        ),
    )


def _columns(viewer: Viewer, people: dict[int, str], areas: dict[int, str]) -> tuple[Column, ...]:
    return (
        Column("name", "Partner", _name, ("sort_name",)),
        Column("ours", "We kept", lambda row: _record(row, "vendor"), look="num rate"),
        Column("theirs", "They kept", lambda row: _record(row, "partner"), look="num"),
        Column("type", "Type", lambda row: Cell(TYPES[row.type]), ("type",), "soft"),
        Column("tier", "Tier", lambda row: Cell(TIERS[row.tier]), ("tier",), "soft"),
        Column("status", "Status", lambda row: Cell(STATES[row.status]), ("status",), "soft"),
        Column("country", "Country", lambda row: Cell(times.country_name(row.country)), ("country",), "soft"),
        Column("manager", "Channel manager", lambda row: Cell(people.get(row.manager_id, "")), look="soft"),
        Column(
            "local_time",
            "Time there",
            lambda row: Cell(times.clock_words(viewer.at, row.tz)),
            ("zone",),
            "num soft",
        ),
        Column("territory", "Territory", lambda row: Cell(areas.get(row.territory_id, "")), on_page=False),
        Column("joined_on", "Joined on", lambda row: Cell("", value=row.joined_on), on_page=False),
        Column("zone", "Time zone", lambda row: Cell(row.zone), on_page=False),
        Column("external_id", "External id", lambda row: Cell(row.external_id or ""), on_page=False),
    )


def _name(row: Partner) -> Cell:
    return Cell(row.name, address("partner", row.key), note=row.city, value=row.name)


def _record(row: Any, side: str) -> Cell:
    count = shown_count(row.records[side])
    return Cell(rate_words(count) or "–", note="", value=count.percent if count.percent is not None else "")


def _with_records(rows: list[Any], viewer: Viewer) -> list[Any]:
    """Managers and both sides' records for a page of partners, in two questions."""
    ids = [row.pk for row in rows]
    managers = managers_of(ids, viewer.today)
    records = partner_records(ids, viewer)
    for row in rows:
        row.manager_id = managers.get(row.pk)
        row.records = {side: found.get(row.pk) for side, found in records.items()}
    return rows


def _filters(viewer: Viewer, people: dict[int, str], areas: dict[int, str]) -> tuple[Filter, ...]:
    named = sorted(((code, times.country_name(code)) for code in countries()), key=lambda pair: pair[1])
    return (
        search("Name, city or id", "sort_name__contains", "city__icontains", "external_id__iexact"),
        choice("type", "Type", PartnerType.choices),
        choice("status", "Status", Status.choices),
        choice("tier", "Tier", Tier.choices),
        choice("country", "Country", named),
        choice("territory", "Territory", areas.items()),
        choice(
            "manager",
            "Manager",
            (("none", "Nobody"), *people.items()),
            lambda rows, value: _managed(rows, value, viewer),
        ),
    )


def _managed(rows: QuerySet[Partner], value: str, viewer: Viewer) -> QuerySet[Partner]:
    current = Assignment.objects.current(viewer.today)
    if value == "none":
        return rows.exclude(id__in=current.values("partner_id"))
    return rows.filter(id__in=current.filter(person=int(value)).values("partner_id"))


@for_business
def new_partner(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    if not may_add_partner(viewer.person):
        raise PermissionDenied("Partners are added by partner operations or a director.")
    form = PartnerForm(request.POST or None, initial={"status": Status.PROSPECT, "joined_on": viewer.today})
    if form.is_valid():
        partner = carry_out(form, lambda: add_partner(form.cleaned_data, by=viewer.person, at=viewer.at))
        if partner:
            messages.success(request, f"{partner} is added.")
            return redirect("partner", partner.key)
    return render(
        request,
        "desk/partner_form.html",
        {"form": form, "title": "Add a partner", "back": reverse("partners")},
    )


@for_business
def partner_profile(request: HttpRequest, key: str) -> HttpResponseBase:
    viewer = viewer_of(request)
    partner = partner_of(viewer, key)
    form = PartnerForm(request.POST or None, initial=values_of(partner))
    if form.is_valid() and carry_out(
        form, lambda: change_partner(partner, form.cleaned_data, by=viewer.person, at=viewer.at)
    ):
        messages.success(request, f"{partner} is saved.")
        return redirect("partner", key)
    context = {"form": form, "title": f"Edit {partner.name}", "back": reverse("partner", args=[key])}
    return render(request, "desk/partner_form.html", context)


@for_business
def partner_assignment(request: HttpRequest, key: str) -> HttpResponseBase:
    viewer = viewer_of(request)
    if not may_assign(viewer.person):
        raise PermissionDenied("Managers are assigned by partner operations or a director.")
    partner = partner_of(viewer, key)
    form = AssignmentForm(request.POST or None, initial={"from_on": viewer.today})
    if form.is_valid() and carry_out(
        form, lambda: hand_over(partner, **form.cleaned_data, by=viewer.person, at=viewer.at)
    ):
        messages.success(request, f"{form.cleaned_data['person']} looks after {partner}.")
        return redirect("partner", key)
    history = partner.assignments.select_related("person")
    context = {
        "form": form,
        "title": f"Who looks after {partner.name}",
        "partner": partner,
        "history": history,
        "back": reverse("partner", args=[key]),
    }
    return render(request, "desk/partner_assignment.html", context)


def partner_of(viewer: Viewer, key: str) -> Partner:
    """One partner as far as the viewer sees it; others' look like none."""
    return get_object_or_404(visible_to(viewer.person, viewer.at).select_related("territory"), key=key)
