"""New events open what listens to them, once each, in the order in which they came; or it is written down why not.

One clock at a time takes events, so that their order holds; the others pass by. A batch is one transaction: killed in
the middle, it is taken again from its start. An event that breaks its batch is taken alone, and put aside if it fails.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from drumbeat.apps.events.models import Event
from drumbeat.apps.routines.actions import close_early
from drumbeat.apps.routines.actions.triggered import (
    Heard,
    Planned,
    forget_moments,
    plan_triggered,
    wake_waits,
    write_reactions,
)
from drumbeat.apps.routines.models import Reaction
from drumbeat.core.planning import DateMissing, moment_after, triggered_moment
from drumbeat.core.rules import CompiledRule, Outcome
from drumbeat.core.subjects import DATE_FIELDS

from .hearing import Hearing, Open
from .listeners import Listener, Listeners, Matter, Owner

log = logging.getLogger(__name__)
BATCH = 500
LOCK = 7_140_027  # any number that no other lock of the house has
Verdict = Reaction.Verdict


@dataclass(frozen=True, slots=True)
class Taken:
    """How many events were taken, and how many occurrences they open and closed."""

    events: int = 0
    opened: int = 0
    closed: int = 0

    def __add__(self, other: Taken) -> Taken:
        return Taken(self.events + other.events, self.opened + other.opened, self.closed + other.closed)


def take_events(*, at: datetime, limit: int = BATCH) -> Taken:
    """All that waits, batch by batch; each commits by itself."""
    total = Taken()
    while (taken := _take(at, limit)).events:
        total += taken
    return total


def _take(at: datetime, limit: int) -> Taken:
    try:
        return take_batch(at=at, limit=limit)
    except Exception:
        log.exception("a batch of events failed; its events are taken one by one")
        return _take_alone(at)


def _take_alone(at: datetime) -> Taken:
    try:
        return take_batch(at=at, limit=1)
    except Exception as error:
        log.exception("an event failed and is put aside")
        return _put_aside(f"{type(error).__name__}: {error}", at)


@transaction.atomic
def take_batch(*, at: datetime, limit: int = BATCH) -> Taken:
    """The next events, in one transaction."""
    if not Event.objects.waiting().exists() or not _is_my_turn():
        return Taken()
    listeners = Listeners.live()
    Event.objects.waiting().exclude(kind__in=listeners.kinds).update(is_waiting=False)
    events = list(Event.objects.waiting().order_by("pk").select_for_update(skip_locked=True)[:limit])
    if not events:
        return Taken()
    batch = _Batch(events, listeners, at)
    for event in events:
        batch.hear(event)
    batch.write()
    Event.objects.filter(pk__in=[event.pk for event in events]).update(is_waiting=False)
    return Taken(len(events), len(batch.planned), len(batch.closing))


def _is_my_turn() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


@transaction.atomic
def _put_aside(error: str, at: datetime) -> Taken:
    if not _is_my_turn() or not (event := Event.objects.waiting().order_by("pk").first()):
        return Taken()
    Event.objects.filter(pk=event.pk).update(is_waiting=False)
    listening = Listeners.live().opened_by[event.kind]
    write_reactions(
        [Heard(one.routine.pk, event.pk, None, Verdict.FAILED, error) for one in listening], {}, at=at
    )
    return Taken(events=1)


class _Batch:
    """Events judged one after the other; nothing is written before `write`."""

    def __init__(self, events: list[Event], listeners: Listeners, at: datetime) -> None:
        self.listeners, self.at = listeners, at
        self.hearing = Hearing(events, listeners, at)
        self.planned: dict[tuple[Matter, int], Planned] = {}
        self.heard: list[Heard] = []
        self.closing: dict[int, str] = {}
        self.forgotten: list[int] = []
        self.stirred: set[int] = set()
        self.open_at: dict[tuple[str, int | None], set[int]] = defaultdict(set)
        for matter, found in self.hearing.open.items():
            self.open_at[matter[1]] |= {one.occurrence for one in found if one.occurrence}

    def hear(self, event: Event) -> None:
        """A routine that has answered this event before keeps to its word."""
        for listener in self.listeners.left_by[event.kind]:
            self._leave(listener, event)
        for listener in self.listeners.judging:
            self._leave_by_rule(listener, event)
        for listener in self.listeners.opened_by[event.kind]:
            if (listener.routine.pk, event.pk) in self.hearing.answered:
                continue
            if listener.is_for_every_partner(event):
                self._offer_to_all(listener, event)
            else:
                self._offer(listener, event, listener.owner_of(event))
        self._stir(event)

    def _leave(self, listener: Listener, event: Event) -> None:
        """An exit about the routine's own noun closes that matter; one about something else all of the owner's."""
        owner = listener.owner_of(event)
        if owner is None:
            return
        matter = listener.matter(event, owner)
        is_own = listener.playbook.subject == event.subject_kind
        for other in [matter] if is_own else self._matters(listener, owner):
            if self._close(other, "exit", before=event.pk):
                self._note(listener, event, owner, Verdict.CLOSED)

    def _leave_by_rule(self, listener: Listener, event: Event) -> None:
        owner, rule = listener.owner_of(event), listener.exit_when
        if owner is None or rule is None or not self.hearing.open.get(listener.matter(event, owner)):
            return
        is_over = rule.judge(self.hearing.facts(event, owner)).is_met
        if is_over and self._close(listener.matter(event, owner), "exit", before=event.pk):
            self._note(listener, event, owner, Verdict.CLOSED)

    def _matters(self, listener: Listener, owner: Owner) -> list[Matter]:
        return [one for one in self.hearing.open if one[:2] == (listener.routine.pk, owner)]

    def _offer_to_all(self, listener: Listener, event: Event) -> None:
        """Whoever is outside the audience is passed over without a word."""
        for chunk in self.hearing.every_partner():
            for owner in chunk:
                if listener.audience.judge(self.hearing.facts(event, owner)).is_met:
                    self._offer(listener, event, owner)

    def _offer(self, listener: Listener, event: Event, owner: Owner | None) -> None:
        if owner is None or owner not in self.hearing.owners:
            self._note(listener, event, None, Verdict.OWNERLESS)
        elif refused := self._refusal(listener, event, owner):
            self._note(listener, event, owner, *refused)
        else:
            self._open(listener, event, owner)

    def _refusal(self, listener: Listener, event: Event, owner: Owner) -> tuple[str, str] | None:
        """Why the event doesn't open the routine for this owner, by its rules and what went before."""
        facts = self.hearing.facts(event, owner)
        for rule, verdict in ((listener.audience, Verdict.OUTSIDE), (listener.when, Verdict.UNMET)):
            if refused := _unmet(rule, facts, verdict):
                return refused
        if (listener.routine.pk, owner) in self.hearing.resting:
            return Verdict.RESTING, ""
        matter = listener.matter(event, owner)
        if self._is_too_soon(listener, event, owner, matter):
            return Verdict.DEBOUNCED, f"within {listener.trigger.debounce} of the last"
        if listener.trigger.reentry == "ignore" and self.hearing.open.get(matter):
            return Verdict.IGNORED, ""
        return None

    def _is_too_soon(self, listener: Listener, event: Event, owner: Owner, matter: Matter) -> bool:
        last = self.hearing.last_heard.get(matter)
        debounce = listener.trigger.debounce
        if last is None or not debounce.amount:
            return False
        return event.at < moment_after(last, debounce, self.hearing.setting(listener, owner))

    def _open(self, listener: Listener, event: Event, owner: Owner) -> None:
        try:
            setting = self.hearing.setting(listener, owner)
            wanted = triggered_moment(listener.playbook, setting, self.hearing.opening(event))
        except DateMissing as missing:
            self._note(listener, event, owner, Verdict.DATELESS, str(missing))
            return
        assert listener.playbook.due, "a triggered routine has a due"
        if listener.playbook.due.anchor in DATE_FIELDS and wanted.due_at <= event.at:
            self._note(listener, event, owner, Verdict.PAST, f"{wanted.due_at:%Y-%m-%d}")
            return
        matter = listener.matter(event, owner)
        is_anew = listener.trigger.reentry == "restart" and self._close(matter, "restarted", before=event.pk)
        self.planned[matter, event.pk] = Planned(listener.routine, listener.version, owner, event.pk, wanted)
        self.hearing.open[matter].append(Open(event.pk))
        self.hearing.last_heard[matter] = event.at
        self._note(listener, event, owner, Verdict.RESTARTED if is_anew else Verdict.OPENED)

    def _close(self, matter: Matter, reason: str, *, before: int) -> bool:
        """Whether an earlier event had opened anything: occurrences are closed, what was about to open is forgotten."""
        found = [one for one in self.hearing.open.get(matter, ()) if one.event_id < before]
        for one in found:
            self.hearing.open[matter].remove(one)
            if one.occurrence:
                self.closing[one.occurrence] = reason
            elif one.moment:
                self.forgotten.append(one.moment)
            else:
                self._overtake(matter, one.event_id)
        return bool(found)

    def _overtake(self, matter: Matter, event_id: int) -> None:
        """What an earlier event of this very batch would have opened."""
        gone = self.planned.pop((matter, event_id))
        self.heard = [
            Heard(one.routine_id, one.event_id, one.owner, Verdict.OVERTAKEN)
            if (one.routine_id, one.event_id, one.owner) == (gone.routine.pk, event_id, gone.owner)
            and one.verdict in (Verdict.OPENED, Verdict.RESTARTED)
            else one
            for one in self.heard
        ]

    def _stir(self, event: Event) -> None:
        """Whatever waits in the same matter, or for the same owner, should look again."""
        for owner in (("partner", event.partner_id), ("person", event.person_id)):
            self.stirred |= self.open_at.get(owner, set())

    def _note(
        self, listener: Listener, event: Event, owner: Owner | None, verdict: str, detail: str = ""
    ) -> None:
        self.heard.append(Heard(listener.routine.pk, event.pk, owner, verdict, detail))

    def write(self) -> None:
        for reason in sorted(set(self.closing.values())):
            close_early([pk for pk, why in self.closing.items() if why == reason], at=self.at, reason=reason)
        if self.forgotten:
            forget_moments(self.forgotten)
        seats = plan_triggered(list(self.planned.values()), on=self.hearing.on)
        write_reactions(self.heard, seats, at=self.at)
        if waiting := self.stirred - self.closing.keys():
            wake_waits(waiting)


def _unmet(rule: CompiledRule | None, facts: dict[str, object], verdict: str) -> tuple[str, str] | None:
    judged = rule.judge(facts) if rule else None
    if judged is None or judged.outcome is Outcome.MET:
        return None
    if judged.outcome is Outcome.UNKNOWN:
        return Verdict.UNKNOWN, f"unknown: {', '.join(judged.unknown)}" if judged.unknown else judged.reason
    return verdict, ""
