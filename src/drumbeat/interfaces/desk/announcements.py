"""Announcements: written, looked at with a real reader's data, shown to a second person, and sent once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from drumbeat.apps.messages.access import may_approve
from drumbeat.apps.messages.actions import ask_for_approval, send_announcement, write_announcement
from drumbeat.apps.messages.actions.announcing import NAMES
from drumbeat.apps.messages.models import Announcement, Message
from drumbeat.apps.messages.queries import counts_by_state, letterhead, turns_of
from drumbeat.apps.partners.models import ContactRole
from drumbeat.apps.people.models import Role
from drumbeat.core.mailtopics import TOPICS
from drumbeat.interfaces.kit.filters import choice, search
from drumbeat.interfaces.kit.forms import answer, carry_out, lines_of, not_allowed
from drumbeat.interfaces.kit.lists import Cell, Column, Empty, Listing, moment_cell, show_list
from drumbeat.interfaces.kit.mailpages import mail_page
from drumbeat.interfaces.kit.markup import drawn
from drumbeat.interfaces.kit.viewer import Viewer, for_roles, viewer_of

from .announcement_preview import preview_of

DOMAINS = 8
for_writers = for_roles(Role.DIRECTOR, Role.PARTNER_OPERATIONS)


class AnnouncementForm(forms.Form):
    title = forms.CharField(max_length=80, label="Name", help_text="For the house; readers don't see it.")
    topic = forms.ChoiceField(choices=list(TOPICS.items()), help_text="Readers may decline a topic.")
    audience = forms.CharField(
        label="Partners", help_text='A rule over facts, like partner.tier == "gold".', widget=forms.Textarea({"rows": 2})
    )  # fmt: skip
    roles = forms.MultipleChoiceField(
        choices=ContactRole.choices, required=False, widget=forms.CheckboxSelectMultiple, label="Their people"
    )  # fmt: skip
    without = forms.CharField(
        required=False, label="Without", help_text="Mail addresses or partners' keys, one a line.", widget=forms.Textarea({"rows": 2})
    )  # fmt: skip
    subject = forms.CharField(max_length=200)
    text = forms.CharField(
        widget=forms.Textarea({"rows": 12}), help_text=f"Markdown. It may say {', '.join(NAMES)} in double braces."
    )  # fmt: skip

    def values(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        return {**told, "without": lines_of(told["without"])}


@for_writers
def announcements(request: HttpRequest) -> HttpResponseBase:
    rows = Announcement.objects.select_related("written_by").defer("text")
    return show_list(request, announcement_listing(viewer_of(request)), rows, "desk/announcements.html")


def announcement_listing(viewer: Viewer) -> Listing:
    return Listing(
        name="announcements",
        nouns=("announcement", "announcements"),
        sort="-written_at",
        columns=(
            Column("title", "Name", lambda row: Cell(row.title, reverse("announcement", args=[row.pk]), note=row.subject), ("title",)),
            Column("topic", "Topic", lambda row: Cell(TOPICS.get(row.topic, row.topic)), ("topic",), "soft"),
            Column("state", "State", lambda row: Cell(row.get_state_display(), value=row.state), ("state",)),
            Column("readers", "Readers", lambda row: Cell(f"{row.readers:,}" if row.readers else "", value=row.readers), ("readers",), "num"),
            Column("written_by", "Written by", lambda row: Cell(row.written_by.name), look="soft"),
            Column("written_at", "Written", lambda row: moment_cell(row.written_at, viewer), ("written_at",), "num soft"),
        ),
        filters=(search("Name or subject", "title__icontains", "subject__icontains"), choice("state", "State", Announcement.State.choices)),
        empty=Empty(
            "No announcement yet",
            "Write one letter to many: pick partners by a rule, look at who gets it, and let a second person send it.",
            ((reverse("new_announcement"), "Write one"),),
        ),
    )  # fmt: skip


@for_writers
def new_announcement(request: HttpRequest) -> HttpResponseBase:
    """POST saves the draft; while one writes, and with `act=look`, it shows who would get it."""
    viewer = viewer_of(request)
    form = AnnouncementForm(request.POST or None, initial={"audience": 'partner.status == "active"'})
    if _is_saved(request) and form.is_valid():
        verb = lambda: write_announcement(form.values(), by=viewer.person, at=viewer.at)  # noqa: E731
        if draft := carry_out(form, verb):
            return redirect("announcement", draft.pk)
    return _page(request, {"form": form, **preview_of(_as_written(form), viewer)})


@for_writers
def announcement(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    shown = get_object_or_404(Announcement.objects.select_related("written_by", "approved_by"), pk=pk)
    if shown.state == Announcement.State.SENT:
        return render(
            request,
            "desk/announcement.html",
            {
                "announcement": shown,
                "counts": _counts(shown),
                "turns": turns_of(shown, limit=DOMAINS),
                "a_minute": letterhead().a_minute,
                "sample": _first_letter(shown),
            },
        )
    form = AnnouncementForm(request.POST or None, initial=_initial(shown))
    if _is_saved(request) and form.is_valid():
        verb = lambda: write_announcement(form.values(), by=viewer.person, at=viewer.at, announcement=shown)  # noqa: E731
        if carry_out(form, verb):
            return redirect("announcement", pk)
    needs_approval = letterhead().needs_approval
    context = {
        "announcement": shown,
        "form": form,
        "may_send": not needs_approval or (may_approve(viewer.person) and shown.written_by != viewer.person),
        "needs_approval": needs_approval,
        **preview_of(
            _as_written(form) if form.is_bound else shown, viewer, reader=request.GET.get("reader", "")
        ),
    }
    return _page(request, context)


@for_writers
def announcement_letter(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The saved draft as a mail program shows it to one reader, for a frame."""
    shown = get_object_or_404(Announcement, pk=pk)
    found = preview_of(shown, viewer_of(request), reader=request.GET.get("reader", "")).get("sample")
    if not found:
        raise Http404
    return mail_page(found["html"])


def _is_saved(request: HttpRequest) -> bool:
    return request.method == "POST" and request.POST.get("act") != "look" and not _is_live(request)


def _is_live(request: HttpRequest) -> bool:
    return request.headers.get("HX-Target") == "live"


def _page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    template = "desk/announcement_live.html" if _is_live(request) else "desk/announcement.html"
    return render(request, template, context)


def _as_written(form: AnnouncementForm) -> Announcement:
    """What stands in the form, as far as it is one; not saved."""
    told: dict[str, Any] = {"topic": next(iter(TOPICS)), "subject": "", "text": "", "without": ""}
    told |= dict(form.initial)
    if form.is_bound:
        form.is_valid()
        told |= form.cleaned_data
    return Announcement(**told | {"without": lines_of(told["without"])})


def _initial(shown: Announcement) -> dict[str, Any]:
    return {**{name: getattr(shown, name) for name in AnnouncementForm.base_fields}, "without": "\n".join(shown.without)}  # fmt: skip


def _counts(shown: Announcement) -> list[tuple[str, int]]:
    """State -> letters, those that there are."""
    labels = dict(Message.State.choices)
    counted = counts_by_state(Message.objects.filter(announcement=shown))
    return [(labels[state], count) for state, count in counted.items()]


def _first_letter(shown: Announcement) -> dict[str, Any] | None:
    """What one reader got, word for word."""
    letter = shown.messages.select_related("contact").order_by("pk").first()
    if letter is None:
        return None
    return {"reader": letter.contact, "subject": letter.subject, "letter": drawn(letter.text)}


@for_writers
def announcement_approval(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Somebody else is asked to look at it."""
    return _done(request, pk, ask_for_approval, "A director is to look at it.")


@for_writers
def announcement_dispatch(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _done(
        request, pk, send_announcement, "In the outbox: each letter leaves in its reader's working hours."
    )


def _done(request: HttpRequest, pk: int, verb: Callable[..., Any], said: str) -> HttpResponseBase:
    viewer = viewer_of(request)
    shown = get_object_or_404(Announcement, pk=pk)
    if request.method != "POST":
        return not_allowed("POST")
    back = reverse("announcement", args=[pk])
    return answer(request, lambda: verb(shown, by=viewer.person, at=viewer.at), said=said, back=back)
