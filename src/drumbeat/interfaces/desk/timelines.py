"""Timelines: what happened with a partner or a contact, newest first, narrowed by the address, as a page or a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from drumbeat.apps.partners.access import visible_to
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.stories.queries import KINDS, SIDES, Happening, Place, Wanted, all_happenings, happenings
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.exports import as_csv, as_json, as_xlsx
from drumbeat.interfaces.kit.forms import day_from
from drumbeat.interfaces.kit.lists import Cell, Column
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of

from .contacts import contact_of
from .partner import partner_head
from .partners import partner_of
from .timeline_words import ARROWS, note_of, title_of, tone_of, url_of, word_of

PAGE = 50
EXPORTS = {"csv": as_csv, "xlsx": as_xlsx, "json": as_json}


@dataclass(frozen=True, slots=True)
class Address:
    """What the address of a timeline says; `notes` tell what in it was not understood."""

    chosen: Mapping[str, str]
    before: Place | None
    notes: tuple[str, ...]

    def query(self, **changes: str) -> str:
        told = {key: value for key, value in {**self.chosen, **changes}.items() if value}
        return "?" + urlencode(told)


@for_business
def partner_timeline(request: HttpRequest, key: str) -> HttpResponseBase:
    viewer = viewer_of(request)
    shown = partner_of(viewer, key)
    own = visible_to(viewer.person, viewer.at).filter(Q(pk=shown.pk) | Q(merged_into=shown))
    wanted = Wanted(viewer.at, partners=sorted(own.values_list("pk", flat=True)))
    return _timeline(request, viewer, shown, wanted, partner_head(viewer, shown, "timeline"))


@for_business
def contact_timeline(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    shown = contact_of(viewer, pk)
    wanted = Wanted(viewer.at, contact=shown.pk)
    return _timeline(request, viewer, shown.partner, wanted, {"contact": shown})


def _timeline(
    request: HttpRequest, viewer: Viewer, partner: Partner, wanted: Wanted, head: Mapping[str, Any]
) -> HttpResponseBase:
    address = read_address(request.GET)
    wanted = _narrowed(wanted, address, viewer)
    if export := EXPORTS.get(request.GET.get("export", "")):
        rows = all_happenings(replace(wanted, after=None))
        return export(f"timeline-{partner.key}", _columns(partner, viewer, request), rows)
    found = happenings(wanted, limit=PAGE + 1)
    context = {
        "days": _days(found[:PAGE], partner, viewer),
        "filters": _filters(address),
        "notes": address.notes,
        "is_narrowed": bool(address.chosen),
        "unfiltered": (("?", "Show everything"),),
        "exports": [(address.query(export=kind), kind.upper()) for kind in EXPORTS] if found else [],
        "newest_url": address.query() if address.before else "",
        "older_url": address.query(before=_told(found[PAGE - 1].place)) if len(found) > PAGE else "",
    }
    return render(request, "desk/timeline.html", {**head, **context})


def read_address(parameters: Mapping[str, str]) -> Address:
    chosen: dict[str, str] = {}
    notes: list[str] = []
    for name, label, choices in (("kind", "kind", KINDS), ("side", "side", SIDES)):
        if value := parameters.get(name, "")[:40]:
            chosen |= {name: value} if value in choices else {}
            notes += [] if value in choices else [f"There is no {label} {value!r}, so it was left out."]
    for name in ("from", "until"):
        if value := parameters.get(name, "")[:40]:
            is_day = day_from(value) is not None
            chosen |= {name: value} if is_day else {}
            notes += [] if is_day else [f"{value!r} is no date such as 2026-01-31, so it was left out."]
    return Address(chosen, _place(parameters.get("before", "")), tuple(notes))


def _place(text: str) -> Place | None:
    """As `_told` writes it; anything else is the beginning."""
    try:
        moment, source, pk = text.split("~")
        at = datetime.fromisoformat(moment)
        return (
            Place(at, int(source), int(pk))
            if at.tzinfo and abs(int(source)) < 100 and abs(int(pk)) < 2**62
            else None
        )
    except ValueError:
        return None


def _told(place: Place) -> str:
    return f"{place.at.isoformat()}~{place.source}~{place.id}"


def _narrowed(wanted: Wanted, address: Address, viewer: Viewer) -> Wanted:
    chosen = address.chosen
    since, until = (day_from(chosen.get(name, "")) for name in ("from", "until"))
    return replace(
        wanted,
        kind=chosen.get("kind", ""),
        side=chosen.get("side", ""),
        since=_midnight(since, viewer) if since else None,
        until=min(viewer.at, _midnight(until + timedelta(days=1), viewer))
        if until and until < viewer.today
        else viewer.at,
        after=address.before,
    )


def _midnight(on: date, viewer: Viewer) -> datetime:
    return datetime.combine(on, time(), tzinfo=viewer.zone)


def _filters(address: Address) -> list[dict[str, Any]]:
    """Kind and side to choose, days to begin and end with."""
    chosen = address.chosen
    return [
        {
            "name": "kind",
            "label": "Everything",
            "kind": "select",
            "options": KINDS.items(),
            "value": chosen.get("kind", ""),
        },
        {
            "name": "side",
            "label": "Both sides",
            "kind": "select",
            "options": SIDES.items(),
            "value": chosen.get("side", ""),
        },
        {"name": "from", "label": "From", "kind": "date", "value": chosen.get("from", "")},
        {"name": "until", "label": "until", "kind": "date", "value": chosen.get("until", "")},
    ]


def _days(rows: Sequence[Happening], partner: Partner, viewer: Viewer) -> list[dict[str, Any]]:
    """Lines under the day on which they happened for the viewer."""
    by_day = groupby(rows, key=lambda row: row.at.astimezone(viewer.zone).date())
    return [
        {"name": _day_name(on, viewer), "lines": [_line(row, partner, viewer) for row in lines]}
        for on, lines in by_day
    ]


def _day_name(on: date, viewer: Viewer) -> str:
    near = times.short_day(on, viewer.today) if on >= viewer.today - timedelta(days=1) else f"{on:%a}"
    return f"{near.capitalize()}, {times.date_words(on, viewer.today)}"


def _line(row: Happening, partner: Partner, viewer: Viewer) -> dict[str, Any]:
    arrow, way = ARROWS.get(row.side, ("", ""))
    return {
        "clock": times.clock_words(row.at, viewer.zone),
        "exact": times.exact_words(row.at, viewer.zone),
        "at": row.at.isoformat(),
        "arrow": arrow,
        "way": way,
        "word": word_of(row),
        "tone": tone_of(row),
        "title": title_of(row),
        "url": url_of(row, partner.key),
        "who": row.who,
        "note": note_of(row),
        "due": f"due {times.moment_words(row.due_at, viewer.zone, viewer.today)}" if row.due_at else "",
    }


def _columns(partner: Partner, viewer: Viewer, request: HttpRequest) -> tuple[Column, ...]:
    """Of the file: what the page shows, each in a field of its own."""
    there = request.build_absolute_uri
    return (
        Column("at", "When", lambda row: Cell("", value=row.at.astimezone(viewer.zone))),
        Column("kind", "Kind", lambda row: Cell(KINDS[row.kind])),
        Column("side", "Side", lambda row: Cell(row.side)),
        Column("what", "What", lambda row: Cell(word_of(row))),
        Column("title", "Title", lambda row: Cell(title_of(row))),
        Column("who", "Who", lambda row: Cell(row.who)),
        Column(
            "due_at", "Due", lambda row: Cell("", value=row.due_at and row.due_at.astimezone(viewer.zone))
        ),
        Column("note", "Note", lambda row: Cell(note_of(row))),
        Column("url", "Page", lambda row: Cell(there(path) if (path := url_of(row, partner.key)) else "")),
    )
