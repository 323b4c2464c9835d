"""Meetings: the list, one with its agenda and who comes, its calendar file, and what became of it."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.partners.access import visible_to
from drumbeat.apps.people.models import Role
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.lists import Cell, Column, Empty, Listing, by_id, choice, search, show_list
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of


@for_business
def meetings(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    rows = seen_meetings(viewer).select_related("partner", "organiser")
    return show_list(request, meeting_listing(viewer), rows, "desk/meetings.html")


def seen_meetings(viewer: Viewer) -> QuerySet[Meeting]:
    if viewer.person.has(Role.DIRECTOR, Role.PARTNER_OPERATIONS):
        return Meeting.objects.all()
    seen = (
        Q(organiser=viewer.person)
        | Q(attendees__person=viewer.person)
        | Q(partner__in=visible_to(viewer.person, viewer.at))
    )
    return Meeting.objects.filter(pk__in=Meeting.objects.filter(seen).values("pk"))


def meeting_listing(viewer: Viewer) -> Listing:
    when = (("coming", "Coming"), ("past", "Past"))
    return Listing(
        name="meetings",
        nouns=("meeting", "meetings"),
        sort="-starts_at",
        columns=(
            Column(
                "title", "Meeting", lambda row: Cell(row.title, reverse("meeting", args=[row.pk])), ("title",)
            ),
            Column("partner", "Partner", _partner, ("partner__sort_name",), may_be_empty=True),
            Column("starts_at", "When", lambda row: _when(row, viewer), ("starts_at",), "num rate"),
            Column(
                "minutes",
                "Minutes",
                lambda row: Cell(str(row.minutes), value=row.minutes),
                ("minutes",),
                "num soft",
            ),
            Column(
                "organiser",
                "Organiser",
                lambda row: Cell(row.organiser.name),
                ("organiser__sort_name",),
                "soft",
            ),
            Column("state", "State", lambda row: Cell(row.get_state_display()), ("state",), "soft"),
        ),
        filters=(
            search("Title or partner", "title__icontains", "partner__sort_name__contains"),
            choice("when", "When", when, lambda rows, word: rows.filter(_time(word, viewer))),
            choice("state", "State", Meeting.State.choices),
            by_id("partner", "Partner", "partner_id"),
        ),
        empty=Empty(
            "No meeting yet",
            "Routines with a meeting step arrange it, invite both sides and fill the agenda from what is open.",
        ),
    )


def _partner(row: Meeting) -> Cell:
    return Cell(row.partner.name, reverse("partner", args=[row.partner.key])) if row.partner else Cell("")


def _when(row: Meeting, viewer: Viewer) -> Cell:
    theirs = times.theirs_words(row.starts_at, viewer.zone, row.partner.tz if row.partner else None)
    words = times.moment_words(row.starts_at, viewer.zone, viewer.today)
    return Cell(words, note=theirs, value=row.starts_at.astimezone(viewer.zone))


def _time(word: str, viewer: Viewer) -> Q:
    return Q(starts_at__gte=viewer.at) if word == "coming" else Q(starts_at__lt=viewer.at)


@for_business
def meeting(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    shown = _meeting_of(viewer, pk)
    attendees = list(shown.attendees.select_related("contact", "person"))
    context = {
        "meeting": shown,
        "points": shown.points.all(),
        "ours": [one for one in attendees if one.person_id],
        "theirs": [one for one in attendees if one.contact_id],
        "accepted": sum(one.answer == "accepted" for one in attendees),
        "attendees": attendees,
    }
    return render(request, "desk/meeting.html", context)


def _meeting_of(viewer: Viewer, pk: int) -> Meeting:
    return get_object_or_404(
        seen_meetings(viewer).select_related("partner", "organiser", "promise__standing"), pk=pk
    )
