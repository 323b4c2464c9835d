"""What must be known to judge a batch of events: whom they concern, what is told, what is open. A few questions a batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from drumbeat.apps.events.models import Event
from drumbeat.apps.events.queries import Facts, dates_in, histories, of_itself, told_by
from drumbeat.apps.partners.models import Assignment, Partner
from drumbeat.apps.partners.queries import managers_of, partner_facts
from drumbeat.apps.people.models import Account
from drumbeat.apps.people.queries import vendor, vendor_day
from drumbeat.apps.routines.bridge import Settings
from drumbeat.apps.routines.models import Moment, Occurrence, Override, Reaction
from drumbeat.core.planning import Opening, Setting

from .listeners import Listener, Listeners, Matter, Owner

CHUNK = 5000
# A debounce is looked back for so long at most.
LOOK_BACK = timedelta(days=400)
HEARD = (Reaction.Verdict.OPENED, Reaction.Verdict.RESTARTED)


@dataclass(frozen=True, slots=True)
class Open:
    """What is open in a matter: an occurrence, or a moment that the next beat opens."""

    event_id: int
    occurrence: int | None = None
    moment: int | None = None


class Hearing:
    """All of it as of `at`."""

    def __init__(self, events: Sequence[Event], listeners: Listeners, at: datetime) -> None:
        self.listeners, self.at = listeners, at
        self.on: date = vendor_day(at)
        self.owners: dict[Owner, Partner | Account] = {}
        self.open: dict[Matter, list[Open]] = defaultdict(list)
        self.resting: set[tuple[int, Owner]] = set()
        self.last_heard: dict[Matter, datetime] = {}
        self._facts: dict[Owner, Facts] = {}
        self._strangers: set[int] = set()
        self._managers: dict[int, Account] = {}
        self._settings: dict[str, Settings] = {}
        self._vendor = vendor()
        self._histories = histories(event.subject for event in events)
        answered = Reaction.objects.filter(event_id__in=[event.pk for event in events])
        self.answered = set(answered.values_list("routine_id", "event_id"))
        self.meet(
            {event.partner_id for event in events if event.partner_id},
            {event.person_id for event in events if event.person_id},
        )

    def meet(self, partners: Collection[int], people: Collection[int]) -> None:
        """Learns of these all that is needed."""
        for partner in Partner.objects.filter(pk__in=partners):
            self.owners["partner", partner.pk] = partner
        for person in Account.objects.filter(pk__in=people):
            self.owners["person", person.pk] = person
        self._strangers |= set(partners)
        self._meet_managers(partners)
        self._meet_people(people)
        self._find_resting(partners, people)
        self._find_open(partners, people)
        self._find_heard(partners, people)

    def every_partner(self) -> Iterator[list[Owner]]:
        """All partners, learnt of chunk by chunk."""
        after = 0
        while chunk := list(
            Partner.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:CHUNK]
        ):
            self.meet([pk for pk in chunk if ("partner", pk) not in self.owners], ())
            yield [("partner", pk) for pk in chunk]
            after = chunk[-1]

    def facts(self, event: Event, owner: Owner) -> Facts:
        """What rules may read: of the owner, of the event, and what was told of its subject until then."""
        until = [one for one in self._histories[event.subject] if (one.at, one.pk) <= (event.at, event.pk)]
        return {**self._facts_of(owner), **told_by(until), **of_itself(event)}

    def _facts_of(self, owner: Owner) -> Facts:
        """Of partners asked for when a rule first reads them: most events only end something, or open nothing."""
        if owner[0] == "partner" and owner[1] in self._strangers:
            for pk, known in partner_facts(self._strangers, self.at).items():
                self._facts["partner", pk] = known
            self._strangers.clear()
        return self._facts.get(owner, {})

    def opening(self, event: Event) -> Opening:
        told = self.facts(event, ("", 0))
        return Opening(event.kind, event.at, dates_in(told))

    def setting(self, listener: Listener, owner: Owner) -> Setting:
        subject = self.owners[owner]
        manager = self._managers.get(owner[1]) if owner[0] == "partner" else subject
        known = self._settings.setdefault(listener.playbook.digest, Settings(listener.playbook, self._vendor))
        return known.of(subject, manager if isinstance(manager, Account) else None)

    def _meet_managers(self, partners: Collection[int]) -> None:
        held = managers_of(partners, self.on)
        people = Account.objects.in_bulk(set(held.values()))
        self._managers |= {partner: people[person] for partner, person in held.items()}

    def _meet_people(self, people: Collection[int]) -> None:
        held = Assignment.objects.current(self.on).filter(person__in=people).values_list("person", flat=True)
        counts = list(held)
        for pk in people:
            if person := self.owners.get(("person", pk)):
                assert isinstance(person, Account)
                self._facts["person", pk] = {
                    "manager.on_duty": person.is_active,
                    "manager.partners": counts.count(pk),
                }

    def _find_resting(self, partners: Collection[int], people: Collection[int]) -> None:
        """Who paused or opted out of which routine."""
        rests = Override.objects.in_force(self.on).filter(
            kind__in=(Override.Kind.PAUSE, Override.Kind.OPT_OUT),
            subscription__routine__in=list(self.listeners.by_routine),
        )
        names = ("subscription__routine", "subscription__partner", "subscription__person")
        among = Q(subscription__partner__in=partners) | Q(subscription__person__in=people)
        for routine, partner, person in rests.filter(among).values_list(*names):
            self.resting.add((routine, ("partner", partner) if partner else ("person", person)))

    def _find_open(self, partners: Collection[int], people: Collection[int]) -> None:
        found = [
            *self._rows(Occurrence.objects.open().exclude(event_id=0), "occurrence", partners, people),
            *self._rows(Moment.objects.exclude(event_id=0), "moment", partners, people),
        ]
        events = Event.objects.in_bulk({one.event_id for _, _, one in found})
        for routine, owner, one in found:
            self.open[self.listeners.by_routine[routine].matter(events[one.event_id], owner)].append(one)

    def _rows(
        self, rows: QuerySet[Any], word: str, partners: Collection[int], people: Collection[int]
    ) -> Iterator[tuple[int, Owner, Open]]:
        """Of these partners and these people, asked for apart, so that each finds its index."""
        rows = rows.filter(subscription__routine__in=list(self.listeners.by_routine))
        names = ("pk", "event_id", "subscription__routine", "subscription__partner", "subscription__person")
        for part in ({"subscription__partner__in": partners}, {"subscription__person__in": people}):
            for pk, event, routine, partner, person in rows.filter(**part).values_list(*names):
                owner: Owner = ("partner", partner) if partner else ("person", person)
                yield routine, owner, Open(event, **{word: pk})

    def _find_heard(self, partners: Collection[int], people: Collection[int]) -> None:
        routines = [pk for pk, one in self.listeners.by_routine.items() if one.trigger.debounce.amount]
        if not routines:
            return
        heard = Reaction.objects.filter(
            routine__in=routines, verdict__in=HEARD, at__gt=self.at - LOOK_BACK
        ).order_by("at")
        names = ("event_id", "routine", "subscription__partner", "subscription__person")
        rows = [
            *heard.filter(subscription__partner__in=partners).values_list(*names),
            *heard.filter(subscription__person__in=people).values_list(*names),
        ]
        events = Event.objects.in_bulk({event for event, *_ in rows})
        for event_id, routine, partner, person in rows:
            owner: Owner = ("partner", partner) if partner else ("person", person)
            matter = self.listeners.by_routine[routine].matter(events[event_id], owner)
            self.last_heard[matter] = max(
                events[event_id].at, self.last_heard.get(matter, events[event_id].at)
            )
