"""Steps as lines of work: with their promise, partner, goals, and what the machine has done already.

A line is flat: only the columns it shows are asked for, and what never changes is read once a process.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F, IntegerField
from django.db.models.functions import Coalesce

from drumbeat.apps.goals.models import Goal
from drumbeat.apps.routines.bridge import playbooks
from drumbeat.apps.routines.models import Step, StepSet
from drumbeat.apps.routines.queries import statements
from drumbeat.core.playbook import Routine as Playbook

PAGE = 50


@dataclass(frozen=True, slots=True)
class PartnerName:
    """Enough of a partner to name it, to lead to its page and to tell its clock."""

    key: str
    name: str
    zone: str

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


@dataclass(frozen=True, slots=True)
class Debt:
    """The promise behind a line, as it stands now."""

    promise_id: int
    text: str
    due_at: datetime
    deadline_at: datetime
    outcome: str | None
    rests_from: datetime | None = None  # the other side has its turn


@dataclass(frozen=True, slots=True)
class Deed:
    """The last thing that the machine did, or could not do, for the same occurrence."""

    title: str
    kind: str
    state: str
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Item:
    """One line: which partner, which promise, why now, how long, which goal, what the machine has done already.

    `person` is the name of the colleague whom a routine of managers is about; `covers_for` who is away and has it done by
    the assignee, until the day of return.
    """

    step_id: int
    title: str
    kind: str
    side: str
    state: str
    role: str
    assignee_id: int | None
    done_by_id: int | None
    due_at: datetime
    postponed_from: datetime | None
    minutes: int
    keeps: bool
    occurrence_id: int
    meeting_id: int | None
    meets_at: datetime | None
    person_id: int | None
    person: str
    covers_for: str
    covers_until: date | None
    partner: PartnerName | None
    playbook: Playbook
    promise: Debt
    goals: tuple[str, ...]
    machine: Deed | None


def needed_minutes() -> Coalesce:
    """The minutes a person logged on a step, else those its playbook plans, as an expression over steps."""
    return Coalesce(F("minutes"), F("playbook_step__minutes"), output_field=IntegerField())


def open_items(steps: StepSet, page: int = PAGE) -> list[Item]:
    """The lines of any steps, by due moment, up to `page`; a constant number of queries."""
    ids = list(steps.order_by("due_at", "pk").values_list("pk", flat=True)[:page])
    items = items_of(ids)
    return [items[pk] for pk in ids]


def item_of(step: Step) -> Item:
    """The line of one step, as it stands now."""
    return items_of([step.pk])[step.pk]


# Columns of the line itself with its version last, then of its partner, then of its promise.
_OWN, _PARTNER, _OCCURRENCE = 20, 3, 12


def items_of(ids: Sequence[int]) -> dict[int, Item]:
    """The lines of these steps by id; four queries."""
    rows = _asked(statements.LINES, ids) if ids else []
    if not rows:
        return {}
    deeds = {
        occurrence: Deed(*deed)
        for occurrence, *deed in _asked(statements.DEEDS, [row[_OCCURRENCE] for row in rows])
    }
    texts = playbooks({row[_OWN - 1] for row in rows})
    goals = dict(Goal.objects.values_list("key", "title"))
    return {row[0]: _item(row, texts[row[_OWN - 1]], deeds, goals) for row in rows}


def _asked(statement: str, ids: Sequence[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(ids)])
        return list(cursor.fetchall())


def _item(
    row: tuple[Any, ...], playbook: Playbook, deeds: Mapping[int, Deed], goals: Mapping[str, str]
) -> Item:
    partner, promise = row[_OWN : _OWN + _PARTNER], row[_OWN + _PARTNER :]
    made: tuple[Any, ...] = (
        PartnerName(*partner) if partner[0] else None,
        playbook,
        Debt(*promise),
        tuple(goals.get(key, key) for key in playbook.goals),
        deeds.get(row[_OCCURRENCE]),
    )
    return Item(*row[: _OWN - 1], *made)
