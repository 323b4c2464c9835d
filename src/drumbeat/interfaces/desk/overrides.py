"""All that was agreed apart from the routines: the list, and ending, keeping or taking back one of them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from drumbeat.apps.routines.access import subscriptions_visible_to
from drumbeat.apps.routines.actions import end_override, keep_override, withdraw_override
from drumbeat.apps.routines.models import Override, Routine
from drumbeat.apps.routines.reasons import OVERRIDE_REASONS
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.exceptions import days_words, what_words
from drumbeat.interfaces.kit.filters import choice, search, yes_no
from drumbeat.interfaces.kit.forms import answer, method_of, not_allowed
from drumbeat.interfaces.kit.lists import Cell, Column, Empty, Listing, show_list
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of

KEEP_FOR = 6


@for_business
def overrides(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    return show_list(request, override_listing(viewer), _seen(viewer), "desk/overrides.html")


def _seen(viewer: Viewer) -> Any:
    related = ("subscription__routine", "subscription__partner", "subscription__person", "owner", "agreed_by")
    subscriptions = subscriptions_visible_to(viewer.person, viewer.at)
    return Override.objects.standing().filter(subscription__in=subscriptions).select_related(*related)


def override_listing(viewer: Viewer) -> Listing:
    routines = Routine.objects.exclude(version=None).values_list("key", "title")
    holds = Q(from_on__lte=viewer.today) & (Q(until_on=None) | Q(until_on__gt=viewer.today))
    is_due = Q(review_on__lte=viewer.today) & (Q(until_on=None) | Q(until_on__gt=viewer.today))
    return Listing(
        name="exceptions",
        nouns=("exception", "exceptions"),
        sort="-from",
        columns=(
            Column("what", "What", _what),
            Column("subject", "For", _subject, ("subscription__partner__sort_name",), may_be_empty=True),
            Column("routine", "Routine", lambda row: Cell(row.subscription.routine.title), ("subscription__routine__title",), "soft"),
            Column("from", "From", lambda row: _day(row.from_on, viewer), ("from_on",), "num soft"),
            Column("until", "Until", lambda row: _day(row.until_on, viewer, "told otherwise"), ("until_on",), "num soft", may_be_empty=True),
            Column("review", "Review", lambda row: _review(row, viewer), ("review_on",), "num soft", may_be_empty=True),
            Column("reason", "Reason", lambda row: Cell(OVERRIDE_REASONS.get(row.reason, row.reason)), ("reason",), "soft"),
            Column("by", "Agreed by", lambda row: Cell(str(row.agreed_by or "the operator")), look="soft"),
            Column("note", "Note", lambda row: Cell(row.note), on_page=False),
        ),
        filters=(
            search("Partner or note", "subscription__partner__sort_name__contains", "note__icontains"),
            choice("kind", "Kind", Override.Kind.choices),
            choice("routine", "Routine", routines, lambda rows, key: rows.filter(subscription__routine__key=key)),
            choice("reason", "Reason", OVERRIDE_REASONS.items()),
            yes_no("holds", "Now", holds, ("In force", "Over or to come")),
            yes_no("review", "Review", is_due, ("Due", "Not due")),
        ),
        empty=Empty(
            "No exceptions",
            "Everybody is on the routines as they are written. A pause, another weekday or other people are agreed on the page of a partner on a routine.",
            ((reverse("partners"), "Look at the partners"),),
        ),
    )  # fmt: skip


def _what(row: Override) -> Cell:
    return Cell(what_words(row), reverse("subscription", args=[row.subscription_id]))


def _subject(row: Override) -> Cell:
    return Cell(str(row.subscription.subject))


def _day(on: Any, viewer: Viewer, none: str = "") -> Cell:
    return Cell(times.short_day(on, viewer.today), value=on) if on else Cell(none)


def _review(row: Override, viewer: Viewer) -> Cell:
    is_due = row.review_on is not None and row.review_on <= viewer.today and row.until_on is None
    cell = _day(row.review_on, viewer)
    return Cell(cell.text, value=cell.value, tone="off") if is_due else cell


@for_business
def override(request: HttpRequest, pk: int) -> HttpResponseBase:
    """POST ends it today (or keeps it, `keep`), DELETE takes it back."""
    viewer = viewer_of(request)
    shown = get_object_or_404(_seen(viewer), pk=pk)
    back = reverse("subscription", args=[shown.subscription_id])
    by: dict[str, Any] = {"by": viewer.person, "at": viewer.at}
    words = f"{what_words(shown)}, {days_words(shown)}"
    if method_of(request) == "DELETE":
        return answer(request, lambda: withdraw_override(shown, **by), said=f"Taken back: {words}", back=back)
    if request.method != "POST":
        return not_allowed("POST", "DELETE")
    if request.POST.get("keep"):
        return answer(
            request, lambda: keep_override(shown, KEEP_FOR, **by), said=f"Kept for {KEEP_FOR} more months: {words}", back=back
        )  # fmt: skip
    return answer(request, lambda: end_override(shown, viewer.today, **by), said=f"Ended: {words}", back=back)
