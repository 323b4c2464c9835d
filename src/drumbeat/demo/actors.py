"""The people of the demo at work: they find their duties, and when the time has come do what the pages would do."""

from __future__ import annotations

import heapq
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from drumbeat.apps.ledger.actions import ask_release
from drumbeat.apps.ledger.models import Ask
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account, Role
from drumbeat.apps.routines.actions import Completion, Opinion, postpone_step
from drumbeat.apps.routines.models import SETTLED_STATES, Step, StepState
from drumbeat.core.refusal import Refused
from drumbeat.integrations.fakes import HeldStorage
from drumbeat.workflows.approving import decide, reasons_for
from drumbeat.workflows.filling import fill_in, form_of
from drumbeat.workflows.gathering import note_steps
from drumbeat.workflows.releasing import decide_release

from .answers import answers_for
from .chance import Chance, Share
from .duties import duties_after
from .fates import Deed, deeds_of

_RELATED = (
    "playbook_step", "assignee", "meeting", "occurrence__promise__standing", "occurrence__version",
    "occurrence__subscription",
)  # fmt: skip

SAYING = ("form", "approval")
DECLINED, DECLINING = 0.2, "Please come back with the missing paper."
UNTIL_SECOND = timedelta(hours=26)  # the second pair of eyes looks on the next day


@dataclass(order=True, slots=True)
class Entry:
    """A line of the agenda. The name breaks ties, so that every life has the same order."""

    at: datetime
    name: str
    step: int = field(compare=False)
    deed: Deed = field(compare=False)


class Agenda:
    """What the actors mean to do, by time. Kept in memory only: told anew from the open steps after a pause."""

    def __init__(self, chance: Chance, first: date, share: Share, *, lived_until: datetime) -> None:
        self.chance, self.first, self.share, self.lived_until = chance, first, share, lived_until
        self.last_step = 0
        self.entries: list[Entry] = []

    def take_in(self) -> None:
        """Duties opened since the last look. What was asked in an earlier life is not asked again."""
        for duty in duties_after(self.last_step):
            self.last_step = duty.step
            if not self.share.has(duty.subject):
                continue
            for deed in deeds_of(duty, self.chance, self.first):
                if deed.way == "do" or deed.at >= self.lived_until:
                    self.add(Entry(deed.at, duty.name, duty.step, deed))

    def add(self, entry: Entry) -> None:
        heapq.heappush(self.entries, entry)

    def due(self, until: datetime) -> list[Entry]:
        """Taken out, in order."""
        due: list[Entry] = []
        while self.entries and self.entries[0].at < until:
            due.append(heapq.heappop(self.entries))
        return due


class Actors:
    """The staff with its agenda."""

    def __init__(self, agenda: Agenda) -> None:
        self.agenda = agenda
        self.done: list[Completion] = []
        people = Account.objects.filter(is_active=True).order_by("pk")
        self.of_role = {person.role: person for person in people.exclude(role=Role.CHANNEL_MANAGER)}

    def act(self, since: datetime, until: datetime) -> int:
        """All deeds of [since, until). What can't be done yet, because something it needs is missing, is tried later."""
        self.agenda.take_in()
        due = self.agenda.due(until)
        steps = Step.objects.select_related(*_RELATED).in_bulk({entry.step for entry in due})
        states = _states_around(steps)
        for entry in due:
            if step := steps.get(entry.step):
                self._do(entry, step, states[step.occurrence_id], max(entry.at, since), until)
        self._tick_off()
        return len(due)

    def _do(self, entry: Entry, step: Step, states: dict[str, str], at: datetime, until: datetime) -> None:
        if entry.deed.way == "do" and not _is_ready(step, states):
            if states[step.playbook_step.key] in (StepState.OPEN, StepState.HELD):
                self.agenda.add(Entry(until, entry.name, entry.step, entry.deed))
            return
        if entry.deed.way == "do" and step.kind not in SAYING:
            self._note(step, entry.deed, at, states)
            return
        self._tick_off()
        try:
            self._speak(entry, step, at)
        except Refused:
            return
        states[step.playbook_step.key] = step.state

    def _note(self, step: Step, deed: Deed, at: datetime, states: dict[str, str]) -> None:
        """To be ticked off with others: nothing that comes of it is looked at before."""
        standing = step.occurrence.promise.standing
        if step.playbook_step.keeps and standing.miss_at <= at:
            return
        by = step.assignee or self.of_role[step.role]
        self.done.append(Completion(step, by, at, answer=deed.answer, cause=deed.cause))
        states[step.playbook_step.key] = step.state = StepState.DONE

    def _tick_off(self) -> None:
        """All that was noted, together; when one is refused, each by itself."""
        done, self.done = self.done, []
        try:
            note_steps(done)
        except Refused:
            for one in done:
                with suppress(Refused):
                    note_steps([one])

    def _speak(self, entry: Entry, step: Step, at: datetime) -> None:
        if entry.deed.way == "decide":
            self._decide(step, at)
        elif entry.deed.way == "do":
            self._say(step, entry, at)
        else:
            self._ask(step, entry.deed, at)

    def _say(self, step: Step, entry: Entry, at: datetime) -> None:
        """An answer to a form, or a decision; of the partner's side by the contact who is meant."""
        by = step.assignee or self.of_role[step.role]
        speaker = (self._contact(step, at) if step.side == "partner" else None) or by
        if step.kind == "form":
            luck = self.agenda.chance.of("form", entry.name)
            fill_in(
                step, answers_for(form_of(step, None), luck), {}, by=speaker, storage=HeldStorage(), at=at
            )
        else:
            decide(step, self._opinion(step, entry.name), by=speaker, at=at)
            self.agenda.add(Entry(at + UNTIL_SECOND, entry.name, step.pk, entry.deed))
        step.refresh_from_db(fields=["state"])

    def _opinion(self, step: Step, name: str) -> Opinion:
        """Mostly a yes; the second pair of eyes has an opinion of its own."""
        luck, reasons = self.agenda.chance.of("opinion", name, step.decisions.count()), reasons_for(step)
        if luck.uniform(0, 1) < DECLINED and reasons:
            return Opinion("declined", luck.choice(list(reasons.decline)), DECLINING)
        return Opinion("approved", luck.choice(list(reasons.approve)) if reasons and reasons.approve else "")

    def _contact(self, step: Step, at: datetime) -> Contact | None:
        partner = step.occurrence.subscription.partner_id
        there = Contact.objects.present(at.date()).filter(partner=partner).exclude(email="").order_by("pk")
        return min(there, key=lambda contact: step.role not in contact.roles, default=None)

    def _ask(self, step: Step, deed: Deed, at: datetime) -> None:
        """Partner operations asks in place of whom is on leave."""
        by = self.of_role[Role.PARTNER_OPERATIONS] if deed.reason == "holiday" else step.assignee
        if by and step.state in (StepState.OPEN, StepState.HELD):
            promise = step.occurrence.promise
            ask_release(promise, deed.way, by=by, at=at, reason=deed.reason, new_due_at=deed.to)

    def _decide(self, step: Step, at: datetime) -> None:
        ask = Ask.objects.filter(promise=step.occurrence.promise_id, decided_at=None).first()
        if not ask:
            return
        decide_release(ask, True, by=self.of_role[Role.DIRECTOR], at=at)
        if ask.new_due_at and step.assignee:
            step.occurrence.promise.standing.refresh_from_db()
            postpone_step(step, ask.new_due_at, by=step.assignee, at=at)


def _states_around(steps: dict[int, Step]) -> dict[int, dict[str, str]]:
    """Occurrence -> step key -> state, to see whether what a step needs is there."""
    states: dict[int, dict[str, str]] = defaultdict(dict)
    around = Step.objects.filter(occurrence__in={step.occurrence_id for step in steps.values()})
    for occurrence, key, state in around.values_list("occurrence", "playbook_step__key", "state"):
        states[occurrence][key] = state
    return states


def _is_ready(step: Step, states: dict[str, str]) -> bool:
    needed = [states.get(key) for key in step.playbook_step.needs]
    is_free = step.state == StepState.OPEN and not step.is_machine
    return is_free and all(state in SETTLED_STATES for state in needed)
