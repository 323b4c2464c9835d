"""Contacts: the list of people at partners, and the forms in which they come, change and leave."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from drumbeat.apps.partners.access import visible_to
from drumbeat.apps.partners.actions import add_contact, change_contact, record_departure
from drumbeat.apps.partners.models import Contact, ContactRole
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.filters import choice, search, yes_no
from drumbeat.interfaces.kit.forms import carry_out
from drumbeat.interfaces.kit.lists import Cell, Column, Empty, Listing, show_list
from drumbeat.interfaces.kit.templatetags.kit import roles
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of

from .partner_forms import ContactForm, DepartureForm, contact_values_of
from .partners import partner_of


@for_business
def contacts(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    rows = Contact.objects.filter(partner__in=visible_to(viewer.person, viewer.at)).select_related("partner")
    return show_list(request, contact_listing(viewer), rows, "desk/contacts.html")


def contact_listing(viewer: Viewer) -> Listing:
    present = Q(left_on=None) | Q(left_on__gt=viewer.today)
    return Listing(
        name="contacts",
        nouns=("contact", "contacts"),
        sort="name",
        columns=(
            Column(
                "name",
                "Contact",
                lambda row: Cell(row.name, reverse("contact", args=[row.pk])),
                ("sort_name",),
            ),
            Column("partner", "Partner", _partner, ("partner__sort_name",)),
            Column("roles", "Roles", lambda row: Cell(roles(row.roles)), look="soft"),
            Column("email", "Email", lambda row: Cell(row.email), ("email",), "soft"),
            Column("phone", "Phone", lambda row: Cell(row.phone), look="soft"),
            Column(
                "time",
                "Time there",
                lambda row: Cell(times.clock_words(viewer.at, row.partner.tz)),
                look="num soft",
            ),
            Column(
                "joined_on",
                "There since",
                lambda row: _day(row.joined_on, viewer),
                ("joined_on",),
                "num soft",
            ),
            Column(
                "left_on",
                "Left",
                lambda row: _day(row.left_on, viewer),
                ("left_on",),
                "num soft",
                may_be_empty=True,
            ),
        ),
        filters=(
            search(
                "Name, email or partner",
                "sort_name__contains",
                "email__icontains",
                "partner__sort_name__contains",
            ),
            choice(
                "role", "Role", ContactRole.choices, lambda rows, role: rows.filter(roles__contains=[role])
            ),
            yes_no("present", "Present or left", present, ("There now", "Left")),
        ),
        empty=Empty(
            "No contacts yet",
            "Contacts are the people at your partners. Open a partner and add the first under People.",
            ((reverse("partners"), "Choose a partner"),),
        ),
    )


def _partner(row: Contact) -> Cell:
    return Cell(row.partner.name, reverse("partner", args=[row.partner.key]))


def _day(on: Any, viewer: Viewer) -> Cell:
    return Cell(times.date_words(on, viewer.today), value=on) if on else Cell("")


@for_business
def new_contact(request: HttpRequest, key: str) -> HttpResponseBase:
    viewer = viewer_of(request)
    partner = partner_of(viewer, key)
    form = ContactForm(request.POST or None, initial={"joined_on": viewer.today})
    if form.is_valid():
        contact = carry_out(
            form, lambda: add_contact(partner, form.cleaned_data, by=viewer.person, at=viewer.at)
        )
        if contact:
            messages.success(request, f"{contact} is added to {partner}.")
            return redirect("partner_people", key)
    context = {
        "form": form,
        "title": f"Add a contact of {partner.name}",
        "back": reverse("partner_people", args=[key]),
    }
    return render(request, "desk/form.html", context)


@for_business
def contact(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    shown = contact_of(viewer, pk)
    form = ContactForm(request.POST or None, initial=contact_values_of(shown))
    if form.is_valid() and carry_out(
        form, lambda: change_contact(shown, form.cleaned_data, by=viewer.person, at=viewer.at)
    ):
        messages.success(request, f"{shown} is saved.")
        return redirect("partner_people", shown.partner.key)
    return _contact_page(request, viewer, shown, form, DepartureForm(initial={"left_on": viewer.today}))


@for_business
@require_POST
def contact_departure(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    shown = contact_of(viewer, pk)
    form = DepartureForm(request.POST)
    if form.is_valid() and carry_out(
        form, lambda: record_departure(shown, form.cleaned_data["left_on"], by=viewer.person, at=viewer.at)
    ):
        messages.success(request, f"{shown} is recorded as gone.")
        return redirect("partner_people", shown.partner.key)
    return _contact_page(request, viewer, shown, ContactForm(initial=contact_values_of(shown)), form)


def _contact_page(
    request: HttpRequest, viewer: Viewer, shown: Contact, form: ContactForm, departure: DepartureForm
) -> HttpResponseBase:
    context = {
        "contact": shown,
        "form": form,
        "departure": departure,
        "title": shown.name,
        "lede": f"At {shown.partner.name}"
        + (f", left on {times.date_words(shown.left_on, viewer.today)}" if shown.left_on else ""),
        "back": reverse("partner_people", args=[shown.partner.key]),
    }
    return render(request, "desk/contact.html", context)


def contact_of(viewer: Viewer, pk: int) -> Contact:
    seen = Contact.objects.filter(partner__in=visible_to(viewer.person, viewer.at))
    return get_object_or_404(seen.select_related("partner"), pk=pk)
