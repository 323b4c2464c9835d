"""The score: a year, a quarter or a month at a glance, its rows routines or partners, its state in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from drumbeat.apps.partners.models import Tier
from drumbeat.apps.people.models import Role
from drumbeat.apps.people.queries import staff
from drumbeat.apps.routines.models import Routine
from drumbeat.apps.routines.queries import Span
from drumbeat.core.charts import MARK_STATES
from drumbeat.interfaces.kit.forms import day_or
from drumbeat.interfaces.kit.strips import today_until
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of

from .score_export import marks_as_csv
from .score_rows import PAGE, Scope, lines_of

ZOOMS = (("year", "year"), ("quarter", "quarter"), ("month", "month"))
ROWS = (("routines", "routines"), ("partners", "partners"))
GROUPS = (("manager", "by manager"), ("tier", "by tier"))
STATES = {
    "kept": "Kept on time", "late": "Kept late", "missed": "Missed", "waived": "Waived",
    "overdue": "Overdue", "in_grace": "In grace", "due": "Due today", "upcoming": "To come",
}  # fmt: skip
PHONES = "Mobi"  # the word of phones in their User-Agent: a year is too wide for them, a quarter is not


@dataclass(frozen=True, slots=True)
class State:
    """What the address says; whatever it says wrongly is as if it weren't said."""

    rows: str
    zoom: str
    on: date
    group: str
    manager: int | None
    routine: str
    tier: str
    state: str
    partner: int | None
    page: int

    def query(self, **changes: Any) -> str:
        """The address of the same score with changes; pages begin anew unless told."""
        named = {name: getattr(self, name) for name in self.__slots__ if name != "page"}
        told = {**named, **changes}
        return "?" + urlencode({name: value for name, value in told.items() if value not in ("", None)})


@for_business
def score(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    state = _read(request, viewer)
    span = _span(state, viewer)
    scope = Scope(
        viewer, state.rows, state.group, state.manager, state.routine, state.tier, state.state, state.partner
    )
    if request.GET.get("export") == "csv":
        return marks_as_csv(scope, span)
    found = lines_of(scope, span, state.page, state.query)
    context = {
        "state": state,
        "found": found,
        "title": _title(state, span),
        "filters": _filters(state, viewer),
        "switches": _switches(state),
        "steps": _steps(state, span, viewer),
        "exports": ((state.query(export="csv"), "CSV"),) if found.lines else (),
        "unfiltered": ((f"?rows={state.rows}", "Show all"),),
        "first_steps": ((reverse("routines"), "Look at the routines"),),
        "pager": _pager(state, found.total),
    }
    return render(request, "desk/score.html", context)


def _read(request: HttpRequest, viewer: Viewer) -> State:
    said = request.GET
    is_phone = PHONES in request.headers.get("User-Agent", "")
    return State(
        rows=_one_of(said, "rows", ROWS, "routines"),
        zoom=_one_of(said, "zoom", ZOOMS, "quarter" if is_phone else "year"),
        on=day_or(said.get("on", ""), viewer.today),
        group=_one_of(said, "group", GROUPS, "manager"),
        manager=_id(said.get("manager", "")),
        routine=said.get("routine", "").replace("\x00", "")[:48],
        tier=said.get("tier", "") if said.get("tier") in Tier.values else "",
        state=said.get("state", "") if said.get("state") in MARK_STATES else "",
        partner=_id(said.get("partner", "")),
        page=_id(said.get("page", "")) or 1,
    )


def _one_of(said: Mapping[str, str], name: str, choices: Sequence[tuple[str, str]], otherwise: str) -> str:
    value = said.get(name, "")
    return value if value in dict(choices) else otherwise


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _span(state: State, viewer: Viewer) -> Span:
    first, until = _bounds(state)
    unit = "week" if state.zoom == "year" else "day"
    return Span(first, until, unit, viewer.zone, viewer.at, today_until(viewer))  # type: ignore[arg-type]


def _bounds(state: State) -> tuple[date, date]:
    """A year begins on the Monday of the week that holds its first day, so that columns are whole weeks."""
    if state.zoom == "year":
        return _monday(date(state.on.year, 1, 1)), _monday(date(state.on.year, 12, 31)) + timedelta(days=7)
    months = 3 if state.zoom == "quarter" else 1
    first = date(state.on.year, (state.on.month - 1) // months * months + 1, 1)
    return first, _months_on(first, months)


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())


def _months_on(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


def _title(state: State, span: Span) -> str:
    if state.zoom == "year":
        return str(state.on.year)
    if state.zoom == "month":
        return f"{state.on:%B %Y}"
    return f"{span.from_on:%B} to {span.until_on - timedelta(days=1):%B %Y}"


def _steps(state: State, span: Span, viewer: Viewer) -> dict[str, str]:
    """To the stretch before and after, and back to today's."""
    middle = date(state.on.year, 6, 15) if state.zoom == "year" else span.from_on
    length = 366 if state.zoom == "year" else 1
    return {
        "before": state.query(on=(middle - timedelta(days=length)).isoformat()),
        "after": state.query(
            on=(middle + timedelta(days=length) if length > 1 else span.until_on).isoformat()
        ),
        "now": "" if span.from_on <= viewer.today < span.until_on else state.query(on=None),
    }


def _switches(state: State) -> list[dict[str, Any]]:
    told = [("Rows", "rows", ROWS), ("Zoom", "zoom", ZOOMS)]
    if state.rows == "partners":
        told.append(("Grouped", "group", GROUPS))
    return [
        {
            "label": label,
            "choices": [
                (state.query(**{name: value}), text, getattr(state, name) == value) for value, text in choices
            ],
        }
        for label, name, choices in told
    ]


def _filters(state: State, viewer: Viewer) -> list[dict[str, Any]]:
    kept = ("rows", "zoom", "on", "group", "partner")
    hidden = [{"name": name, "kind": "hidden", "value": getattr(state, name) or ""} for name in kept]
    routines = Routine.objects.exclude(version=None).values_list("key", "title")
    told = [
        _select("routine", "Routine", routines, state.routine),
        _select("tier", "Tier", Tier.choices, state.tier),
        _select("state", "State", STATES.items(), state.state),
    ]
    if not viewer.person.has(Role.CHANNEL_MANAGER):
        managers = [(str(person.pk), person.name) for person in staff(Role.CHANNEL_MANAGER)]
        told.insert(0, _select("manager", "Manager", managers, str(state.manager or "")))
    return told + hidden


def _select(name: str, label: str, options: Any, value: str) -> dict[str, Any]:
    return {"name": name, "label": label, "kind": "select", "options": list(options), "value": value}


def _pager(state: State, total: int) -> dict[str, Any] | None:
    if total <= PAGE:
        return None
    first = (state.page - 1) * PAGE
    return {
        "first": first + 1,
        "last": min(first + PAGE, total),
        "total": f"{total:,}",
        "previous_url": state.query(page=state.page - 1) if state.page > 1 else "",
        "next_url": state.query(page=state.page + 1) if first + PAGE < total else "",
    }
