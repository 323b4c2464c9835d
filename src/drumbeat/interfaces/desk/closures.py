"""A partner closes, is suspended, comes back, becomes part of another, or is split from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from drumbeat.apps.partners.access import may_assign, visible_to
from drumbeat.apps.partners.models import Merge, Partner, Status
from drumbeat.apps.people.models import Account, Role
from drumbeat.apps.people.queries import staff
from drumbeat.apps.routines.models import Moment, Occurrence
from drumbeat.interfaces.kit.forms import answer, carry_out, method_of
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of
from drumbeat.workflows.closing import (
    close_partner,
    merge_partners,
    reopen_partner,
    split_partners,
    suspend_partner,
)

WAYS = (
    ("waive", "Close: what is open is waived, because the partner closed"),
    ("finish", "Close: what is open is finished"),
    ("suspend", "Suspend: it leaves the routines that it no longer fits"),
    ("merge", "Merge: it becomes part of another partner"),
)


class ClosureForm(forms.Form):
    way = forms.ChoiceField(choices=WAYS, widget=forms.RadioSelect, initial="waive", label="What happens")
    heir = forms.ModelChoiceField(
        queryset=Account.objects.none(),
        required=False,
        label="Finished by",
        help_text="Empty: by who looks after it",
    )
    kept = forms.SlugField(
        required=False, label="Becomes part of", help_text="The key of the other partner, as in its address"
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["heir"].queryset = staff(Role.CHANNEL_MANAGER)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("way") == "merge":
            values["kept"] = Partner.objects.filter(key=values.get("kept", "")).first()
            if values["kept"] is None:
                self.add_error(
                    "kept", "There is no partner with this key. Take it from the address of its page."
                )
        return values


@for_business
def partner_closure(request: HttpRequest, key: str) -> HttpResponseBase:
    """POST closes, suspends or merges; DELETE opens it again, or splits it from the other one."""
    viewer = viewer_of(request)
    if not may_assign(viewer.person):
        raise PermissionDenied("Partners are closed and merged by partner operations or a director.")
    partner = get_object_or_404(visible_to(viewer.person, viewer.at), key=key)
    if method_of(request) == "DELETE":
        return _again(request, viewer, partner)
    form = ClosureForm(request.POST or None)
    if form.is_valid() and carry_out(form, _verb(viewer, partner, form.cleaned_data)) is not None:
        messages.success(
            request, f"{partner} is {'merged' if form.cleaned_data['way'] == 'merge' else 'changed'}."
        )
        return redirect("partner", key)
    context = {
        "form": form,
        "partner": partner,
        "title": f"Close or merge {partner.name}",
        "open": Occurrence.objects.open().filter(subscription__partner=partner).count(),
        "coming": Moment.objects.filter(subscription__partner=partner).count(),
        "merge": _standing_merge(partner),
        "is_off": partner.status in (Status.CLOSED, Status.SUSPENDED),
        "back": reverse("partner", args=[key]),
        "act": "Do it",
    }
    return render(request, "desk/closure.html", context)


def _verb(viewer: Viewer, partner: Partner, values: dict[str, Any]) -> Callable[[], object]:
    by: dict[str, Any] = {"by": viewer.person, "at": viewer.at}
    ways: dict[str, Callable[[], object]] = {
        "waive": lambda: close_partner(partner, **by),
        "finish": lambda: close_partner(partner, finish=True, heir=values["heir"], **by),
        "suspend": lambda: suspend_partner(partner, **by),
        "merge": lambda: merge_partners(partner, values["kept"], **by),
    }
    return ways[values["way"]]


def _standing_merge(partner: Partner) -> Merge | None:
    return partner.merges.filter(split_at=None).select_related("kept").first()


def _again(request: HttpRequest, viewer: Viewer, partner: Partner) -> HttpResponseBase:
    merge = _standing_merge(partner)
    by: dict[str, Any] = {"by": viewer.person, "at": viewer.at}
    verb: Callable[[], object] = (
        (lambda: split_partners(merge, **by)) if merge else (lambda: reopen_partner(partner, **by))
    )
    return answer(
        request, verb, said=f"{partner} stands by itself again", back=reverse("partner", args=[partner.key])
    )
