"""A meeting gets another time, length or place; of a series this date alone, or with all that follow."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from drumbeat.apps.meetings.access import may_change_meeting, visible_to
from drumbeat.apps.meetings.actions import move_following, move_meeting
from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.meetings.queries import starts_after_move
from drumbeat.interfaces.kit.forms import carry_out
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of
from drumbeat.workflows.arranging import LONGEST, SHORTEST, company_at

from .suiting import chosen_start, dates_shown, offers_shown

SCOPES = (("one", "This one only"), ("following", "This one and all that follow"))


class TimeForm(forms.Form):
    scope = forms.ChoiceField(choices=SCOPES, widget=forms.RadioSelect, required=False, label="Which")
    starts_at = forms.CharField(
        required=False, label="At a time of your own", widget=forms.TextInput({"type": "datetime-local"}),
        help_text="Or take one of those that suit all; with none it stays when it is.",
    )  # fmt: skip
    minutes = forms.IntegerField(min_value=SHORTEST, max_value=LONGEST)
    video_url = forms.URLField(
        required=False, max_length=500, assume_scheme="https", label="Link of the video call"
    )
    room = forms.CharField(required=False, max_length=120)

    def __init__(self, data: Any, shown: Meeting) -> None:
        now = {name: getattr(shown, name) for name in ("minutes", "video_url", "room")}
        super().__init__(data, initial=now | {"scope": "one"})
        if shown.series_id is None:
            del self.fields["scope"]


@for_business
def meeting_time(request: HttpRequest, pk: int) -> HttpResponseBase:
    """GET asks; POST shows what would be, as one writes or by a button, and with `act=move` moves it."""
    viewer = viewer_of(request)
    seen = visible_to(viewer.person, viewer.at).select_related("partner", "organiser", "series")
    shown = get_object_or_404(seen, pk=pk)
    if not may_change_meeting(viewer.person, shown, viewer.at):
        raise PermissionDenied("Its organiser, or who looks after the partner, moves this meeting.")
    form = TimeForm(request.POST or None, shown)
    form.is_valid()
    starts_at = chosen_start(request, form, viewer)
    is_asked = request.POST.get("act") == "move" and form.is_valid()
    to = starts_at or shown.starts_at
    if is_asked and carry_out(form, lambda: _moved(shown, to, form.cleaned_data, viewer)):
        messages.success(request, "Changed; everybody gets the new invitation and is asked again.")
        return redirect("meeting", pk)
    is_live = request.headers.get("HX-Target") == "live"
    context = {"meeting": shown, "form": form, **_beside(shown, form, starts_at, viewer)}
    return render(request, "desk/time_live.html" if is_live else "desk/time.html", context)


def _moved(shown: Meeting, starts_at: datetime, told: dict[str, Any], viewer: Viewer) -> Any:
    verb = move_following if told.get("scope") == "following" else move_meeting
    place = (told["room"], told["video_url"])
    return verb(shown, starts_at, minutes=told["minutes"], place=place, by=viewer.person, at=viewer.at)


def _beside(shown: Meeting, form: TimeForm, starts_at: datetime | None, viewer: Viewer) -> dict[str, Any]:
    company, told = company_at(shown), form.cleaned_data if form.is_bound else {}
    minutes = told.get("minutes") or shown.minutes
    starts = [starts_at] if starts_at else []
    if starts_at and told.get("scope") == "following":
        starts = starts_after_move(shown, starts_at, viewer.at)
    return {
        "offers": offers_shown(company, minutes, starts_at, viewer, besides=shown),
        "dates": dates_shown(company, starts, minutes, viewer, besides=shown),
        "is_alone": company.is_alone,
    }
