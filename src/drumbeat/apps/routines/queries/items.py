"""Steps as lines of work: with their promise, partner, goals, and what the machine has done already.

A line is flat: only the columns it shows are asked for, and what never changes is read once a process.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, IntegerField, QuerySet
from django.db.models.functions import Coalesce

from drumbeat.apps.asking import ask, kept
from drumbeat.apps.goals.queries import goal_titles
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.bridge import playbooks
from drumbeat.apps.routines.models import Step
from drumbeat.apps.routines.queries import statements
from drumbeat.core.playbook import Routine as Playbook

PAGE = 50
WITH_PARTNER = 20


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


def open_items_with(partner: Partner) -> list[Item]:
    """The first lines that people have to do, or wait for, with a partner."""
    ids = [pk for (pk,) in _open_with(partner.pk)]
    items = items_of(ids)
    return [items[pk] for pk in ids]


@kept
def _open_with(partner: int) -> QuerySet[Any, tuple[Any, ...]]:
    steps = Step.objects.on_lists().filter(occurrence__subscription__partner=partner)
    return steps.order_by("due_at", "pk").values_list("pk")[:WITH_PARTNER]


def item_of(step: Step) -> Item:
    """The line of one step, as it stands now."""
    return items_of([step.pk])[step.pk]


def just_done(person: Account, since: datetime, *, page: int) -> list[Item]:
    """The lines of what this person did since then, and may take back."""
    rows = ask(statements.JUST_DONE, {"person": person.pk, "since": since, "page": page})
    ids = [pk for (pk,) in rows]
    items = items_of(ids)
    return [items[pk] for pk in ids]


# Where in a row of LINES the version stands, after the line's own columns; then its partner, its promise and the deed.
_VERSION = 19
_PARTNER, _PROMISE, _DEED = slice(20, 23), slice(23, 29), slice(29, 33)


def items_of(ids: Sequence[int]) -> dict[int, Item]:
    """The lines of these steps by id; three queries."""
    rows = ask(statements.LINES, [list(ids)]) if ids else []
    if not rows:
        return {}
    texts = playbooks({row[_VERSION] for row in rows})
    goals = goal_titles()
    return {row[0]: _item(row, texts[row[_VERSION]], goals) for row in rows}


def _item(row: tuple[Any, ...], playbook: Playbook, goals: Mapping[str, str]) -> Item:
    partner, deed = row[_PARTNER], row[_DEED]
    made: tuple[Any, ...] = (
        PartnerName(*partner) if partner[0] else None,
        playbook,
        Debt(*row[_PROMISE]),
        tuple(goals.get(key, key) for key in playbook.goals),
        Deed(*deed) if deed[0] else None,
    )
    return Item(*row[:_VERSION], *made)
