"""Simulation: the next quarter as it runs today, and with a routine started or changed. It writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render

from drumbeat.apps.people.models import Role
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import Routine, Version
from drumbeat.core.charts import Week, draw_load
from drumbeat.core.playbook import Routine as Playbook
from drumbeat.core.playbook import RoutineErrors, read_routine
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit.exports import rows_as_csv
from drumbeat.interfaces.kit.forms import day_or, sentences
from drumbeat.interfaces.kit.simulated import rows_of, tables_of
from drumbeat.interfaces.kit.tabletexts import Line, Table, as_plain
from drumbeat.interfaces.kit.viewer import for_roles, viewer_of
from drumbeat.library import routine_texts, shelves
from drumbeat.workflows.simulating import Simulation, quarter_after, simulate

LONGEST_TEXT = 100_000
CHARTS = 24
LINES = 12
PICKS = ("routine", "manager", "partner", "week", "month")
for_planners = for_roles(Role.DIRECTOR, Role.PARTNER_OPERATIONS)


@dataclass(frozen=True, slots=True)
class State:
    """What was asked: a routine by key, in a version of its own or the newest, or a text; a window; rows behind a figure."""

    routine: str
    version: int | None
    text: str
    from_on: date
    until_on: date
    rows: dict[str, int]

    def query(self, **changes: Any) -> str:
        told = {
            "routine": self.routine, "version": self.version, "from": self.from_on, "until": self.until_on,
        } | changes  # fmt: skip
        return "?" + urlencode({name: value for name, value in told.items() if value not in ("", None)})


@for_planners
def simulation(request: HttpRequest) -> HttpResponseBase:
    state = _read(request)
    try:
        change = _change(state)
        simulated = simulate(change, from_on=state.from_on, until_on=state.until_on, at=viewer_of(request).at)
    except (Refused, RoutineErrors) as error:
        problem = sentences(error) if isinstance(error, Refused) else str(error)
        return render(request, "desk/simulation.html", {"state": state, "problem": problem, **_choices()})
    tables = {table.key: table for table in tables_of(simulated)}
    if request.GET.get("export") in ("csv", "json"):
        return _export(request.GET, state, tables)
    return render(request, "desk/simulation.html", _context(state, simulated, tables, change))


def _read(request: HttpRequest) -> State:
    said = request.POST if request.method == "POST" else request.GET
    first, last = quarter_after(viewer_of(request).today)
    file = request.FILES.get("file")
    text = file.read(LONGEST_TEXT).decode("utf-8", "replace") if file else said.get("text", "")[:LONGEST_TEXT]
    version = said.get("version", "")
    return State(
        routine=said.get("routine", "").replace("\x00", "")[:48],
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 6 else None,
        text=text.strip(),
        from_on=day_or(said.get("from", ""), first),
        until_on=day_or(said.get("until", ""), last),
        rows=_picked(said.get("rows", "")),
    )


def _picked(text: str) -> dict[str, int]:
    """`manager.3,week.2`; whatever is told wrongly is as if it weren't said."""
    pairs = (part.partition(".") for part in text.split(","))
    return {
        name: int(n) for name, _, n in pairs if name in PICKS and n.isascii() and n.isdigit() and len(n) < 8
    }


def _change(state: State) -> Playbook | None:
    """None when the channel is looked at as it is."""
    if state.text:
        return read_routine(state.text, "the text", shelves=shelves()).routine
    if not state.routine:
        return None
    versions = Version.objects.filter(routine__key=state.routine)
    chosen = versions.filter(number=state.version).first() if state.version else versions.first()
    if chosen:
        return playbook_of(chosen)
    if state.version or state.routine not in routine_texts():
        raise Refused(f"There is no such version of {state.routine!r}", "Choose a routine from the list")
    return read_routine(routine_texts()[state.routine], state.routine).routine


def _choices() -> dict[str, Any]:
    rows = list(Routine.objects.exclude(version=None).values_list("key", "title", "status"))
    known = {key for key, *_ in rows}
    return {
        "known": [(key, title if status == "live" else f"{title} (not live)") for key, title, status in rows],
        "library": [(key, key) for key in routine_texts() if key not in known],
    }


def _export(said: Mapping[str, str], state: State, tables: dict[str, Table]) -> HttpResponseBase:
    if said["export"] == "json":
        told = {"from": state.from_on.isoformat(), "until": state.until_on.isoformat()}
        return JsonResponse(told | {key: as_plain(table) for key, table in tables.items()})
    table = tables.get(said.get("table", ""), tables["loads"])
    return rows_as_csv(
        f"simulation-{table.key}", chain([table.columns], (line.cells for line in table.lines))
    )


def _context(
    state: State, simulated: Simulation, tables: dict[str, Table], change: Playbook | None
) -> dict[str, Any]:
    return {
        "state": state,
        "change": change,
        "is_new": change is not None and not Routine.objects.filter(key=change.key, status="live").exists(),
        "is_posted": bool(state.text),
        "figures": _shown(state, tables["figures"]),
        "charts": _charts(state, simulated),
        "charts_left": max(len(simulated.cast.managers) - CHARTS, 0),
        "loads": _shown(state, tables["loads"]),
        "counts": [
            _shown(state, tables[key]) for key in ("managers", "weeks", "months", "routines", "partners")
        ],
        "troubles": [_shown(state, tables[key]) for key in ("contacts", "conflicts", "holidays")],
        "rows": list(rows_of(simulated, state.rows)) if state.rows else [],
        "json_url": state.query(export="json"),
        **_choices(),
    }


def _shown(state: State, table: Table) -> dict[str, Any]:
    """The first lines, each with where it leads; numbers stand at the right."""
    lines = table.lines if table.key in ("loads", "figures") else table.lines[:LINES]
    return {
        "key": table.key,
        "title": table.title,
        "columns": [(name, _is_number(table, n)) for n, name in enumerate(table.columns)],
        "lines": [
            {
                "cells": [
                    (_text(cell), _is_number(table, n), table.columns[n]) for n, cell in enumerate(line.cells)
                ],
                **_leads(state, line),
            }
            for line in lines
        ],
        "left": len(table.lines) - len(lines),
        "count": len(table.lines),
        "empty": table.empty,
        "csv": state.query(export="csv", table=table.key),
    }


def _text(cell: Any) -> str:
    if isinstance(cell, date):
        return f"{cell.day} {cell:%b %Y}"
    return f"{cell:,}" if isinstance(cell, int | float) else str(cell)


def _is_number(table: Table, n: int) -> bool:
    return bool(table.lines) and isinstance(table.lines[0].cells[n], int | float)


def _leads(state: State, line: Line) -> dict[str, Any]:
    rows = ",".join(f"{name}.{n}" for name, n in line.where)
    url = f"{state.query(rows=rows)}#rows" if rows else line.table and f"#{line.table}"
    return {"rows": rows, "url": url, "contact": line.contact}


def _charts(state: State, simulated: Simulation) -> list[dict[str, Any]]:
    """The fullest managers first; all charts on one scale."""
    now = simulated.now.forecast.minutes / 60
    then = simulated.then.forecast.minutes / 60 if simulated.then else None
    last = now if then is None else then
    load = [
        max((hours - room for hours, room in zip(last[n], simulated.capacity[n], strict=True)), default=0)
        for n in range(len(simulated.cast.managers))
    ]
    fullest = sorted(range(len(load)), key=lambda n: -load[n])[:CHARTS]
    top = max((max(*now[n], *last[n], *simulated.capacity[n]) for n in fullest), default=1) * 1.1
    return [_chart(state, simulated, n, now, then, top) for n in fullest]


def _chart(state: State, simulated: Simulation, n: int, now: Any, then: Any, top: float) -> dict[str, Any]:
    person, weeks = simulated.cast.managers[n], []
    for w, monday in enumerate(simulated.window.weeks):
        room, after = simulated.capacity[n][w], None if then is None else float(then[n, w])
        change = "" if after is None else f", {after:.1f} h with the change"
        words = f"week of {monday}: {now[n, w]:.1f} h today{change}, {room:.1f} h there are"
        is_first = w > 0 and monday.month != simulated.window.weeks[w - 1].month
        url = "" if state.text else f"{state.query(rows=f'manager.{n},week.{w}')}#rows"
        weeks.append(
            Week(f"{monday:%b}" if is_first else "", words, float(now[n, w]), after, room, url or None)
        )
    drawn = draw_load(weeks, width=300, height=112, title=f"Hours a week of {person.name}", top=top)
    return {"person": person, "drawing": drawn}
