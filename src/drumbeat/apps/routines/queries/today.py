"""What a person has to do: overdue, today, this week, and what waits on partners. A constant number of queries."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any

from drumbeat.apps.asking import ask
from drumbeat.apps.ledger.queries import overdue_of
from drumbeat.apps.people.models import Account, Role
from drumbeat.apps.routines.queries import statements
from drumbeat.apps.routines.queries.coming import ComingStep, coming_steps
from drumbeat.apps.routines.queries.items import PAGE, Item, items_of

# How many of a page's lines each list may take, before what is left over is shared in this order.
SHARES = {"overdue": 20, "today": 15, "waiting": 7, "this_week": 8}


@dataclass(frozen=True, slots=True)
class Section:
    """The first items of a list; `count` and `minutes` are of all of it."""

    items: tuple[Item, ...] = ()
    count: int = 0
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Today:
    """`late_promises` counts the person's open promises past their deadline; `coming` are steps of this week that are
    not on the list yet, as far as the page has room."""

    overdue: Section
    today: Section
    this_week: Section
    waiting: Section
    late_promises: int
    coming: tuple[ComingStep, ...] = ()


@dataclass(frozen=True, slots=True)
class _Bounds:
    at: datetime
    today_from: datetime
    today_until: datetime
    week_until: datetime


def today(person: Account, at: datetime, *, page: int = PAGE) -> Today:
    """The lists of one person at a moment; days and weeks are of the person's zone. `page` lines in all.

    Overdue is what was due before today, or keeps a promise whose deadline is past. The week ends on Sunday; from
    Friday on the next one is in it.
    """
    bounds = _bounds(person, at)
    lists = _lists(person, bounds, page)
    chosen = _shared_out({name: len(lists[name].steps) for name in SHARES}, page)
    items = items_of([step for name in SHARES for step in lists[name].steps[: chosen[name]]])
    sections = {
        name: Section(
            tuple(items[step] for step in lists[name].steps[: chosen[name]] if step in items),
            lists[name].count,
            lists[name].minutes,
        )
        for name in SHARES
    }
    room = page - len(items)
    coming = tuple(coming_steps(person, until=bounds.week_until, limit=room)) if room > 0 else ()
    return Today(**sections, late_promises=overdue_of(person, at), coming=coming)


@dataclass(slots=True)
class _List:
    """The first steps of a list by due moment, and how many there are in all."""

    steps: list[int] = field(default_factory=list)
    count: int = 0
    minutes: int = 0


def _lists(person: Account, bounds: _Bounds, page: int) -> dict[str, _List]:
    """The first `page` steps of each list, and the sums of all of it; one query."""
    lists = {name: _List() for name in SHARES}
    for name, step, count, minutes in _asked(statements.FIRST_OF_EACH, person, bounds, page):
        lists[name].steps.append(step)
        lists[name].count, lists[name].minutes = count, 0 if name == "waiting" else minutes
    return lists


def _shared_out(lengths: dict[str, int], page: int) -> dict[str, int]:
    """How many of each list are shown: its share; what a short list leaves goes to the longer ones, the urgent first."""
    sizes = {name: min(share, lengths[name]) for name, share in SHARES.items()}
    left = page - sum(sizes.values())
    for name in SHARES:
        more = max(0, min(left, lengths[name] - sizes[name]))
        sizes[name] += more
        left -= more
    return sizes


def overdue_count(person: Account, at: datetime) -> int:
    """What stands under Overdue, without the lines."""
    so_far = replace(_bounds(person, at), week_until=at + timedelta.resolution)
    return int(_asked(statements.OVERDUE, person, so_far)[0][0])


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the lists in words: `bucket` is a name of Today's lists."""

    bucket: str
    step_id: int
    title: str
    partner: str
    due_at: datetime
    minutes: int


def today_lines(person: Account, at: datetime, *, limit: int = 400) -> list[Line]:
    """The same lists for paper: words only, in one query, by due moment."""
    return [Line(*row) for row in _asked(statements.ON_PAPER, person, _bounds(person, at), limit)]


def _asked(statement: str, person: Account, bounds: _Bounds, page: int = 0) -> list[tuple[Any, ...]]:
    told = {**asdict(bounds), "person": person.pk, "pools": _pools(person), "page": page}
    return ask(statement, told)


def _pools(person: Account) -> list[str]:
    """The roles whose steps without an assignee are on this person's list: unassigned partners are the directors' care."""
    if person.has(Role.CHANNEL_MANAGER):
        return []
    return [person.role, Role.CHANNEL_MANAGER] if person.has(Role.DIRECTOR) else [person.role]


def _bounds(person: Account, at: datetime) -> _Bounds:
    local = at.astimezone(person.tz)
    start = datetime.combine(local.date(), time(), tzinfo=person.tz)
    until_sunday = 7 - local.weekday() + (7 if local.weekday() >= 4 else 0)
    return _Bounds(at, start, start + timedelta(days=1), start + timedelta(days=until_sunday))
