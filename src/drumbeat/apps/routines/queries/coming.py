"""Steps that will come on a person's list this week, told from moments that are not opened yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from drumbeat.apps.goals.queries import goal_titles
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account, Role
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import Moment
from drumbeat.apps.routines.queries.upcoming import subscriptions_of

MOMENTS_AT_MOST = 300
BY_PEOPLE = ("task", "meeting")


@dataclass(frozen=True, slots=True)
class ComingStep:
    """A step to come: what, for whom, for which promise, when it comes on the list and when it is due."""

    title: str
    routine: str
    routine_key: str
    partner: Partner | None
    promise: str
    opens_at: datetime
    due_at: datetime
    minutes: int
    goals: tuple[str, ...]


def coming_steps(person: Account, *, until: datetime, limit: int = 50) -> list[ComingStep]:
    """By due moment, up to `limit`, in two or three queries; conditional steps are left out, they may never come."""
    moments = Moment.objects.filter(opens_at__lt=until)
    if person.has(Role.CHANNEL_MANAGER):
        moments = moments.filter(subscription__in=subscriptions_of(person, until))
    related = ("version", "subscription__routine", "subscription__partner")
    goals = goal_titles()
    found = [
        step
        for moment in moments.select_related(*related).order_by("opens_at", "pk")[:MOMENTS_AT_MOST]
        for step in _steps_for(person, moment, until, goals)
    ]
    return sorted(found, key=lambda step: step.due_at)[:limit]


def _steps_for(
    person: Account, moment: Moment, until: datetime, goals: dict[str, str]
) -> Iterator[ComingStep]:
    playbook = playbook_of(moment.version)
    branched = {key for step in playbook.steps for key in step.otherwise}
    for step, due_at in zip(playbook.steps, moment.step_dues, strict=True):
        is_sure = step.key not in branched and step.when is None
        if step.kind in BY_PEOPLE and step.by == person.role and due_at < until and is_sure:
            yield ComingStep(
                step.title,
                playbook.title,
                playbook.key,
                moment.subscription.partner,
                playbook.promise.text,
                moment.opens_at,
                due_at,
                step.minutes,
                tuple(goals.get(key, key) for key in playbook.goals),
            )
