"""A meeting, or a series of them, arranged by hand: what is written, and beside it who comes and when it suits all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.partners.access import visible_to
from drumbeat.apps.partners.models import ContactRole, Partner, PartnerSet
from drumbeat.apps.people.models import Account, Role
from drumbeat.core.meetingseries import MOST, RHYTHMS
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit.forms import carry_out, lines_of
from drumbeat.interfaces.kit.viewer import BUSINESS, Viewer, for_business, viewer_of
from drumbeat.workflows.arranging import (
    LONGEST,
    SHORTEST,
    Wish,
    arrange,
    company_of,
    guests_of,
    key_of,
    people_meant,
    starts_of,
)
from drumbeat.workflows.recipients import Person

from .suiting import chosen_start, dates_shown, offers_shown

CHOSEN_FROM = 200  # partners; who looks after more comes from the partner's page
ONCE = "once"
OURS = [(role.value, role.label) for role in Role if role in BUSINESS]


class ArrangementForm(forms.Form):
    title = forms.CharField(max_length=160, label="What it is about")
    partner = forms.ModelChoiceField(
        queryset=Partner.objects.none(), to_field_name="key", required=False, empty_label="Among ourselves"
    )
    further = forms.ModelMultipleChoiceField(
        queryset=Partner.objects.none(), to_field_name="key", required=False, label="More partners",
        help_text="All come to one meeting and see each other’s addresses.", widget=forms.SelectMultiple({"size": 6}),
    )  # fmt: skip
    theirs = forms.MultipleChoiceField(
        choices=ContactRole.choices, required=False, widget=forms.CheckboxSelectMultiple, label="Their people"
    )
    ours = forms.MultipleChoiceField(
        choices=OURS, required=False, widget=forms.CheckboxSelectMultiple, label="Our people, beside you"
    )
    minutes = forms.IntegerField(min_value=SHORTEST, max_value=LONGEST)
    rhythm = forms.ChoiceField(choices=[(ONCE, "once"), *RHYTHMS.items()], label="How often")
    times = forms.IntegerField(min_value=2, max_value=MOST, label="A series has so many")
    starts_at = forms.CharField(
        required=False, label="At a time of your own", widget=forms.TextInput({"type": "datetime-local"}),
        help_text="Or take one of those that suit all.",
    )  # fmt: skip
    video_url = forms.URLField(
        required=False, max_length=500, assume_scheme="https", label="Link of the video call"
    )
    room = forms.CharField(required=False, max_length=120)
    points = forms.CharField(
        required=False, label="Agenda", help_text="One point a line.", widget=forms.Textarea({"rows": 3})
    )
    is_agenda_filled = forms.BooleanField(required=False, label="And what is open between both sides")

    def __init__(self, data: Any, viewer: Viewer, partner: str) -> None:
        super().__init__(data, initial=USUAL | {"partner": partner})
        for name in ("partner", "further"):
            self.fields[name].queryset = _partners_of(viewer, partner)  # type: ignore[attr-defined]


USUAL: dict[str, Any] = {
    "theirs": ["sales_lead"], "ours": [], "minutes": 30, "rhythm": ONCE, "times": 6, "is_agenda_filled": True,
    "left_out": (),
}  # fmt: skip


def _partners_of(viewer: Viewer, partner: str) -> PartnerSet:
    seen = visible_to(viewer.person, viewer.at).order_by("sort_name", "pk")
    first = list(seen.values_list("pk", flat=True)[:CHOSEN_FROM])
    return seen.filter(Q(pk__in=first) | Q(key=partner))


@for_business
def arrangement(request: HttpRequest) -> HttpResponseBase:
    """GET asks; POST shows what would be, as one writes or by a button, and with `act=invite` arranges it."""
    viewer = viewer_of(request)
    form = ArrangementForm(request.POST or None, viewer, request.GET.get("partner", ""))
    wish = _wish_of(form, viewer)
    starts_at = chosen_start(request, form, viewer)
    stamp = request.POST.get("stamp") or viewer.at.isoformat()
    if request.POST.get("act") == "invite":
        made = _made(form, wish, starts_at, f"hand:{viewer.person.pk}:{stamp}", viewer)
        if made:
            messages.success(request, "Arranged; everybody’s invitation is on its way.")
            return redirect("meeting", made.pk)
    context = {"form": form, "stamp": stamp, **_beside(wish, starts_at, viewer)}
    is_live = request.headers.get("HX-Target") == "live"
    return render(request, "desk/arrangement_live.html" if is_live else "desk/arrangement.html", context)


def _wish_of(form: ArrangementForm, viewer: Viewer) -> Wish:
    """As far as it is told; what is missing yet, or wrong, has its usual value."""
    told = {name: value for name, value in _told(form).items() if value is not None}
    partners = dict.fromkeys(filter(None, [told.get("partner"), *told.get("further", ())]))
    return Wish(
        organiser=viewer.person,
        partners=tuple(partners),
        roles=(*told["theirs"], *told["ours"]),
        title=told.get("title", ""),
        minutes=told["minutes"],
        left_out=frozenset(told["left_out"]),
        room=told.get("room", ""),
        video_url=told.get("video_url", ""),
        rhythm="" if told["rhythm"] == ONCE else told["rhythm"],
        times=told["times"],
        points=tuple(lines_of(told.get("points", ""))),
        is_agenda_filled=told["is_agenda_filled"],
    )


def _told(form: ArrangementForm) -> dict[str, Any]:
    if form.is_bound:
        form.is_valid()
        return USUAL | form.cleaned_data | {"left_out": form.data.getlist("left_out")}  # type: ignore[attr-defined]
    offered = form.fields["partner"].queryset  # type: ignore[attr-defined]
    return USUAL | {"partner": offered.filter(key=form.initial["partner"]).first()}


def _made(
    form: ArrangementForm, wish: Wish, starts_at: datetime | None, key: str, viewer: Viewer
) -> Meeting | None:
    if starts_at is None and not form.has_error("starts_at"):
        form.add_error("starts_at", "Choose one of the times, or write one of your own.")
    if not form.is_valid() or starts_at is None:
        return None
    made: Meeting | None = carry_out(form, lambda: arrange(wish, starts_at, key=key, at=viewer.at))
    return made


def _beside(wish: Wish, starts_at: datetime | None, viewer: Viewer) -> dict[str, Any]:
    """Who comes, when it suits all of them, and what speaks against the dates that were chosen."""
    guests = guests_of(wish, at=viewer.at)
    company = company_of(guests, wish.partners)
    return {
        "people": [_person(one, wish) for one in people_meant(wish, at=viewer.at)],
        "is_alone": company.is_alone,
        "offers": offers_shown(company, wish.minutes, starts_at, viewer),
        "dates": dates_shown(company, _dates(wish, starts_at), wish.minutes, viewer),
    }


def _dates(wish: Wish, starts_at: datetime | None) -> list[datetime]:
    try:
        return starts_of(wish, starts_at) if starts_at else []
    except Refused:  # so many times are none; the form says so
        return []


def _person(one: Person, wish: Wish) -> dict[str, Any]:
    return {
        "name": one.name,
        "about": _about(one, wish),
        "key": key_of(one),
        "is_organiser": one == wish.organiser,
        "is_left_out": key_of(one) in wish.left_out,
    }


def _about(one: Person, wish: Wish) -> str:
    if isinstance(one, Account):
        return Role(one.role).label
    firm = [one.partner.name] if len(wish.partners) > 1 else []
    return ", ".join([*firm, *(ContactRole(role).label for role in one.roles)])
