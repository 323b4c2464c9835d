"""How mail looks, set once by partner operations: colour, logo, sender line, address; and how fast optional mail goes out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from drumbeat.apps.messages.actions import set_letterhead
from drumbeat.apps.messages.queries import letterhead as letterhead_now
from drumbeat.apps.people.models import Role
from drumbeat.interfaces.kit.forms import carry_out
from drumbeat.interfaces.kit.viewer import for_roles, viewer_of


class LetterheadForm(forms.Form):
    colour = forms.CharField(max_length=7, label="Colour", help_text="Of links and buttons, like #3a5bc7.")
    logo = forms.FileField(required=False, help_text="PNG, JPEG or GIF, up to 100 kB; shown 36 px high.")
    sender_line = forms.CharField(max_length=120, required=False, label="Sender line")
    postal_address = forms.CharField(
        max_length=300, required=False, label="Postal address", widget=forms.Textarea({"rows": 3})
    )
    a_minute = forms.IntegerField(
        min_value=1, max_value=100_000, label="Letters a minute", help_text="Of announcements, to one mail domain."
    )  # fmt: skip
    needs_approval = forms.BooleanField(required=False, label="A director sends announcements")


@for_roles(Role.DIRECTOR, Role.PARTNER_OPERATIONS)
def letterhead(request: HttpRequest) -> HttpResponseBase:
    viewer, head = viewer_of(request), letterhead_now()
    initial = {name: getattr(head, name) for name in LetterheadForm.base_fields if name != "logo"}
    form = LetterheadForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        told: dict[str, Any] = dict(form.cleaned_data)
        file = told.pop("logo")
        logo = file.read(200_000) if file else None
        if carry_out(form, lambda: set_letterhead(told, logo=logo, by=viewer.person, at=viewer.at)):
            return redirect("letterhead")
    return render(request, "desk/letterhead.html", {"form": form, "head": head})
