"""People: the vendor's staff, their accounts and hours. Administrators open and close accounts; everyone tends his own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from drumbeat.apps.people.access import may_administer, may_change_account
from drumbeat.apps.people.actions import change_account, open_account, reopen_account
from drumbeat.apps.people.models import Account, Role
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.filters import choice, search, yes_no
from drumbeat.interfaces.kit.forms import (
    answer,
    carry_out,
    country_choices,
    method_of,
    not_allowed,
    zone_names,
)
from drumbeat.interfaces.kit.lists import Cell, Column, Empty, Listing, show_list
from drumbeat.interfaces.kit.viewer import Viewer, for_roles, viewer_of
from drumbeat.workflows.handover import let_go

OWN = ("zone", "language", "works_from", "works_until")


@for_roles(Role.ADMINISTRATOR, Role.DIRECTOR, Role.PARTNER_OPERATIONS)
def people(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    context = {"may_administer": may_administer(viewer.person)}
    return show_list(request, people_listing(viewer), Account.objects.all(), "desk/people.html", context)


def people_listing(viewer: Viewer) -> Listing:
    return Listing(
        name="people",
        nouns=("person", "people"),
        sort="name",
        columns=(
            Column("name", "Name", lambda row: _name(row, viewer), ("sort_name",)),
            Column("role", "Role", lambda row: Cell(row.get_role_display()), ("role",), "soft"),
            Column("email", "Email", lambda row: Cell(row.email), ("email",), "soft"),
            Column("place", "Place", lambda row: Cell(times.zone_city(row.zone)), ("zone",), "soft"),
            Column(
                "time", "Time there", lambda row: Cell(times.clock_words(viewer.at, row.tz)), look="num soft"
            ),
            Column(
                "hours",
                "Works",
                lambda row: Cell(f"{row.works_from:%H:%M}–{row.works_until:%H:%M}"),
                look="num soft",
            ),
            Column(
                "account",
                "Account",
                lambda row: Cell("open" if row.is_active else "closed"),
                ("is_active",),
                "soft",
            ),
        ),
        filters=(
            search("Name or email", "sort_name__contains", "email__icontains"),
            choice("role", "Role", Role.choices),
            yes_no("open", "Account", Q(is_active=True), ("Open", "Closed")),
        ),
        empty=Empty("Nobody yet", "Open the first account by `drumbeat accounts open`."),
    )


def _name(row: Account, viewer: Viewer) -> Cell:
    may_open = may_change_account(viewer.person, row)
    return Cell(row.name, reverse("person", args=[row.pk]) if may_open else "", value=row.name)


class PersonForm(forms.Form):
    email = forms.EmailField(max_length=254)
    name = forms.CharField(max_length=120)
    role = forms.ChoiceField(choices=Role)
    country = forms.ChoiceField(label="Country of the holidays")
    subdivision = forms.CharField(max_length=6, required=False, label="State or province")
    zone = forms.CharField(max_length=64, label="Time zone", widget=forms.TextInput(attrs={"list": "zones"}))
    language = forms.CharField(max_length=12, initial="en")
    works_from = forms.TimeField(
        label="Works from", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), initial="09:00"
    )
    works_until = forms.TimeField(
        label="Works until", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), initial="17:00"
    )
    routine_minutes_a_day = forms.IntegerField(
        min_value=0, max_value=1440, initial=360, label="Minutes a day for routines"
    )
    password = forms.CharField(
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 10 characters; empty: set later",
    )

    def __init__(
        self, *args: Any, only: tuple[str, ...] = (), without: tuple[str, ...] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = (("", "Choose a country"), *country_choices())  # type: ignore[attr-defined]
        for name in list(self.fields):
            if name in without or (only and name not in only):
                del self.fields[name]

    @property
    def zones(self) -> tuple[str, ...]:
        return zone_names()


@for_roles(Role.ADMINISTRATOR)
def new_person(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    form = PersonForm(request.POST or None)
    if form.is_valid():
        account = carry_out(form, lambda: _open(viewer, form.cleaned_data))
        if account:
            messages.success(
                request,
                f"{account} may sign in." if form.cleaned_data["password"] else f"{account} has an account.",
            )
            return redirect("people")
    return render(
        request,
        "desk/partner_form.html",
        {"form": form, "title": "Open an account", "back": reverse("people")},
    )


def _open(viewer: Viewer, values: dict[str, Any]) -> Account:
    return open_account(**{**values, "password": values["password"] or None}, by=viewer.person, at=viewer.at)


def person(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    account = _account_of(viewer, pk)
    is_administrator = may_administer(viewer.person)
    form = PersonForm(
        request.POST or None,
        initial={name: getattr(account, name, "") for name in PersonForm.base_fields if name != "password"},
        only=() if is_administrator else OWN,
        without=("email", "password"),
    )
    if form.is_valid() and carry_out(
        form, lambda: change_account(account, form.cleaned_data, by=viewer.person, at=viewer.at)
    ):
        messages.success(request, f"{account} is saved.")
        return redirect("people" if is_administrator else "home")
    context = {
        "form": form,
        "title": account.name,
        "back": reverse("home"),
        "account": account,
        "may_close": is_administrator,
    }
    return render(request, "desk/person.html", context)


def _account_of(viewer: Viewer, pk: int) -> Account:
    account = get_object_or_404(Account, pk=pk)
    if may_change_account(viewer.person, account):
        return account
    if viewer.person.has(Role.DIRECTOR, Role.PARTNER_OPERATIONS):
        raise PermissionDenied("Accounts of others are changed by an administrator.")
    raise Http404


@for_roles(Role.ADMINISTRATOR)
def person_closure(request: HttpRequest, pk: int) -> HttpResponseBase:
    """POST closes the account, DELETE opens it again."""
    viewer = viewer_of(request)
    account = get_object_or_404(Account, pk=pk)
    verbs = {"POST": (let_go, "closed"), "DELETE": (reopen_account, "open again")}
    if method_of(request) not in verbs:
        return not_allowed("POST", "DELETE")
    verb, word = verbs[method_of(request)]
    said = f"The account of {account} is {word}."
    return answer(
        request, lambda: verb(account, by=viewer.person, at=viewer.at), said=said, back=reverse("people")
    )
