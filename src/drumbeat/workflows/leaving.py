"""What triggered routines say ends them, judged once a night over facts that changed meanwhile."""

from __future__ import annotations

from datetime import datetime

from drumbeat.apps.events.models import Event
from drumbeat.apps.events.queries import histories, of_itself, told_by
from drumbeat.apps.partners.queries import partner_facts
from drumbeat.apps.routines.actions import close_early
from drumbeat.apps.routines.models import Occurrence

from .listeners import Listener, Listeners


def leave_by_rule(*, at: datetime) -> int:
    """Closes open occurrences whose exit rule holds; how many."""
    return sum(_leave(listener, at) for listener in Listeners.live().judging)


def _leave(listener: Listener, at: datetime) -> int:
    rule = listener.exit_when
    assert rule, "these listeners have a rule"
    found = Occurrence.objects.open().filter(subscription__routine=listener.routine).exclude(event_id=0)
    rows = list(found.values_list("pk", "event_id", "subscription__partner"))
    events = Event.objects.in_bulk({event for _, event, _ in rows})
    told = histories(event.subject for event in events.values())
    facts = partner_facts({partner for *_, partner in rows if partner}, at)
    over = [
        pk
        for pk, event, partner in rows
        if rule.judge(
            {**facts.get(partner, {}), **told_by(told[events[event].subject]), **of_itself(events[event])}
        ).is_met
    ]
    return close_early(over, at=at, reason="exit") if over else 0
