"""One partner on one routine: what was agreed apart from it, what comes next and why, and agreeing on something else."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from drumbeat.apps.people.models import Account, Role
from drumbeat.apps.people.queries import staff
from drumbeat.apps.routines.access import subscriptions_visible_to
from drumbeat.apps.routines.actions import Agreement, agree_override
from drumbeat.apps.routines.models import Moment, Occurrence, Override, Subscription
from drumbeat.apps.routines.reasons import OVERRIDE_REASONS
from drumbeat.core.explaining import explain
from drumbeat.core.playbook import PARTNER_ROLES, STAFF_ROLES
from drumbeat.interfaces.kit.exceptions import DAYS, days_words, what_words
from drumbeat.interfaces.kit.forms import DayInput, carry_out
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of

SHOWN = 8


class AgreementForm(forms.Form):
    kind = forms.ChoiceField(choices=Override.Kind, label="What is agreed")
    weekday = forms.TypedChoiceField(
        choices=(("", "As written"), *enumerate(DAYS)), coerce=int, empty_value=None, required=False,
        help_text="For another day",
    )  # fmt: skip
    at = forms.TimeField(
        required=False, label="Local time", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="For another time",
    )  # fmt: skip
    phase = forms.IntegerField(
        required=False, min_value=0, label="Place in the spread", help_text="In working days"
    )
    attendees = forms.MultipleChoiceField(
        required=False, label="Who comes to its meeting", widget=forms.CheckboxSelectMultiple
    )
    recipients = forms.MultipleChoiceField(
        required=False, label="Who gets its mails", widget=forms.CheckboxSelectMultiple
    )
    owner = forms.ModelChoiceField(
        queryset=Account.objects.none(), required=False, help_text="For another owner"
    )
    reason = forms.ChoiceField(
        choices=(("", "Choose a reason"), *OVERRIDE_REASONS.items()), help_text="Both sides see it"
    )
    from_on = forms.DateField(widget=DayInput, label="From")
    until_on = forms.DateField(
        widget=DayInput, label="Until", required=False, help_text="The day after the last; empty: until told otherwise"
    )  # fmt: skip
    review_after = forms.IntegerField(
        min_value=1, max_value=24, initial=6, label="Ask again after months", help_text="Without an end"
    )
    note = forms.CharField(
        required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}), help_text="Stays inside"
    )

    def __init__(self, subscription: Subscription, viewer: Viewer, data: Any = None) -> None:
        super().__init__(data, initial={"from_on": viewer.today})
        partner = subscription.partner
        contacts = partner.contacts.present(viewer.today) if partner else ()
        people = [(word, word.replace("_", " ").capitalize()) for word in (*PARTNER_ROLES, *STAFF_ROLES)]
        named = [*((f"contact:{one.pk}", one.name) for one in contacts), *people]
        for name in ("attendees", "recipients"):
            self.fields[name].choices = named  # type: ignore[attr-defined]
        owners = staff().filter(role__in=[Role.CHANNEL_MANAGER, Role.DIRECTOR])
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]

    @property
    def agreement(self) -> Agreement:
        """What doesn't belong to the chosen kind is left out."""
        values = dict(self.cleaned_data)
        mine = {
            "timing": ("weekday", "at", "phase"),
            "people": ("attendees", "recipients"),
            "owner": ("owner",),
        }
        of_kind = mine.get(values["kind"], ())
        for name in (name for names in mine.values() for name in names if name not in of_kind):
            values.pop(name)
        people: dict[str, Any] = {
            name: tuple(values[name]) for name in ("attendees", "recipients") if name in values
        }
        return Agreement(**(values | people))


@for_business
def subscription(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    seen = subscriptions_visible_to(viewer.person, viewer.at)
    shown = get_object_or_404(seen.select_related("routine__version", "partner", "person"), pk=pk)
    form = AgreementForm(shown, viewer, request.POST or None)
    if form.is_valid():
        agreed = carry_out(
            form, lambda: agree_override(shown, form.agreement, by=viewer.person, at=viewer.at)
        )
        if agreed:
            undo = reverse("override", args=[agreed.pk])
            said = f"Agreed: {what_words(agreed)}, {days_words(agreed)}"
            messages.success(request, said, extra_tags=undo)
            return redirect("subscription", pk)
    rows = shown.overrides.standing().select_related("owner", "agreed_by")
    context = {
        "subscription": shown,
        "form": form,
        "agreed": [_line(viewer, row) for row in rows],
        "coming": _coming(shown),
        "open": Occurrence.objects.open().filter(subscription=shown).select_related("promise__standing"),
    }
    return render(request, "desk/subscription.html", context)


def _line(viewer: Viewer, row: Override) -> dict[str, Any]:
    return {
        "row": row,
        "what": what_words(row),
        "days": days_words(row),
        "reason": OVERRIDE_REASONS.get(row.reason, row.reason),
        "is_over": row.until_on is not None and row.until_on <= viewer.today,
        "for_review": row.until_on is None and row.review_on is not None and row.review_on <= viewer.today,
    }


def _coming(shown: Subscription) -> list[dict[str, Any]]:
    moments = Moment.objects.filter(subscription=shown).order_by("due_at")[:SHOWN]
    return [{"moment": moment, "why": explain(moment.why)} for moment in moments]
