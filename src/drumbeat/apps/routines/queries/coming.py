"""Steps that will come on a person's list this week, told from moments that are not opened yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from drumbeat.apps.asking import ask
from drumbeat.apps.goals.queries import goal_titles
from drumbeat.apps.people.models import Account, Role
from drumbeat.apps.routines.bridge import playbooks
from drumbeat.apps.routines.queries.items import PartnerName
from drumbeat.apps.routines.queries.upcoming import subscriptions_of
from drumbeat.core.playbook import Routine as Playbook
from drumbeat.core.playbook import Step

MOMENTS_AT_MOST = 300
BY_PEOPLE = ("task", "meeting")


@dataclass(frozen=True, slots=True)
class ComingStep:
    """A step to come: what, for whom, for which promise, when it comes on the list and when it is due."""

    title: str
    routine: str
    routine_key: str
    partner: PartnerName | None
    promise: str
    opens_at: datetime
    due_at: datetime
    minutes: int
    goals: tuple[str, ...]


_COMING = """
SELECT m.version_id, m.opens_at, m.step_dues, p.key, p.name, p.zone
FROM routines_moment m
JOIN routines_subscription s ON s.id = m.subscription_id LEFT JOIN partners_partner p ON p.id = s.partner_id
WHERE m.opens_at < %(until)s {whose}
ORDER BY m.opens_at, m.id LIMIT %(limit)s
"""
_OF_ALL, _OF_SOME = _COMING.format(whose=""), _COMING.format(whose="AND s.id = ANY(%(subscriptions)s)")


def coming_steps(person: Account, *, until: datetime, limit: int = 50) -> list[ComingStep]:
    """By due moment, up to `limit`, in a few questions; conditional steps are left out, they may never come."""
    own = subscriptions_of(person, until) if person.has(Role.CHANNEL_MANAGER) else None
    told = {"until": until, "subscriptions": own, "limit": MOMENTS_AT_MOST}
    moments = ask(_OF_ALL if own is None else _OF_SOME, told)
    texts, goals = playbooks({version for version, *_ in moments}), goal_titles()
    found = [
        ComingStep(
            step.title, playbook.title, playbook.key, PartnerName(*partner) if partner[0] else None,
            playbook.promise.text, opens_at, dues[place], step.minutes, tuple(goals.get(key, key) for key in playbook.goals),
        )
        for version, opens_at, dues, *partner in moments
        for playbook in [texts[version]]
        for place, step in _sure_steps(playbook, person.role)
        if dues[place] < until
    ]  # fmt: skip
    return sorted(found, key=lambda step: step.due_at)[:limit]


def _sure_steps(playbook: Playbook, role: str) -> Iterator[tuple[int, Step]]:
    """Those that will come on a list of this role, with their places."""
    branched = {key for step in playbook.steps for key in step.otherwise}
    for place, step in enumerate(playbook.steps):
        if step.kind in BY_PEOPLE and step.by == role and step.key not in branched and step.when is None:
            yield place, step
