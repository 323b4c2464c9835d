"""The ledger as pages: the list of promises, one promise with its entries, asking to be released and the answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from drumbeat.apps.ledger.access import may_decide_ask, promises_visible_to
from drumbeat.apps.ledger.actions import ask_release
from drumbeat.apps.ledger.models import Ask, Entry, Outcome, Promise, Side, Standing, Through
from drumbeat.apps.ledger.reasons import REASONS, reason_words
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account, Role
from drumbeat.apps.people.queries import staff
from drumbeat.apps.routines.models import Routine
from drumbeat.apps.routines.queries import clocks_of
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.filters import Filter, by_id, choice, search
from drumbeat.interfaces.kit.forms import answer, carry_out, moment_from
from drumbeat.interfaces.kit.lists import Cell, Column, Empty, Listing, moment_cell, show_list
from drumbeat.interfaces.kit.viewer import Viewer, for_business, for_roles, viewer_of
from drumbeat.workflows.releasing import decide_release

MONTHS = 18


@for_business
def promises(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    rows = promises_visible_to(viewer.person, viewer.at).select_related("standing__person", "partner")
    return show_list(request, promise_listing(viewer), rows, "desk/promises.html", {"only": _only(request)})


def _only(request: HttpRequest) -> Partner | None:
    """The partner whose promises a link asked for; shown by name only together with its rows."""
    pk = request.GET.get("partner", "")
    seen = promises_visible_to(viewer_of(request).person, viewer_of(request).at)
    return Partner.objects.filter(pk=pk, promises__in=seen).first() if pk.isdigit() and len(pk) < 10 else None


def promise_listing(viewer: Viewer) -> Listing:
    titles = dict(Routine.objects.values_list("key", "title"))
    return Listing(
        name="promises",
        nouns=("promise", "promises"),
        sort="-due",
        columns=_columns(viewer, titles),
        filters=_filters(viewer, titles),
        empty=Empty(
            "Nothing promised yet",
            "Each occurrence of a routine is a promise with a date, and the ledger keeps what became of it. Start a routine and the first promises appear as they open.",
            ((reverse("routines"), "Look at the routines"),),
        ),
    )


def _columns(viewer: Viewer, titles: dict[str, str]) -> tuple[Column, ...]:
    return (
        Column("promise", "Promise", lambda row: _promise(row, titles)),
        Column(
            "outcome",
            "Outcome",
            lambda row: outcome_cell(row, viewer),
            ("standing__outcome",),
            "rate",
            may_be_empty=True,
        ),
        Column("partner", "Partner", _partner, ("partner__sort_name",), may_be_empty=True),
        Column("side", "Owed by", lambda row: Cell(str(row.get_owing_display())), ("owing",), "soft"),
        Column(
            "due",
            "Due",
            lambda row: moment_cell(row.standing.due_at, viewer),
            ("standing__due_at",),
            "num soft",
        ),
        Column(
            "settled", "Settled", lambda row: moment_cell(row.standing.outcome_at, viewer), look="num soft"
        ),
        Column("person", "Answers for it", lambda row: Cell(str(row.standing.person or "")), look="soft"),
        Column("through", "Through", lambda row: Cell(str(row.get_kept_through_display())), look="soft"),
        Column("id", "Number", lambda row: Cell(str(row.pk), value=row.pk), on_page=False),
    )


def _promise(row: Promise, titles: dict[str, str]) -> Cell:
    return Cell(
        row.text or titles.get(row.routine, row.routine or row.origin), reverse("promise", args=[row.pk])
    )


def _partner(row: Promise) -> Cell:
    return Cell(row.partner.name, reverse("partner", args=[row.partner.key])) if row.partner else Cell("")


def outcome_cell(row: Promise, viewer: Viewer) -> Cell:
    """The outcome in words; how late comes from the due moment, whatever the grace."""
    standing = row.standing
    if standing.outcome == Outcome.LATE and standing.outcome_at:
        return Cell(
            f"late by {times.distance_words(standing.outcome_at - standing.due_at)}", tone="off", value="late"
        )
    if standing.outcome:
        return Cell(standing.outcome, tone="off" if standing.outcome == Outcome.MISSED else "")
    if standing.rests_from:
        return Cell("the partner's turn", value="resting")
    if standing.deadline_at <= viewer.at:
        return Cell(
            f"overdue by {times.distance_words(viewer.at - standing.due_at)}", tone="off", value="overdue"
        )
    return Cell("within grace" if standing.due_at <= viewer.at else "open")


def _filters(viewer: Viewer, titles: dict[str, str]) -> tuple[Filter, ...]:
    outcomes = (("open", "Open"), ("overdue", "Overdue"), *Outcome.choices)
    people = staff().exclude(role=Role.ADMINISTRATOR).values_list("id", "name")
    return (
        search("Partner or text", "partner__sort_name__contains", "text__icontains"),
        choice("side", "Owed by", Side.choices, lambda rows, side: rows.filter(owing=side)),
        choice("outcome", "Outcome", outcomes, lambda rows, word: rows.filter(_outcome(word, viewer))),
        choice("routine", "Routine", titles.items()),
        choice("person", "Answers for it", people, lambda rows, pk: rows.filter(standing__person_id=pk)),
        choice("month", "Month", _months(viewer), lambda rows, month: _of_month(rows, month, viewer)),
        choice("through", "Through", Through.choices, lambda rows, word: rows.filter(kept_through=word)),
        by_id("partner", "Partner", "partner_id"),
    )


def _outcome(word: str, viewer: Viewer) -> Q:
    still_open = Q(standing__outcome=None)
    known = {"open": still_open, "overdue": Q(standing__in=Standing.objects.overdue(viewer.at))}
    return known.get(word, Q(standing__outcome=word))


def _months(viewer: Viewer) -> Iterator[tuple[str, str]]:
    """The running month, the next one and those before, newest first."""
    count = viewer.today.year * 12 + viewer.today.month
    for number in range(count, count - MONTHS, -1):
        month = date(number // 12, number % 12 + 1, 1)
        yield f"{month:%Y-%m}", f"{month:%B %Y}"


def _of_month(rows: QuerySet[Promise], month: str, viewer: Viewer) -> QuerySet[Promise]:
    first = datetime.fromisoformat(f"{month}-01").replace(tzinfo=viewer.zone)
    until = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return rows.filter(standing__due_at__gte=first, standing__due_at__lt=until)


@for_business
def promise(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    shown = _promise_of(viewer, pk)
    entries = list(Entry.objects.filter(promise_id=pk).order_by("recorded_at", "id"))
    people = Account.objects.in_bulk([entry.by_id for entry in entries if entry.by_id])
    for entry in entries:
        entry.who = people.get(entry.by_id)  # type: ignore[attr-defined]
        entry.reason_words = reason_words(entry.reason)  # type: ignore[attr-defined]
    asks = told_asks(
        shown.asks.select_related("promise__standing", "decided_by").order_by("asked_at"), viewer
    )
    context = {
        "promise": shown,
        "routine": Routine.objects.filter(key=shown.routine).select_related("version").first(),
        "occurrence": getattr(shown, "occurrence", None),
        "outcome": outcome_cell(shown, viewer),
        "clocks": _clock_words(shown, viewer),
        "entries": entries,
        "asks": asks,
        "may_ask": not shown.standing.outcome and all(ask.decided_at for ask in asks),
    }
    return render(request, "desk/promise.html", context)


def _clock_words(shown: Promise, viewer: Viewer) -> str:
    """How long each side had its turn, in its own working hours; empty where only one had."""
    clocks = clocks_of(shown, viewer.at)
    if clocks is None:
        return ""
    ours = f"{times.distance_words(clocks.ours.used)} of {times.distance_words(clocks.ours.allowance)}"
    return f"Our clock: {ours}, the partner’s: {times.distance_words(clocks.theirs)}"


def told_asks(asks: QuerySet[Ask], viewer: Viewer) -> list[Ask]:
    """Asks with the words of their reason, and whether the viewer may answer them."""
    told = list(asks.select_related("asked_by"))
    titles = dict(Routine.objects.values_list("key", "title"))
    for ask in told:
        ask.reason_words = reason_words(ask.reason)  # type: ignore[attr-defined]
        ask.promise_words = ask.promise.text or titles.get(ask.promise.routine, "")  # type: ignore[attr-defined]
        ask.may_decide = ask.decided_at is None and may_decide_ask(viewer.person, ask)  # type: ignore[attr-defined]
    return told


class AskForm(forms.Form):
    kind = forms.ChoiceField(
        choices=Ask.Kind, label="Ask to", widget=forms.RadioSelect, initial=Ask.Kind.WAIVE
    )
    reason = forms.ChoiceField(
        choices=(("", "Choose a reason"), *REASONS.items()), help_text="Both sides see it"
    )
    new_due_at = forms.CharField(
        required=False,
        label="New due moment",
        help_text="For a new date only",
        widget=forms.TextInput(attrs={"type": "datetime-local"}),
    )
    note = forms.CharField(
        required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}), help_text="Stays inside"
    )


@for_business
def asks(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Asking to be released: the form, and what it sends."""
    viewer = viewer_of(request)
    shown = _promise_of(viewer, pk)
    form = AskForm(request.POST or None)
    if form.is_valid() and carry_out(form, lambda: _ask(viewer, shown, form.cleaned_data)):
        messages.success(request, "Asked. A director decides; until then the promise stands.")
        return redirect("promise", pk)
    template = "desk/ask_room.html" if getattr(request, "htmx", False) else "desk/ask.html"
    context = {
        "form": form,
        "promise": shown,
        "title": "Ask to waive or redate",
        "back": reverse("promise", args=[pk]),
        "act": "Ask",
    }
    return render(request, template, context)


def _ask(viewer: Viewer, shown: Promise, values: dict[str, Any]) -> Ask:
    is_redate = values["kind"] == Ask.Kind.REDATE and values["new_due_at"]
    new_due_at = moment_from(values["new_due_at"], viewer.zone) if is_redate else None
    return ask_release(
        shown,
        values["kind"],
        by=viewer.person,
        at=viewer.at,
        reason=values["reason"],
        note=values["note"],
        new_due_at=new_due_at,
    )


@for_roles(Role.DIRECTOR)
@require_POST
def decision(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    ask = get_object_or_404(Ask.objects.select_related("promise__standing"), pk=pk)
    if not may_decide_ask(viewer.person, ask):
        raise PermissionDenied("Another director decides what concerns your own promise.")
    granted = request.POST.get("granted") == "yes"
    said = (
        f"{'Granted' if granted else 'Declined'}: {ask.get_kind_display().lower()}, asked by {ask.asked_by}"
    )
    back = (
        reverse("today") if request.POST.get("back") == "today" else reverse("promise", args=[ask.promise_id])
    )
    return answer(
        request, lambda: decide_release(ask, granted, by=viewer.person, at=viewer.at), said=said, back=back
    )


def _promise_of(viewer: Viewer, pk: int) -> Promise:
    seen = promises_visible_to(viewer.person, viewer.at)
    return get_object_or_404(seen.select_related("standing__person", "partner", "occurrence"), pk=pk)
