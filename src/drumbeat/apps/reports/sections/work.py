"""A person's work: the hours of the week and the lists of the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from drumbeat.apps.reports.scope import Scope
from drumbeat.apps.reports.wording import count
from drumbeat.apps.routines.queries import Line, today_lines

from .shapes import MOMENT, NUMBER, TEXT, Section, bars, sentences, table

SHOWN = 50
LISTS = {"overdue": "Overdue", "today": "Today", "this_week": "This week", "waiting": "Waiting on partners"}
LOAD = "Load: minutes of steps done on the day they were done, of open steps on the day they are due; planned where not logged."


def load_bars(scope: Scope) -> Section:
    """Hours of the working week, done and planned together."""
    rows = [
        {
            "label": f"{load.on:%a}",
            "value": round((load.done + load.planned) / 60, 1),
            "note": "",
            "strong": load.on == scope.on,
        }
        for load in scope.load
    ]
    return bars(
        rows,
        key="load",
        title="Hours of routines this week",
        unit="h",
        empty="A load is a person's.",
        meaning=LOAD,
    )


def load_sentence(scope: Scope) -> str:
    if scope.person is None:
        return ""
    done, planned = (sum(getattr(load, name) for load in scope.load) / 60 for name in ("done", "planned"))
    available = len(scope.load) * scope.person.routine_minutes_a_day / 60
    return f"This week holds {done + planned:.1f} of {available:.0f} hours for routines; {done:.1f} are done."


def day_sections(scope: Scope) -> list[Section]:
    """What is overdue, due today, due this week and waited for: two sentences and a table each."""
    if scope.person is None:
        return [sentences(["Today's list is a person's: build it for one."])]
    lines = today_lines(scope.person, scope.at)
    lists = {name: [line for line in lines if line.bucket == name] for name in LISTS}
    return [sentences(_day_sentences(lists)), *(_list(name, found) for name, found in lists.items())]


def _day_sentences(lists: Mapping[str, Sequence[Line]]) -> list[str]:
    overdue, due, later, waiting = (len(lists[name]) for name in LISTS)
    minutes = sum(line.minutes for name in ("overdue", "today") for line in lists[name])
    told = f"{overdue} overdue, {due} due today, {later} more this week"
    return [
        f"{told}; {count(waiting, 'step')} of partners awaited.",
        f"What is overdue and due today takes {count(minutes, 'minute')}." if minutes else "",
    ]


def _list(name: str, lines: Sequence[Line]) -> Section:
    columns = [("step", TEXT), ("partner", TEXT), ("due", MOMENT), ("minutes", NUMBER)]
    rows = [[line.title, line.partner, line.due_at.isoformat(), line.minutes] for line in lines[:SHOWN]]
    refs = [f"step:{line.step_id}" for line in lines[:SHOWN]]
    key = name.replace("_", "-")
    return table(columns, rows, key=key, title=LISTS[name], refs=refs, empty="Nothing.", of=len(lines))
