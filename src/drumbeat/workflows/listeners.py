"""Which live routines listen to which events. Knows texts of routines; of what happened it knows nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from drumbeat.apps.events.models import Event
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import Routine, Version
from drumbeat.core.events import KINDS
from drumbeat.core.playbook import Routine as Playbook
from drumbeat.core.playbook import Trigger
from drumbeat.core.rules import CompiledRule, compile_rule
from drumbeat.core.subjects import BELONGS, EVERY_PARTNER

# Whom something belongs to: "partner" or "person", and the id.
Owner = tuple[str, int]
# What one occurrence of a routine is about: routine, owner, and the event's noun, id and key.
Matter = tuple[int, Owner, tuple[str, int, str]]


@dataclass(frozen=True, slots=True)
class Listener:
    """A triggered routine."""

    routine: Routine
    version: Version
    playbook: Playbook
    trigger: Trigger

    @property
    def audience(self) -> CompiledRule:
        return compile_rule(self.playbook.audience)

    @property
    def when(self) -> CompiledRule | None:
        return compile_rule(self.trigger.when) if self.trigger.when else None

    @property
    def exit_when(self) -> CompiledRule | None:
        return compile_rule(self.trigger.exit_when) if self.trigger.exit_when else None

    def owner_of(self, event: Event) -> Owner | None:
        """Whom an occurrence for this event belongs to, where the event names it."""
        if self.playbook.is_of_person:
            return ("person", event.person_id) if event.person_id else None
        return ("partner", event.partner_id) if event.partner_id else None

    def is_for_every_partner(self, event: Event) -> bool:
        """Whether the event concerns each partner of the audience."""
        is_of_all = BELONGS.get(event.subject_kind) == EVERY_PARTNER
        return is_of_all and event.partner_id is None and not self.playbook.is_of_person

    def matter(self, event: Event, owner: Owner) -> Matter:
        """A routine about partners takes all events of a partner as one matter."""
        is_own = self.playbook.subject == event.subject_kind
        return self.routine.pk, owner, event.subject if is_own else (owner[0], owner[1], "")


class Listeners:
    """The live triggered routines."""

    def __init__(self, listeners: Iterable[Listener]) -> None:
        self.all = tuple(listeners)
        self.opened_by: dict[str, list[Listener]] = defaultdict(list)
        self.left_by: dict[str, list[Listener]] = defaultdict(list)
        for listener in self.all:
            for kind in listener.trigger.events:
                self.opened_by[kind].append(listener)
            for kind in listener.trigger.exits:
                self.left_by[kind].append(listener)
        self.judging = [listener for listener in self.all if listener.trigger.exit_when]
        self.by_routine = {listener.routine.pk: listener for listener in self.all}

    @classmethod
    def live(cls) -> Listeners:
        live = Routine.objects.filter(status=Routine.Status.LIVE).exclude(version=None)
        return cls(filter(None, map(listener_of, live.select_related("version").order_by("key"))))

    @cached_property
    def kinds(self) -> frozenset[str]:
        """What is listened to: where rules end occurrences or steps wait, every event may matter."""
        waits = any(step.kind == "wait" for one in self.all for step in one.playbook.steps)
        named = {*self.opened_by, *self.left_by}
        return frozenset(KINDS if self.judging or waits else named)


def listener_of(routine: Routine) -> Listener | None:
    """None for a routine with a cadence."""
    assert routine.version, "a live routine has a version"
    playbook = playbook_of(routine.version)
    return Listener(routine, routine.version, playbook, playbook.trigger) if playbook.trigger else None
