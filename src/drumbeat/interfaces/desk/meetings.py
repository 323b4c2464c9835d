"""Meetings: the list, one with its agenda and who comes, its calendar file, and what became of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from drumbeat.apps.meetings.access import may_change_meeting, visible_to
from drumbeat.apps.meetings.actions import (
    Presence,
    add_point,
    hold_meetings,
    note_answer,
    note_attendance,
    undertake,
    write_minutes,
)
from drumbeat.apps.meetings.bridge import invitation_of
from drumbeat.apps.meetings.models import Attendee, Meeting
from drumbeat.apps.meetings.queries import commitments_from, open_counters, said_words
from drumbeat.apps.routines.access import may_do_step
from drumbeat.apps.routines.models import Step, StepState
from drumbeat.core.ical import cancel_text, request_text
from drumbeat.core.meetingseries import RHYTHMS, rhythm_of
from drumbeat.core.refusal import Refused, insist
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.filters import by_id, choice, search
from drumbeat.interfaces.kit.forms import answer, method_of, not_allowed, sentences
from drumbeat.interfaces.kit.lists import Cell, Column, Empty, Listing, show_list
from drumbeat.interfaces.kit.markup import drawn
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of
from drumbeat.workflows.committing import call_back_answers
from drumbeat.workflows.gathering import ABSENT
from drumbeat.workflows.minuting import send_minutes

from .commitment_lines import commitment_row


@for_business
def meetings(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    rows = visible_to(viewer.person, viewer.at).select_related("partner", "organiser")
    return show_list(request, meeting_listing(viewer), rows, "desk/meetings.html")


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
            by_id("series", "Series", "series_id"),
        ),
        empty=Empty(
            "No meeting yet",
            "Routines with a meeting step arrange it, invite both sides and fill the agenda from what is open. "
            "Or arrange one by hand.",
            ((reverse("arrangement"), "Arrange a meeting"),),
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
    return render(request, "desk/meeting.html", meeting_context(viewer, shown))


def meeting_context(viewer: Viewer, shown: Meeting) -> dict[str, Any]:
    attendees = _attendees(shown)
    asked = [one for one in attendees if one.person_id != shown.organiser_id]
    may_change = may_change_meeting(viewer.person, shown, viewer.at)
    is_arranged = shown.state == Meeting.State.ARRANGED
    points = list(shown.points.select_related("contact", "person"))
    return {
        "meeting": shown,
        "points": points,
        "minutes": drawn(shown.notes),
        "done": sum(point.is_done for point in points),
        "commitments": [
            commitment_row(one, viewer, may_change=may_change) for one in commitments_from(shown)
        ],
        "accepted": sum(one.answer == Attendee.Answer.ACCEPTED for one in asked),
        "asked": len(asked),
        "attendees": attendees,
        "counters": open_counters(shown),
        "step": _step_of(viewer, shown),
        "may_change": is_arranged and may_change,
        "is_by_hand": shown.promise_id is None,
        "rhythm": RHYTHMS[rhythm_of(shown.series.rule)] if shown.series else "",
        "may_write": may_change and shown.state != Meeting.State.CANCELLED,
        "is_coming": shown.starts_at > viewer.at,
    }


@for_business
@require_safe
def invitation(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The calendar file: adding it twice changes nothing, because it names the same meeting."""
    viewer = viewer_of(request)
    shown = _meeting_of(viewer, pk)
    written = invitation_of(shown, _attendees(shown), at=viewer.at)
    text = cancel_text(written) if shown.state == Meeting.State.CANCELLED else request_text(written)
    headers = {"Content-Disposition": f'attachment; filename="meeting-{pk}.ics"'}
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)


@for_business
@require_POST
def meeting_points(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    shown = _meeting_of(viewer, pk)
    text, side = request.POST.get("text", ""), request.POST.get("side", "both")
    return _answered(
        request,
        shown,
        lambda: add_point(shown, text, side=side, by=viewer.person, at=viewer.at),
        "The point is on the agenda.",
    )


@for_business
@require_POST
def meeting_commitments(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One spoken line; what is no commitment yet stays in its field, with the reason beside it."""
    viewer = viewer_of(request)
    shown = _meeting_of(viewer, pk)
    line = request.POST.get("line", "")[:400]
    try:
        said = undertake(shown, line, by=viewer.person, at=viewer.at)
    except Refused as refusal:
        context = meeting_context(viewer, shown) | {"line": line, "line_error": sentences(refusal)}
        return render(request, "desk/meeting.html", context)
    messages.success(request, f"Noted: {said_words(said)}")
    return redirect(f"{reverse('meeting', args=[pk])}#commitments")


@for_business
@require_POST
def meeting_dispatch(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    shown = _meeting_of(viewer, pk)
    return _answered(
        request,
        shown,
        lambda: send_minutes(shown, by=viewer.person, at=viewer.at),
        "The minutes go to both sides now.",
    )


@for_business
def meeting_links(request: HttpRequest, pk: int) -> HttpResponseBase:
    """DELETE calls back the links by which owners answer, as when minutes went to the wrong people."""
    viewer = viewer_of(request)
    shown = _meeting_of(viewer, pk)
    if method_of(request) != "DELETE":
        return not_allowed("DELETE")
    return _answered(
        request,
        shown,
        lambda: call_back_answers(shown, by=viewer.person, at=viewer.at),
        "The links of these minutes open nothing any more. New minutes bring new ones.",
    )


@for_business
@require_POST
def meeting_presence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """That it was held, or who stayed away; of a routine's meeting its step says so."""
    viewer = viewer_of(request)
    shown = _meeting_of(viewer, pk)
    partner_came, vendor_came = ABSENT.get(request.POST.get("absent", ""), ABSENT[""])
    presence = Presence(shown, viewer.person, viewer.at, partner_came, vendor_came)

    def note() -> Any:
        insist(shown.promise_id is None, "A routine arranged this meeting", "Note it by its step on Today.")
        return hold_meetings([presence])

    return _answered(request, shown, note, "Noted.")


@for_business
@require_POST
def meeting_attendance(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    attendee = _attendee_of(viewer, pk)
    was_there = request.POST.get("attended") == "yes"
    said = f"{attendee.who} {'was there' if was_there else 'stayed away'}."
    return _answered(
        request,
        attendee.meeting,
        lambda: note_attendance(attendee, was_there, by=viewer.person, at=viewer.at),
        said,
    )


@for_business
@require_POST
def minutes(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    shown = _meeting_of(viewer, pk)
    text = request.POST.get("text", "").replace("\x00", "")
    return _answered(
        request,
        shown,
        lambda: write_minutes(shown, text, by=viewer.person, at=viewer.at),
        "The minutes are kept.",
    )


@for_business
@require_POST
def attendee_answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    attendee = _attendee_of(viewer, pk)
    given = request.POST.get("answer", "")
    said = f"Noted the answer of {attendee.who}."
    return _answered(
        request, attendee.meeting, lambda: note_answer(attendee, given, by=viewer.person, at=viewer.at), said
    )


def _attendee_of(viewer: Viewer, pk: int) -> Attendee:
    seen = Attendee.objects.filter(meeting__in=visible_to(viewer.person, viewer.at))
    return get_object_or_404(seen.select_related("meeting", "contact", "person"), pk=pk)


def _answered(request: HttpRequest, shown: Meeting, verb: Any, said: str) -> HttpResponseBase:
    return answer(request, verb, said=said, back=reverse("meeting", args=[shown.pk]))


def _step_of(viewer: Viewer, shown: Meeting) -> Step | None:
    """The step that is done when the meeting is noted, if the viewer may do it."""
    step = shown.steps.filter(kind="meeting", state=StepState.OPEN).first()
    return step if step and may_do_step(viewer.person, step) else None


def _attendees(shown: Meeting) -> list[Attendee]:
    return list(shown.attendees.select_related("contact__partner", "person").order_by("pk"))


def _meeting_of(viewer: Viewer, pk: int) -> Meeting:
    seen = visible_to(viewer.person, viewer.at)
    return get_object_or_404(
        seen.select_related("partner", "organiser", "series", "promise__standing"), pk=pk
    )
