"""Moments to come are made to agree with what the routines want, for a short horizon.

Subscriptions that want the same and have the same arranged are reckoned and reconciled once; the changes go to all of them
by two statements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from django.db import connection, transaction

from drumbeat.apps.people.models import Vendor
from drumbeat.apps.people.queries import vendor as the_vendor
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import Moment, Occurrence, Routine, Subscription, Version
from drumbeat.apps.routines.queries.combinations import EPOCH, Combination, Want, combinations_of
from drumbeat.core.planning import Wanted, wanted_moments
from drumbeat.core.reconciling import Changes, reconcile

# Steps may start 45 working days before due, and an offset may pull due back from its rule date.
HORIZON = timedelta(days=100)
CHUNK = 20_000

Wants: TypeAlias = dict[Want, list[Wanted]]
Change: TypeAlias = Changes[date, tuple[int, Wanted]]

PLAIN = ("nominal_on", "opens_at", "due_at", "deadline_at", "miss_at", "why")
LISTS = ("step_dues", "step_deadlines")

# Two who plan the same subscriptions at once would write their moments twice. Beats don't wait for this lock.
LOCK = "SELECT id FROM routines_subscription WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE"

DELETE = """
DELETE FROM routines_moment m
USING unnest(%(member_of)s::int[], %(members)s::bigint[]) AS member (of, id),
      unnest(%(of)s::int[], %(nominal_on)s::date[]) AS gone (of, nominal_on)
WHERE member.of = gone.of AND m.subscription_id = member.id AND m.nominal_on = gone.nominal_on AND m.event_id = 0
"""

# A beat may have opened one that was to be moved, while the deletion waited for it: what is opened stays opened.
INSERT = """
INSERT INTO routines_moment (subscription_id, version_id, nominal_on, opens_at, due_at, deadline_at, miss_at, step_dues,
                             step_deadlines, why)
SELECT member.id, version, nominal_on, opens_at, due_at, deadline_at, miss_at, step_dues::timestamptz[],
       step_deadlines::timestamptz[], why
FROM unnest(%(member_of)s::int[], %(members)s::bigint[]) AS member (of, id)
JOIN unnest(%(of)s::int[], %(version)s::bigint[], %(nominal_on)s::date[], %(opens_at)s::timestamptz[], %(due_at)s::timestamptz[],
            %(deadline_at)s::timestamptz[], %(miss_at)s::timestamptz[], %(step_dues)s::text[], %(step_deadlines)s::text[],
            %(why)s::text[])
  AS planned (of, version, nominal_on, opens_at, due_at, deadline_at, miss_at, step_dues, step_deadlines, why)
  ON planned.of = member.of
WHERE NOT EXISTS (
    SELECT FROM routines_occurrence o
    WHERE o.subscription_id = member.id AND o.nominal_on = planned.nominal_on AND o.event_id = 0)
"""


@dataclass(frozen=True, slots=True)
class Planned:
    """How many moments one planning made, moved and took away."""

    created: int = 0
    moved: int = 0
    cancelled: int = 0

    def __add__(self, other: Planned) -> Planned:
        return Planned(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def plan_moments(*, at: datetime, routines: Iterable[Routine] | None = None) -> Planned:
    """Reconciles the moments of all live routines (or the given ones), a chunk of subscriptions a transaction.

    Running it twice changes nothing. Days that passed while nobody planned are caught up from where planning ended.
    """
    named = (
        Routine.objects.filter(status=Routine.Status.LIVE).select_related("version")
        if routines is None
        else routines
    )
    done, vendor = Planned(), the_vendor()
    for routine in filter(_has_cadence, named):
        wanted: Wants = {}
        for chunk in _chunks(routine):
            done += _plan_chunk(routine, chunk, vendor, wanted, at)
    return done


@transaction.atomic
def plan_subscriptions(subscriptions: Iterable[Subscription], *, at: datetime) -> Planned:
    """The same for these alone, as after something was agreed for them; those of routines that aren't live are left."""
    chunks: dict[Routine, list[int]] = defaultdict(list)
    ids = [subscription.pk for subscription in subscriptions]
    for row in Subscription.objects.running().filter(pk__in=ids).select_related("routine__version"):
        if row.routine.status == Routine.Status.LIVE and _has_cadence(row.routine):
            chunks[row.routine].append(row.pk)
    vendor = the_vendor()
    return sum(
        (_plan_chunk(routine, chunk, vendor, {}, at) for routine, chunk in chunks.items()), start=Planned()
    )


def _has_cadence(routine: Routine) -> bool:
    """What events open is not planned."""
    return routine.version is not None and not playbook_of(routine.version).trigger


def _chunks(routine: Routine) -> Iterable[list[int]]:
    after = 0
    running = routine.subscriptions.running().order_by("pk").values_list("pk", flat=True)
    while chunk := list(running.filter(pk__gt=after)[:CHUNK]):
        yield chunk
        after = chunk[-1]


@transaction.atomic
def _plan_chunk(routine: Routine, ids: list[int], vendor: Vendor, wanted: Wants, at: datetime) -> Planned:
    """Subscriptions that want the same and have the same arranged are reconciled once, by the first of them."""
    assert routine.version
    today = at.date()
    with connection.cursor() as cursor:
        cursor.execute(LOCK, {"ids": ids})
    combinations = combinations_of(routine, ids, vendor, today=today, horizon_days=HORIZON.days)
    firsts = [combination.members[0] for combination in combinations]
    arranged, touched = _arranged_of(firsts), _touched_of(firsts, combinations)
    version, until = routine.version, today + HORIZON
    changes = [
        (
            combination.members,
            reconcile(
                {
                    on: (version.pk, moment)
                    for on, moment in _wanted_of(combination.want, version, until, wanted)
                },
                arranged[combination.members[0]],
                touched=touched[combination.members[0]],
            ),
        )
        for combination in combinations
    ]
    _delete(changes)
    _write(changes)
    Subscription.objects.filter(pk__in=ids).exclude(planned_until=until).update(planned_until=until)
    return sum((_counted(len(members), change) for members, change in changes), start=Planned())


def _wanted_of(want: Want, version: Version, until: date, known: Wants) -> list[tuple[date, Wanted]]:
    if want not in known:
        known[want] = wanted_moments(
            playbook_of(version), want.setting, phase=want.phase, anchor=want.anchor, since=want.since, until=until,
            overrides=want.agreed,
        )  # fmt: skip
    return [(moment.nominal_on, moment) for moment in known[want]]


def _arranged_of(subscriptions: list[int]) -> dict[int, dict[date, tuple[int, Wanted]]]:
    found: dict[int, dict[date, tuple[int, Wanted]]] = defaultdict(dict)
    for row in Moment.objects.filter(subscription__in=subscriptions, event_id=0):
        found[row.subscription_id][row.nominal_on] = row.version_id, as_wanted(row)
    return found


def _touched_of(subscriptions: list[int], combinations: list[Combination]) -> dict[int, set[date]]:
    """What was opened, or moved by a person."""
    earliest = min((combination.want.since for combination in combinations), default=EPOCH)
    opened = Occurrence.objects.filter(subscription__in=subscriptions, nominal_on__gte=earliest, event_id=0)
    moved = Moment.objects.filter(subscription__in=subscriptions, event_id=0).exclude(touched_at=None)
    found: dict[int, set[date]] = defaultdict(set)
    for rows in (opened, moved):
        for subscription, nominal_on in rows.values_list("subscription_id", "nominal_on"):
            found[subscription].add(nominal_on)
    return found


def as_wanted(row: Moment) -> Wanted:
    return Wanted(
        row.nominal_on, row.opens_at, row.due_at, row.deadline_at, row.miss_at,
        tuple(row.step_dues), tuple(row.step_deadlines), row.why,
    )  # fmt: skip


def _counted(members: int, change: Change) -> Planned:
    return Planned(*(members * len(part) for part in (change.create, change.move, change.cancel)))


def _delete(changes: list[tuple[tuple[int, ...], Change]]) -> None:
    gone = [(ids, change.cancel | change.move.keys()) for ids, change in changes]
    dates = [(number, on) for number, (_, days) in enumerate(gone) for on in days]
    if dates:
        numbers, days = zip(*dates, strict=True)
        _execute(DELETE, changes, {"of": list(numbers), "nominal_on": list(days)})


def _write(changes: list[tuple[tuple[int, ...], Change]]) -> None:
    rows = [
        (number, version, moment)
        for number, (_, change) in enumerate(changes)
        for version, moment in (*change.create.values(), *change.move.values())
    ]
    if rows:
        columns = {name: [getattr(moment, name) for *_, moment in rows] for name in PLAIN}
        # The arrays of an array must have one length, so those of steps travel as texts.
        columns |= {name: [_as_text(getattr(moment, name)) for *_, moment in rows] for name in LISTS}
        numbers, versions = [row[0] for row in rows], [row[1] for row in rows]
        _execute(INSERT, changes, {"of": numbers, "version": versions, **columns})


def _as_text(moments: Iterable[datetime | None]) -> str:
    return "{" + ",".join(moment.isoformat() if moment else "NULL" for moment in moments) + "}"


def _execute(
    statement: str, changes: list[tuple[tuple[int, ...], Change]], columns: dict[str, list[Any]]
) -> None:
    """`members` and `member_of` name the subscriptions of each change that has rows."""
    concerned = set(columns["of"])
    pairs = [(n, pk) for n, (members, _) in enumerate(changes) if n in concerned for pk in members]
    told: dict[str, Any] = {"member_of": [n for n, _ in pairs], "members": [pk for _, pk in pairs], **columns}
    with connection.cursor() as cursor:
        cursor.execute(statement, told)
