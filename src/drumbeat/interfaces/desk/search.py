"""The search: one field for everything that a person may see, with the words that answer shown in their place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from drumbeat.apps.ledger.models import Commitment
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.stories.queries import SHELVES, Found, find
from drumbeat.core.markup import plain_of
from drumbeat.core.searching import excerpt, words_of
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of

FEW, MANY = 6, 50
LETTERS = 200


@for_business
def search(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    text = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    kind = request.GET.get("kind", "")
    kind = kind if kind in SHELVES else ""
    most = MANY if kind else FEW
    found = find(text, by=viewer.person, at=viewer.at, limit=most + 1, kind=kind)
    context = {
        "text": text,
        "kind": kind,
        "whole_url": f"?{urlencode({'q': text})}",
        "shelves": [_shelf(name, rows, most, text, viewer) for name, rows in found.items()],
    }
    return render(request, "desk/search.html", context)


def _shelf(name: str, rows: Sequence[Found], most: int, text: str, viewer: Viewer) -> dict[str, Any]:
    words = words_of(text)
    urls = _urls(rows[:most])
    has_more = len(rows) > most
    return {
        "label": SHELVES[name].label,
        "lines": [_line(row, urls[row.ref], words, viewer) for row in rows[:most]],
        "more_url": f"?{urlencode({'q': text, 'kind': name})}" if has_more and most == FEW else "",
        "is_cut": has_more and most == MANY,
    }


def _line(row: Found, url: str, words: Sequence[str], viewer: Viewer) -> dict[str, Any]:
    return {
        "title": excerpt(plain_of(row.title), words, letters=LETTERS),
        "text": excerpt(plain_of(row.text), words, letters=LETTERS),
        "who": row.who,
        "url": url,
        "when": times.short_day(row.at.astimezone(viewer.zone).date(), viewer.today) if row.at else "",
    }


def _urls(rows: Sequence[Found]) -> dict[str, str]:
    """Commitments have no page of their own: they are read in their promise, their meeting or at their partner."""
    refs = {row.ref: row.ref.split(":") for row in rows}
    said = [int(pk) for noun, pk, *_ in refs.values() if noun == "commitment"]
    places = {
        f"commitment:{one.pk}": _place_of(one)
        for one in Commitment.objects.filter(pk__in=said).select_related("partner")
    }
    senders = [int(rest[0]) for noun, _, *rest in refs.values() if noun == "received" and rest[0] != "None"]
    keys = dict(Partner.objects.filter(pk__in=senders).values_list("pk", "key"))
    return {ref: places.get(ref) or _url_of(*parts, keys=keys) for ref, parts in refs.items()}


def _place_of(commitment: Commitment) -> str:
    if commitment.promise_id:
        return reverse("promise", args=[commitment.promise_id])
    if commitment.origin == "meeting" and commitment.origin_id:
        return reverse("meeting", args=[commitment.origin_id])
    return reverse("partner", args=[commitment.partner.key]) if commitment.partner else ""


def _url_of(noun: str, pk: str, partner: str = "None", *, keys: dict[int, str]) -> str:
    if noun != "received":
        return reverse(noun, args=[pk])
    if pk != "None":
        return reverse("message", args=[pk])
    return f"{reverse('partner_timeline', args=[keys[int(partner)]])}?kind=mail" if partner != "None" else ""
