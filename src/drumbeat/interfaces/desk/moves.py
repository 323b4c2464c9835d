"""One occurrence is moved once, opened already or still to come; or many at once, shown before."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from drumbeat.apps.ledger.reasons import REASONS
from drumbeat.apps.people.models import Account, Role
from drumbeat.apps.people.queries import staff
from drumbeat.apps.routines.access import occurrences_visible_to, subscriptions_visible_to
from drumbeat.apps.routines.actions import Moved, move_occurrence, undo_move
from drumbeat.apps.routines.models import Moment, Occurrence, Routine
from drumbeat.apps.routines.queries import has_told
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.forms import DayInput, answer, carry_out, method_of, moment_from
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of
from drumbeat.workflows.rescheduling import Choice, chosen_lines, reschedule, waive_many


class MoveForm(forms.Form):
    to = forms.CharField(label="To", widget=forms.TextInput(attrs={"type": "datetime-local"}))
    reason = forms.ChoiceField(
        choices=(("", "Choose a reason"), *REASONS.items()), required=False, help_text="Both sides see it"
    )
    note = forms.CharField(required=False, max_length=300, help_text="Stays inside")


class ManyForm(forms.Form):
    """Which of them, and where to; `act` says whether to show, move or waive."""

    from_on = forms.DateField(widget=DayInput, label="Due from")
    until_on = forms.DateField(widget=DayInput, label="until", help_text="The day after the last")
    routine = forms.ModelChoiceField(
        queryset=Routine.objects.exclude(version=None),
        to_field_name="key",
        required=False,
        empty_label="Every routine",
    )
    manager = forms.ModelChoiceField(
        queryset=Account.objects.none(), required=False, label="Channel manager", empty_label="Everybody"
    )
    partners = forms.CharField(required=False, help_text="Keys of partners, with blanks between; empty: all")
    by_days = forms.IntegerField(required=False, min_value=-60, max_value=60, label="By working days")
    to_on = forms.DateField(widget=DayInput, required=False, label="Or to the day")
    reason = forms.ChoiceField(choices=REASONS.items(), help_text="Both sides see it")

    def __init__(self, data: Any, viewer: Viewer) -> None:
        super().__init__(data, initial={"from_on": viewer.today, "by_days": 1})
        self.fields["manager"].queryset = staff(Role.CHANNEL_MANAGER)  # type: ignore[attr-defined]

    @property
    def choice(self) -> Choice:
        values = self.cleaned_data
        key = values["routine"].key if values["routine"] else ""
        partners = tuple(values["partners"].split())
        return Choice(values["from_on"], values["until_on"], key, values["manager"], partners)

    @property
    def where(self) -> dict[str, Any]:
        to_on = self.cleaned_data["to_on"]
        return {"by_days": 0 if to_on else self.cleaned_data["by_days"] or 0, "to_on": to_on}


@for_business
def moves(request: HttpRequest) -> HttpResponseBase:
    """Many at once: GET with the fields shows what would move, POST moves it, or waives it."""
    viewer = viewer_of(request)
    form = ManyForm(request.POST or request.GET or None, viewer)
    context: dict[str, Any] = {"form": form, "may_waive": viewer.person.has(Role.DIRECTOR)}
    if form.is_valid():
        by: dict[str, Any] = {"by": viewer.person, "at": viewer.at}
        if request.method == "POST" and (said := carry_out(form, lambda: _many(request, form, by))):
            messages.success(request, said)
            return redirect("moves")
        context["lines"] = carry_out(form, lambda: chosen_lines(form.choice, **form.where, **by))
    return render(request, "desk/moves.html", context)


def _many(request: HttpRequest, form: ManyForm, by: dict[str, Any]) -> str:
    reason = form.cleaned_data["reason"]
    if request.POST.get("act") == "waive":
        return f"{waive_many(form.choice, reason=reason, **by)} promises waived"
    moved = reschedule(form.choice, **form.where, reason=reason, **by)
    asked = sum(one.is_asked for one in moved)
    return f"{len(moved) - asked} moved, {asked} asked for"


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
