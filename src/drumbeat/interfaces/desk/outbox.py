"""The outbox: mail by its state, one message with its files, and what a person says or does when it is stuck."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from drumbeat.apps.messages.access import visible_to
from drumbeat.apps.messages.models import Attachment, Message
from drumbeat.interfaces.kit.filters import by_id, choice, search
from drumbeat.interfaces.kit.forms import answer
from drumbeat.interfaces.kit.lists import Cell, Column, Empty, Listing, moment_cell, show_list
from drumbeat.interfaces.kit.markup import drawn
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of
from drumbeat.workflows.enclosing import make_file
from drumbeat.workflows.posting import retry_failed, settle_uncertain

STUCK = (Message.State.FAILED, Message.State.UNCERTAIN)


@for_business
def outbox(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    rows = visible_to(viewer.person, viewer.at).select_related("partner").defer("text")
    return show_list(request, outbox_listing(viewer), rows, "desk/outbox.html")


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
                lambda row: moment_cell(row.written_at, viewer),
                ("written_at",),
                "num soft",
            ),
            Column(
                "sent_at",
                "Sent",
                lambda row: moment_cell(row.sent_at, viewer),
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
            by_id("announcement", "Announcement", "announcement_id"),
        ),
        empty=Empty(
            "No mail yet", "Mail steps of routines write here first; the post takes it from here, once."
        ),
    )


def _state(row: Message) -> Cell:
    return Cell(row.get_state_display(), tone="off" if row.state in STUCK else "", value=row.state)


@for_business
def message(request: HttpRequest, pk: int) -> HttpResponseBase:
    shown = _message_of(viewer_of(request), pk)
    letter = drawn(shown.text)
    context = {"message": shown, "letter": letter, "files": shown.attachments.defer("content")}
    return render(request, "desk/message.html", context)


@for_business
@require_safe
def attachment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file as it goes along: never opened by the browser under our own address."""
    viewer = viewer_of(request)
    seen = Attachment.objects.filter(message__in=visible_to(viewer.person, viewer.at))
    file = get_object_or_404(seen, pk=pk)
    content = file.content if file.content is not None else make_file(file.source)
    response = HttpResponse(bytes(content), content_type=file.media_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    return response


@for_business
@require_POST
def settlement(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A person has looked whether an uncertain message arrived."""
    viewer = viewer_of(request)
    shown = _message_of(viewer, pk)
    was_sent = request.POST.get("was_sent") == "yes"
    said = "Noted as sent." if was_sent else "Noted as not sent: it is queued again."
    back = reverse("message", args=[pk])
    return answer(
        request,
        lambda: settle_uncertain(shown, was_sent, by=viewer.person, at=viewer.at),
        said=said,
        back=back,
    )


@for_business
@require_POST
def attempt(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Queues a failed message once more."""
    viewer = viewer_of(request)
    shown = _message_of(viewer, pk)
    back = reverse("message", args=[pk])
    said = "Queued again; it leaves with the next beat."
    return answer(request, lambda: retry_failed(shown, by=viewer.person, at=viewer.at), said=said, back=back)


def _message_of(viewer: Viewer, pk: int) -> Message:
    return get_object_or_404(visible_to(viewer.person, viewer.at).select_related("partner", "promise"), pk=pk)
