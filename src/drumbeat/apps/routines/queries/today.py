"""What a person has to do: overdue, today, this week, and what waits on partners. A constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Case, Q, Value, When
from django.db.models.functions import Coalesce

from drumbeat.apps.ledger.models import Standing
from drumbeat.apps.people.models import Account, Role
from drumbeat.apps.routines.models import Step, StepSet
from drumbeat.apps.routines.queries.coming import ComingStep, coming_steps
from drumbeat.apps.routines.queries.items import PAGE, Item, items_of, needed_minutes

# A page shows the most urgent; of a role's shared pool no more than this is looked through for it.
LOOKED_THROUGH = 2000
# How many of a page's lines each list may take, before what is left over is shared in this order.
SHARES = {"overdue": 20, "today": 15, "waiting": 7, "this_week": 8}
NEVER = Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Section:
    """The first items of a list; `count` and `minutes` are of all that is looked through."""

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
class _Light:
    """A step on the list, with what decides its place."""

    pk: int
    bucket: str
    minutes: int


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
    lists = _lists(person, bounds)
    chosen = _shared_out(lists, page)
    items = items_of([light.pk for lights in chosen.values() for light in lights])
    sections = {
        name: Section(
            tuple(items[light.pk] for light in chosen[name] if light.pk in items),
            len(lights),
            sum(light.minutes for light in lights) if name != "waiting" else 0,
        )
        for name, lights in lists.items()
    }
    room = page - len(items)
    coming = tuple(coming_steps(person, until=bounds.week_until, limit=room)) if room > 0 else ()
    late = Standing.objects.overdue(at).filter(person=person).count()
    return Today(**sections, late_promises=late, coming=coming)


def _lists(person: Account, bounds: _Bounds) -> dict[str, list[_Light]]:
    """All that is on the lists, light, by due moment."""
    lists: dict[str, list[_Light]] = {name: [] for name in ("overdue", "today", "this_week", "waiting")}
    rows = _bucketed(person, bounds).values_list("pk", "bucket", "needed")
    for row in rows[:LOOKED_THROUGH]:
        lists[row[1]].append(_Light(*row))
    return lists


def _shared_out(lists: dict[str, list[_Light]], page: int) -> dict[str, list[_Light]]:
    """The first of each list by its share; what a short list leaves goes to the longer ones, the urgent first."""
    sizes = {name: min(share, len(lists[name])) for name, share in SHARES.items()}
    left = page - sum(sizes.values())
    for name in SHARES:
        more = max(0, min(left, len(lists[name]) - sizes[name]))
        sizes[name] += more
        left -= more
    return {name: lights[: sizes[name]] for name, lights in lists.items()}


def overdue_count(person: Account, at: datetime) -> int:
    """What stands under Overdue, without the lines."""
    bounds = _bounds(person, at)
    mine = on_list_of(person).filter(side="vendor")
    long_due = mine.filter(due_at__lt=bounds.today_from).count()
    return long_due + mine.filter(due_at__gte=bounds.today_from).filter(_is_broken(bounds)).count()


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
    rows = _bucketed(person, _bounds(person, at)).values_list(
        "bucket",
        "pk",
        "playbook_step__title",
        Coalesce("occurrence__subscription__partner__name", Value("")),
        "due_at",
        "needed",
    )
    return [Line(*row) for row in rows[:limit]]


def _bucketed(person: Account, bounds: _Bounds) -> Any:
    """The steps on the lists by due moment, each with the name of its list and the minutes it needs."""
    waits = Q(side="partner", starts_at__lte=bounds.at)
    long_due, due_today = Q(due_at__lt=bounds.today_from), Q(due_at__lt=bounds.today_until)
    bucket = Case(
        When(waits, then=Value("waiting")),
        When(long_due | _is_broken(bounds), then=Value("overdue")),
        When(due_today, then=Value("today")),
        default=Value("this_week"),
    )
    listed = on_list_of(person).filter(waits | Q(side="vendor", due_at__lt=bounds.week_until))
    return listed.annotate(bucket=bucket, needed=needed_minutes()).order_by("due_at", "pk")


def _is_broken(bounds: _Bounds) -> Q:
    """Keeps a promise whose deadline is past; such a step is due by now, which spares a look at the others."""
    return Q(
        due_at__lte=bounds.at,
        playbook_step__keeps=True,
        occurrence__promise__standing__deadline_at__lte=bounds.at,
    )


def on_list_of(person: Account) -> StepSet:
    """Open steps of a person: his own, and those that his role shares. Unassigned partners are the directors' care."""
    pool = Q(assignee=None, role=person.role) if not person.has(Role.CHANNEL_MANAGER) else NEVER
    if person.has(Role.DIRECTOR):
        pool |= Q(assignee=None, role=Role.CHANNEL_MANAGER)
    return Step.objects.on_lists().filter(Q(assignee=person) | pool)


def _bounds(person: Account, at: datetime) -> _Bounds:
    local = at.astimezone(person.tz)
    start = datetime.combine(local.date(), time(), tzinfo=person.tz)
    until_sunday = 7 - local.weekday() + (7 if local.weekday() >= 4 else 0)
    return _Bounds(at, start, start + timedelta(days=1), start + timedelta(days=until_sunday))
