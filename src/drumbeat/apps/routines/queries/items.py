"""Steps as lines of work: with their promise, partner, goals, and what the machine has done already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, IntegerField
from django.db.models.functions import Coalesce

from drumbeat.apps.goals.models import Goal
from drumbeat.apps.ledger.models import Promise, Standing
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import Step, StepSet, StepState
from drumbeat.core.playbook import Routine as Playbook

PAGE = 50
# Versions never change, so what a line shows of them is fetched, but not their texts' long neighbours.
UNSHOWN = (
    "occurrence__why",
    "occurrence__subscription__planned_until",
    "occurrence__subscription__partner__address",
)


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


def needed_minutes() -> Coalesce:
    """The minutes a person logged on a step, else those its playbook plans, as an expression over steps."""
    return Coalesce(F("minutes"), F("playbook_step__minutes"), output_field=IntegerField())


def open_items(steps: StepSet, page: int = PAGE) -> list[Item]:
    """The lines of any steps, by due moment, up to `page`; three queries."""
    return _items(_told(steps).order_by("due_at", "pk")[:page])


def items_of(ids: Iterable[int]) -> dict[int, Item]:
    """The lines of these steps by id; three queries."""
    return {item.step.pk: item for item in _items(_told(Step.objects.filter(pk__in=ids)))}


def item_of(step: Step) -> Item:
    """The line of one step, as after it was changed."""
    return _items([step])[0]


def _told(steps: StepSet) -> StepSet:
    return steps.select_related(
        "playbook_step",
        "meeting",
        "promise__standing",
        "occurrence__promise__standing",
        "occurrence__version__routine",
        "occurrence__subscription__partner",
        "occurrence__subscription__person",
    ).defer(*UNSHOWN)


def _items(steps: Iterable[Step]) -> list[Item]:
    shown = list(steps)
    if not shown:
        return []
    deeds = _deeds({step.occurrence_id for step in shown})
    goals = dict(Goal.objects.values_list("key", "title"))
    return [_item(step, deeds[step.occurrence_id], goals) for step in shown]


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
