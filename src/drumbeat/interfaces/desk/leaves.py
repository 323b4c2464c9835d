"""Leaves: one's own and, for directors, everybody's; who covers is proposed, and approved with the leave."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from drumbeat.apps.people.access import may_ask_leave, may_decide_leave
from drumbeat.apps.people.actions import ask_leave, decline_leave
from drumbeat.apps.people.models import Account, Leave, Role
from drumbeat.apps.people.queries import staff
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.filters import choice, search
from drumbeat.interfaces.kit.forms import DayInput, answer, carry_out, method_of, not_allowed
from drumbeat.interfaces.kit.lists import Cell, Column, Empty, Listing, show_list
from drumbeat.interfaces.kit.viewer import Viewer, viewer_of
from drumbeat.workflows.covering import Spreading, colleagues_of, end_leave, grant_leave, propose_cover


def leaves(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    return show_list(request, leave_listing(viewer), _seen(viewer), "desk/leaves.html")


def _seen(viewer: Viewer) -> QuerySet[Leave]:
    rows = Leave.objects.select_related("person", "cover")
    return rows if viewer.person.has(Role.DIRECTOR) else rows.filter(person=viewer.person)


def leave_listing(viewer: Viewer) -> Listing:
    return Listing(
        name="leaves",
        nouns=("leave", "leaves"),
        sort="-from",
        columns=(
            Column("person", "Who", lambda row: Cell(row.person.name, reverse("leave", args=[row.pk])), ("person__sort_name",)),
            Column("from", "From", lambda row: _day(row.from_on, viewer), ("from_on",), "num soft"),
            Column("until", "Back on", lambda row: _day(row.until_on, viewer), ("until_on",), "num soft"),
            Column("kind", "Kind", lambda row: Cell(row.get_kind_display()), ("kind",), "soft"),
            Column("state", "State", lambda row: Cell(row.get_state_display()), ("state",), "soft"),
            Column("cover", "Cover", lambda row: Cell(str(row.cover or "")), look="soft"),
        ),
        filters=(
            search("Name", "person__sort_name__contains"),
            choice("state", "State", Leave.State.choices),
            choice("kind", "Kind", Leave.Kind.choices),
        ),
        empty=Empty(
            "No leave",
            "Ask for the days you are away: what falls due meanwhile goes to a cover, and comes back when you do.",
            ((reverse("new_leave"), "Ask for leave"),),
        ),
    )  # fmt: skip


def _day(on: Any, viewer: Viewer) -> Cell:
    return Cell(times.short_day(on, viewer.today), value=on)


class LeaveForm(forms.Form):
    person = forms.ModelChoiceField(queryset=Account.objects.none(), label="Who", required=False)
    from_on = forms.DateField(widget=DayInput, label="First day away")
    until_on = forms.DateField(widget=DayInput, label="Back on")
    kind = forms.ChoiceField(choices=Leave.Kind)
    note = forms.CharField(required=False, max_length=300, help_text="For the director")

    def __init__(self, viewer: Viewer, data: Any = None) -> None:
        super().__init__(data, initial={"person": viewer.person})
        if viewer.person.has(Role.DIRECTOR):
            self.fields["person"].queryset = staff()  # type: ignore[attr-defined]
        else:
            del self.fields["person"]


def new_leave(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    form = LeaveForm(viewer, request.POST or None)
    if form.is_valid():
        asked = carry_out(form, lambda: _ask(viewer, dict(form.cleaned_data)))
        if asked:
            messages.success(request, f"Asked: {asked}")
            return redirect("leave", asked.pk)
    context = {"form": form, "title": "Ask for leave", "back": reverse("leaves"), "act": "Ask"}
    return render(request, "desk/form.html", context)


def _ask(viewer: Viewer, values: dict[str, Any]) -> Leave:
    person = values.pop("person", None) or viewer.person
    return ask_leave(
        person, values.pop("from_on"), values.pop("until_on"), **values, by=viewer.person, at=viewer.at
    )


def leave(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    shown = _leave_of(viewer, pk)
    may_decide = may_decide_leave(viewer.person, shown)
    is_open = shown.state in (Leave.State.ASKED, Leave.State.APPROVED) and shown.until_on > viewer.today
    context = {
        "leave": shown,
        "covers": shown.covers.select_related("partner", "person").order_by("partner__sort_name"),
        "proposal": _proposal(shown) if may_decide and is_open else None,
        "may_decide": may_decide and shown.state == Leave.State.ASKED,
        "may_change": may_decide and shown.state == Leave.State.APPROVED and is_open,
        "may_take_back": is_open and may_ask_leave(viewer.person, shown.person),
        "has_begun": shown.from_on <= viewer.today,
    }
    return render(request, "desk/leave.html", context)


def _leave_of(viewer: Viewer, pk: int) -> Leave:
    return get_object_or_404(_seen(viewer), pk=pk)


def _proposal(shown: Leave) -> dict[str, Any]:
    """Who would cover whom, with the choice of others; named covers stand first."""
    spreading: Spreading = propose_cover(shown)
    named = {cover.partner_id: cover.person_id for cover in shown.covers.all()}
    rows = [
        {"partner": partner, "chosen": named.get(partner.pk, share.person.pk)}
        for share in spreading.shares
        for partner in share.partners
    ]
    return {
        "shares": spreading.shares,
        "rows": sorted(rows, key=lambda row: row["partner"].sort_name),
        "people": colleagues_of(shown.person),
        "left_over": spreading.left_over,
    }


def leave_approval(request: HttpRequest, pk: int) -> HttpResponseBase:
    """POST approves with the covers chosen, or declines (`granted=no`); DELETE takes the leave back, or ends it today."""
    viewer = viewer_of(request)
    shown = _leave_of(viewer, pk)
    back = reverse("leave", args=[pk])
    by: dict[str, Any] = {"by": viewer.person, "at": viewer.at}
    if method_of(request) == "DELETE":
        return answer(request, lambda: end_leave(shown, viewer.today, **by), said=f"Back: {shown}", back=back)
    if request.method != "POST":
        return not_allowed("POST", "DELETE")
    if not may_decide_leave(viewer.person, shown):
        raise PermissionDenied("A director decides, but never on the own leave.")
    if request.POST.get("granted") == "no":
        return answer(request, lambda: decline_leave(shown, **by), said=f"Declined: {shown}", back=back)
    covers = _covers(request, shown)
    return answer(request, lambda: grant_leave(shown, covers, **by), said=f"Approved: {shown}", back=back)


def _covers(request: HttpRequest, shown: Leave) -> dict[int, Account] | None:
    """Fields named `cover-<partner>`; without any, the proposal holds."""
    people = {str(person.pk): person for person in colleagues_of(shown.person)}
    chosen = {}
    for name, value in request.POST.items():
        head, _, partner = name.partition("-")
        if head == "cover" and partner.isascii() and partner.isdigit() and value:
            if value not in people:
                raise Http404
            chosen[int(partner)] = people[str(value)]
    return chosen or None
