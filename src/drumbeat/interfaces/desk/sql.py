"""Questions in SQL: one SELECT over the views, its answer as a page or a file, and the log of what was asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from drumbeat.apps.inquiries.actions import inquire
from drumbeat.apps.inquiries.catalogue import VIEWS
from drumbeat.apps.inquiries.models import Inquiry
from drumbeat.apps.inquiries.queries import columns_of_views
from drumbeat.apps.inquiries.reading import Found
from drumbeat.apps.inquiries.schema import MOST_SECONDS
from drumbeat.apps.people.models import Role
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit.exports import as_xlsx, rows_as_csv
from drumbeat.interfaces.kit.forms import sentences
from drumbeat.interfaces.kit.viewer import for_roles, viewer_of

SHOWN, EXPORTED, LOGGED, LETTERS = 500, 100_000, 20, 400
EXAMPLE = "SELECT manager, count(*) AS partners\nFROM partners\nWHERE status = 'active'\nGROUP BY manager\nORDER BY partners DESC"


@for_roles(Role.PARTNER_OPERATIONS)
def sql(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    if request.method != "POST":
        return render(request, "desk/sql.html", _page(_begun(request)))
    text, form = request.POST.get("text", "").replace("\r\n", "\n"), request.POST.get("form", "page")
    try:
        found = inquire(text, by=viewer.person, at=viewer.at, most=SHOWN if form == "page" else EXPORTED)
    except Refused as refusal:
        return render(request, "desk/sql.html", _page(text, refused=sentences(refusal)), status=400)
    if form == "csv":
        return rows_as_csv("answer", [found.columns, *(map(_plain, row) for row in found.rows)])
    if form == "xlsx":
        return as_xlsx("answer", [_Column(n, name) for n, name in enumerate(found.columns)], found.rows)
    return render(request, "desk/sql.html", _page(text, found=found))


def _begun(request: HttpRequest) -> str:
    """What was asked before, to ask it again; else an example."""
    again = request.GET.get("again", "")
    known = Inquiry.objects.filter(pk=int(again)).first() if again.isdecimal() and len(again) < 18 else None
    return known.text if known else EXAMPLE


def _page(text: str, *, found: Found | None = None, refused: str = "") -> dict[str, Any]:
    columns = columns_of_views()
    return {
        "text": text,
        "refused": refused,
        "found": found,
        "rows": [[_words(cell) for cell in row] for row in found.rows] if found else [],
        "exported": EXPORTED,
        "seconds": MOST_SECONDS,
        "views": [(view, columns.get(view.name, [])) for view in VIEWS],
        "log": Inquiry.objects.select_related("asked_by")[:LOGGED],
    }


def _words(cell: Any) -> dict[str, Any]:
    """As it is written, shortened; numbers stand at the right."""
    is_number = isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)
    text = "" if cell is None else str(_plain(cell))
    return {"text": text if len(text) <= LETTERS else f"{text[:LETTERS]}…", "is_number": is_number}


def _plain(cell: Any) -> Any:
    """What files can hold: JSON and lists as texts."""
    return json.dumps(cell, ensure_ascii=False, default=str) if isinstance(cell, dict | list) else cell


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a workbook; its cell is what stands at its place."""

    place: int
    label: str

    def cell(self, row: Any) -> Any:
        return _Cell(_plain(itemgetter(self.place)(row)))


@dataclass(frozen=True, slots=True)
class _Cell:
    exported: Any
