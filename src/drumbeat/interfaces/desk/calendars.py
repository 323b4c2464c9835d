"""Calendars outside the house: addresses to subscribe to, and one's own calendar on a server; opened and closed by whoever
they belong to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from drumbeat.apps.meetings.actions import close_calendar, settle_copy
from drumbeat.apps.meetings.models import CalendarCopy, OwnCalendar
from drumbeat.apps.partners.access import visible_to
from drumbeat.apps.people.queries import vendor
from drumbeat.core.refusal import Refused
from drumbeat.integrations.caldav import CalDavShelf
from drumbeat.interfaces.kit.forms import answer, carry_out, method_of, not_allowed
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of
from drumbeat.workflows.feeding import close_feed, feeds_of, may_feed_team, open_feed
from drumbeat.workflows.pushing import connect_calendar

ASKING = (CalendarCopy.State.FOREIGN, CalendarCopy.State.REFUSED)


class OwnCalendarForm(forms.Form):
    url = forms.CharField(
        max_length=500,
        label="Address",
        help_text="That of the calendar itself, https://…/calendars/you/work/",
    )
    user = forms.CharField(max_length=200, label="User")
    password = forms.CharField(
        max_length=200,
        label="Password",
        help_text="Best one made for this alone. It is kept sealed.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


@for_business
def calendars(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    form = OwnCalendarForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        if carry_out(form, lambda: _connect(viewer, told["url"], told["user"], told["password"])):
            messages.success(request, "Your meetings are laid there within minutes.")
            return redirect("calendars")
    return render(request, "desk/calendars.html", _context(viewer, form))


def _connect(viewer: Viewer, url: str, user: str, password: str) -> OwnCalendar:
    if vendor().is_demo:
        raise Refused("A demo speaks to no other server", "Connect it in an installation of your own.")

    def shelf(*place: str) -> CalDavShelf:
        return CalDavShelf(*place, allowed=settings.WEBHOOK_NETWORKS)

    return connect_calendar(viewer.person, url, user, password, shelves=shelf, at=viewer.at)


def _context(viewer: Viewer, form: OwnCalendarForm) -> dict[str, Any]:
    feeds = feeds_of(viewer.person)
    open_kinds = {feed.kind for feed in feeds}
    own = OwnCalendar.objects.filter(person=viewer.person, closing_at=None).first()
    copies = CalendarCopy.objects.filter(calendar=own).select_related("meeting__partner")
    return {
        "form": form,
        "own": own,
        "laid": copies.filter(state=CalendarCopy.State.CURRENT).count() if own else 0,
        "asking": copies.filter(state__in=ASKING).order_by("meeting__starts_at") if own else [],
        "feeds": feeds,
        "may_open_own": "own" not in open_kinds,
        "may_open_team": "team" not in open_kinds and may_feed_team(viewer.person),
        "partners": visible_to(viewer.person, viewer.at).order_by("sort_name"),
    }


@for_business
def own_calendar(request: HttpRequest) -> HttpResponseBase:
    """DELETE closes it: what is still to come is taken away there."""
    viewer = viewer_of(request)
    if method_of(request) != "DELETE":
        return not_allowed("DELETE")
    own = get_object_or_404(OwnCalendar, person=viewer.person)
    return answer(
        request,
        lambda: close_calendar(own, at=viewer.at),
        said="Closed: coming meetings are taken away there, and the password is forgotten.",
        back=reverse("calendars"),
    )


@for_business
@require_POST
def calendar_copy(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Which one counts where somebody changed a meeting over there."""
    viewer = viewer_of(request)
    copy = get_object_or_404(CalendarCopy, pk=pk, calendar__person=viewer.person)
    is_ours = request.POST.get("kept") == "ours"
    said = "It is written again within minutes." if is_ours else "It is left as it is there."
    return answer(
        request, lambda: settle_copy(copy, is_ours, by=viewer.person), said=said, back=reverse("calendars")
    )


@for_business
@require_POST
def calendar_feeds(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    partner = visible_to(viewer.person, viewer.at).filter(key=request.POST.get("partner", "")).first()
    kind = request.POST.get("kind", "")
    return answer(
        request,
        lambda: open_feed(kind, partner=partner, by=viewer.person, at=viewer.at),
        said="Here is its address. Whoever has it reads along, so keep it to yourself.",
        back=reverse("calendars"),
    )


@for_business
def calendar_feed(request: HttpRequest, pk: int) -> HttpResponseBase:
    """DELETE closes it."""
    viewer = viewer_of(request)
    if method_of(request) != "DELETE":
        return not_allowed("DELETE")
    return answer(
        request,
        lambda: close_feed(pk, by=viewer.person, at=viewer.at),
        said="Closed: its address opens nothing any more.",
        back=reverse("calendars"),
    )
