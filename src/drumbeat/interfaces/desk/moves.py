"""One occurrence is moved once, opened already or still to come."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from drumbeat.apps.ledger.reasons import REASONS
from drumbeat.apps.routines.access import occurrences_visible_to, subscriptions_visible_to
from drumbeat.apps.routines.actions import Moved, move_occurrence, undo_move
from drumbeat.apps.routines.models import Moment, Occurrence
from drumbeat.apps.routines.queries import has_told
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.forms import answer, carry_out, method_of, moment_from
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of


class MoveForm(forms.Form):
    to = forms.CharField(label="To", widget=forms.TextInput(attrs={"type": "datetime-local"}))
    reason = forms.ChoiceField(
        choices=(("", "Choose a reason"), *REASONS.items()), required=False, help_text="Both sides see it"
    )
    note = forms.CharField(required=False, max_length=300, help_text="Stays inside")


@for_business
def moment_move(request: HttpRequest, pk: int) -> HttpResponseBase:
    """POST moves what is to come, DELETE puts it back where planning wants it."""
    viewer = viewer_of(request)
    seen = subscriptions_visible_to(viewer.person, viewer.at)
    rows = Moment.objects.filter(subscription__in=seen).select_related(
        "subscription__routine", "subscription__partner"
    )
    shown = get_object_or_404(rows, pk=pk)
    return _move(request, viewer, shown, reverse("subscription", args=[shown.subscription_id]))


@for_business
def occurrence_move(request: HttpRequest, pk: int) -> HttpResponseBase:
    """POST moves what is open, or asks the owed side; DELETE puts it back, or takes the plea back."""
    viewer = viewer_of(request)
    seen = occurrences_visible_to(viewer.person, viewer.at)
    rows = seen.select_related("subscription__routine", "subscription__partner", "promise__standing")
    shown = get_object_or_404(rows, pk=pk)
    return _move(request, viewer, shown, reverse("occurrence", args=[pk]))


def _move(request: HttpRequest, viewer: Viewer, shown: Moment | Occurrence, back: str) -> HttpResponseBase:
    if method_of(request) == "DELETE":
        return answer(
            request, lambda: undo_move(shown, by=viewer.person, at=viewer.at), said="Put back", back=back
        )
    due_at = shown.promise.standing.due_at if isinstance(shown, Occurrence) else shown.due_at
    is_asked = isinstance(shown, Occurrence) and has_told(shown)
    form = MoveForm(request.POST or None, initial={"to": f"{due_at.astimezone(viewer.zone):%Y-%m-%dT%H:%M}"})
    if not is_asked:
        del form.fields["reason"], form.fields["note"]
    if form.is_valid():
        moved = carry_out(form, lambda: _carry(viewer, shown, form.cleaned_data))
        if moved:
            messages.success(request, _said(viewer, moved), extra_tags=request.path)
            return redirect(back)
    context = {
        "form": form,
        "shown": shown,
        "due_at": due_at,
        "title": f"Move {shown.subscription.routine.title}",
        "lede": _lede(viewer, shown, due_at, is_asked),
        "back": back,
        "act": "Ask to move" if is_asked else "Move",
    }
    return render(request, "desk/form.html", context)


def _carry(viewer: Viewer, shown: Moment | Occurrence, values: dict[str, Any]) -> Moved:
    return move_occurrence(
        shown,
        moment_from(values["to"], viewer.zone),
        by=viewer.person,
        at=viewer.at,
        reason=values.get("reason", ""),
        note=values.get("note", ""),
    )


def _said(viewer: Viewer, moved: Moved) -> str:
    when = times.moment_words(moved.due_at, viewer.zone, viewer.today)
    if moved.is_asked:
        return f"Asked to move to {when}. A director decides; until then the promise stands."
    return f"Moved to {when}"


def _lede(viewer: Viewer, shown: Moment | Occurrence, due_at: Any, is_asked: bool) -> str:
    who = shown.subscription.subject
    when = times.moment_words(due_at, viewer.zone, viewer.today)
    rule = (
        "Somebody was told of this date already, so the owed side is asked."
        if is_asked
        else "Nobody was told yet, so it simply moves. Planning leaves it where you put it."
    )
    return f"{who}, due {when}. {rule}"
