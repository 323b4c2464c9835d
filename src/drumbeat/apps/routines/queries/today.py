"""What a person has to do: overdue, today, this week, and what waits on partners. A constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Case, Count, F, IntegerField, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from drumbeat.apps.goals.models import Goal
from drumbeat.apps.ledger.models import Promise, Standing
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account, Role
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import Step, StepSet, StepState
from drumbeat.apps.routines.queries.coming import ComingStep, coming_steps
from drumbeat.core.playbook import Routine as Playbook

PAGE = 50
NEVER = Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Item:
    """One line: which partner, which promise, why now, how long, which goal, what the machine has done already."""

    step: Step
    playbook: Playbook
    promise: Promise
    standing: Standing
    partner: Partner | None
    minutes: int
    goals: tuple[str, ...]
    machine: tuple[Step, ...]

    @property
    def title(self) -> str:
        return self.step.playbook_step.title

    @property
    def keeps(self) -> bool:
        """Does doing this step keep the promise?"""
        return self.step.playbook_step.keeps or self.step.promise_id is not None


@dataclass(frozen=True, slots=True)
class Section:
    """Up to 50 items; `count` and `minutes` are of all."""

    items: tuple[Item, ...] = ()
    count: int = 0
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Today:
    """`late_promises` counts open promises past their deadline that hang on the person's steps; `coming` are steps
    of this week that are not on the list yet."""

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
    """The lists of one person at a moment; days and weeks are of the person's zone.

    Overdue is what was due before today, or keeps a promise whose deadline is past. The week ends on Sunday; from
    Friday on the next one is in it.
    """
    bounds = _bounds(person, at)
    buckets = _buckets(bounds)
    mine = on_list_of(person).filter(due_at__lt=bounds.week_until)
    counts = _counts(mine.filter(side="vendor"), buckets)
    theirs = on_list_of(person).filter(side="partner", starts_at__lte=at)
    chosen = {name: list(_page(mine.filter(side="vendor"), rule, page)) for name, rule in buckets.items()}
    chosen["waiting"] = list(_page(theirs, Q(), page))
    items = _items([step for steps in chosen.values() for step in steps])
    counts["waiting"] = (theirs.count(), 0)
    sections = {
        name: Section(tuple(items[step.pk] for step in steps), *counts.get(name, (0, 0)))
        for name, steps in chosen.items()
    }
    late = mine.filter(
        side="vendor", playbook_step__keeps=True, occurrence__promise__standing__deadline_at__lte=at
    )
    coming = tuple(coming_steps(person, until=bounds.week_until, limit=page))
    return Today(**sections, late_promises=late.count(), coming=coming)


def overdue_count(person: Account, at: datetime) -> int:
    """What stands under Overdue, without the lines."""
    bounds = _bounds(person, at)
    mine = on_list_of(person).filter(due_at__lt=bounds.week_until, side="vendor")
    return mine.filter(_buckets(bounds)["overdue"]).count()


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
    bounds = _bounds(person, at)
    waits = Q(side="partner", starts_at__lte=at)
    whens = [When(rule, then=Value(name)) for name, rule in {"waiting": waits, **_buckets(bounds)}.items()]
    rows = (
        on_list_of(person)
        .filter(waits | Q(side="vendor", due_at__lt=bounds.week_until))
        .annotate(bucket=Case(*whens), needed=_minutes())
        .order_by("due_at", "pk")
        .values_list(
            "bucket",
            "pk",
            "playbook_step__title",
            Coalesce("occurrence__subscription__partner__name", Value("")),
            "due_at",
            "needed",
        )
    )
    return [Line(*row) for row in rows[:limit]]


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


def _buckets(bounds: _Bounds) -> dict[str, Q]:
    is_late = Q(due_at__lt=bounds.today_from) | Q(
        playbook_step__keeps=True, occurrence__promise__standing__deadline_at__lte=bounds.at
    )
    is_today = Q(due_at__lt=bounds.today_until)
    return {"overdue": is_late, "today": is_today & ~is_late, "this_week": ~is_today & ~is_late}


def _counts(steps: StepSet, buckets: dict[str, Q]) -> dict[str, tuple[int, int]]:
    bucket = Case(*(When(rule, then=Value(name)) for name, rule in buckets.items()))
    rows = (
        steps.annotate(bucket=bucket).values_list("bucket").annotate(count=Count("pk"), total=Sum(_minutes()))
    )
    return {name: (count, minutes or 0) for name, count, minutes in rows}


def _minutes() -> Coalesce:
    return Coalesce(F("minutes"), F("playbook_step__minutes"), output_field=IntegerField())


def _page(steps: StepSet, rule: Q, page: int) -> StepSet:
    return (
        steps.filter(rule)
        .order_by("due_at", "pk")
        .select_related(
            "playbook_step",
            "meeting",
            "promise__standing",
            "occurrence__promise__standing",
            "occurrence__version__routine",
            "occurrence__subscription__partner",
            "occurrence__subscription__person",
        )[:page]
    )


def _items(steps: list[Step]) -> dict[int, Item]:
    deeds = _deeds({step.occurrence_id for step in steps})
    goals = dict(Goal.objects.values_list("key", "title"))
    return {step.pk: _item(step, deeds[step.occurrence_id], goals) for step in steps}


def open_items(steps: StepSet, page: int = PAGE) -> list[Item]:
    """The lines of any steps, by due moment, up to `page`."""
    shown = list(_page(steps, Q(), page))
    items = _items(shown)
    return [items[step.pk] for step in shown]


def item_of(step: Step) -> Item:
    """The line of one step, as after it was changed."""
    return _items([step])[step.pk]


def _deeds(occurrences: set[int]) -> dict[int, list[Step]]:
    """What the machine has done for the same occurrence: mails sent, reports built."""
    found: dict[int, list[Step]] = defaultdict(list)
    done = Step.objects.filter(
        occurrence__in=occurrences, kind__in=["mail", "report"], state__in=[StepState.DONE, StepState.FAILED]
    )
    for step in done.select_related("playbook_step").order_by("done_at"):
        found[step.occurrence_id].append(step)
    return found


def _item(step: Step, deeds: list[Step], goals: dict[str, str]) -> Item:
    playbook = playbook_of(step.occurrence.version)
    promise = step.promise or step.occurrence.promise
    return Item(
        step=step,
        playbook=playbook,
        promise=promise,
        standing=promise.standing,
        partner=step.occurrence.subscription.partner,
        minutes=step.minutes or step.playbook_step.minutes,
        goals=tuple(goals.get(key, key) for key in playbook.goals),
        machine=tuple(deeds),
    )
