"""The outbox: mail by its state, one message with its files, and what a person says or does when it is stuck."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from drumbeat.apps.messages.models import Message
from drumbeat.apps.partners.access import visible_to
from drumbeat.apps.people.models import Role
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.lists import Cell, Column, Empty, Listing, by_id, choice, search, show_list
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of

STUCK = (Message.State.FAILED, Message.State.UNCERTAIN)


@for_business
def outbox(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    rows = seen_messages(viewer).select_related("partner").defer("text")
    return show_list(request, outbox_listing(viewer), rows, "desk/outbox.html")


def seen_messages(viewer: Viewer) -> QuerySet[Message]:
    if viewer.person.has(Role.DIRECTOR, Role.PARTNER_OPERATIONS):
        return Message.objects.all()
    return Message.objects.filter(
        Q(person=viewer.person) | Q(partner__in=visible_to(viewer.person, viewer.at))
    )


def outbox_listing(viewer: Viewer) -> Listing:
    return Listing(
        name="outbox",
        nouns=("message", "messages"),
        sort="-written_at",
        columns=(
            Column(
                "subject",
                "Subject",
                lambda row: Cell(row.subject, reverse("message", args=[row.pk])),
                ("subject",),
            ),
            Column(
                "to",
                "To",
                lambda row: Cell(row.to_name, note=row.to_address, value=row.to_address),
                ("to_name",),
                "soft",
            ),
            Column(
                "partner", "Partner", lambda row: Cell(row.partner.name if row.partner else ""), look="soft"
            ),
            Column("state", "State", _state, ("state",), "rate"),
            Column(
                "written_at",
                "Written",
                lambda row: _moment(row.written_at, viewer),
                ("written_at",),
                "num soft",
            ),
            Column(
                "sent_at",
                "Sent",
                lambda row: _moment(row.sent_at, viewer),
                ("sent_at",),
                "num soft",
                may_be_empty=True,
            ),
        ),
        filters=(
            search(
                "Subject, name or address",
                "subject__icontains",
                "to_name__icontains",
                "to_address__icontains",
            ),
            choice("state", "State", Message.State.choices),
            by_id("partner", "Partner", "partner_id"),
        ),
        empty=Empty(
            "No mail yet", "Mail steps of routines write here first; the post takes it from here, once."
        ),
    )


def _state(row: Message) -> Cell:
    return Cell(row.get_state_display(), tone="off" if row.state in STUCK else "", value=row.state)


def _moment(moment, viewer: Viewer) -> Cell:  # type: ignore[no-untyped-def]
    if moment is None:
        return Cell("")
    return Cell(times.moment_words(moment, viewer.zone, viewer.today), value=moment.astimezone(viewer.zone))


@for_business
def message(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    shown = get_object_or_404(seen_messages(viewer).select_related("partner", "promise"), pk=pk)
    context = {"message": shown, "files": shown.attachments.defer("content")}
    return render(request, "desk/message.html", context)
