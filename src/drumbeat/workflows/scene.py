"""What performers need to know about a chunk of steps, asked for once a chunk: subjects, managers, people, facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from drumbeat.apps.events.models import Event
from drumbeat.apps.events.queries import Subject, histories, of_itself, told_by
from drumbeat.apps.forms.models import Answer
from drumbeat.apps.forms.queries import answers_to
from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.partners.models import Assignment, Contact, ContactSet, Partner, Status
from drumbeat.apps.partners.queries import keepers_of, partner_facts
from drumbeat.apps.people.models import Account, Leave, Vendor
from drumbeat.apps.people.queries import on_leave, staff, vendor
from drumbeat.apps.reports.models import Edition
from drumbeat.apps.reports.shelf import Shelf
from drumbeat.apps.routines.bridge import Settings, playbook_of
from drumbeat.apps.routines.models import Decision, Override, Step
from drumbeat.core.planning import Setting
from drumbeat.core.playbook import Routine as Playbook
from drumbeat.core.playbook import Step as PlaybookText
from drumbeat.core.rules import Verdict, compile_rule

from .arrivals import Arrivals
from .effects import Effects
from .said import counting, said
from .talks import Talks

ABOUT_SUBJECT = ("partner.", "manager.")


class Scene:
    """Everything here is as of `at`; each question is one query for all steps of the chunk."""

    def __init__(self, steps: Sequence[Step], at: datetime) -> None:
        self.steps = steps
        self.at = at
        self.effects = Effects(at)
        self._settings: dict[str, Settings] = {}

    def playbook(self, step: Step) -> Playbook:
        return playbook_of(step.occurrence.version)

    def text(self, step: Step) -> PlaybookText:
        """The step as its routine's text tells it."""
        return self.playbook(step).step(step.playbook_step.key)

    def partner(self, step: Step) -> Partner | None:
        return step.occurrence.subscription.partner

    def person(self, step: Step) -> Account | None:
        """The manager that the occurrence is about, if it is about one."""
        return step.occurrence.subscription.person

    def manager(self, step: Step) -> Account | None:
        """Who looks after the partner, or covers that; for a manager's routine the manager."""
        partner = self.partner(step)
        return self.manager_of(partner) if partner else self.person(step)

    def manager_of(self, partner: Partner) -> Account | None:
        return self._managers.get(partner.pk)

    def contacts(self, partner: Partner) -> list[Contact]:
        """Who is there and has a mail address, by name."""
        return self._contacts.get(partner.pk, [])

    def contacts_of_manager(self, person: Account) -> list[Contact]:
        """Those of all partners that the manager looks after, by partner."""
        partners = Partner.objects.managed_by(person, self.on)
        found = _writable(self.on).filter(partner__in=partners)
        return list(found.select_related("partner").order_by("partner__sort_name", "sort_name", "pk"))

    def agreed_people(self, step: Step) -> Override | None:
        """Other attendees or recipients that were agreed for the step's subscription, in force now."""
        return self._agreed_people.get(step.occurrence.subscription_id)

    def siblings(self, step: Step) -> dict[str, Step]:
        """All steps of the occurrence by key, the step itself among them."""
        return self._siblings[step.occurrence_id]

    def meeting(self, step: Step) -> Meeting | None:
        """The one that the occurrence is about, if it was arranged."""
        found = (sibling.meeting for sibling in self.siblings(step).values() if sibling.meeting)
        return next(found, None)

    def edition(self, step: Step) -> Edition | None:
        return self._editions.get(step.pk)

    def setting(self, step: Step) -> Setting:
        """Zone and working calendar in which the step's routine runs for its subject."""
        return self.setting_of(self.playbook(step), step)

    def setting_of(self, playbook: Playbook, step: Step) -> Setting:
        """The same for another routine, run for the step's subject."""
        subject = self.partner(step) or self.person(step)
        assert subject, "an occurrence is about a partner or a manager"
        known = self._settings.setdefault(playbook.digest, Settings(playbook, self.vendor))
        return known.of(subject, self.manager(step))

    def judge(self, rule: str, step: Step) -> Verdict:
        """A rule of the step's routine over the subject's facts and the answers of the occurrence so far."""
        compiled = compile_rule(rule)
        reads_subject = any(name.startswith(ABOUT_SUBJECT) for name in compiled.names)
        about = self._about_subject(step) if reads_subject else {}
        return compiled.judge({**about, **self.told(step), **self.answers(step)})

    def facts(self, step: Step) -> Mapping[str, object]:
        """All that the rules of the step's routine may read."""
        return {**self._about_subject(step), **self.told(step), **self.answers(step)}

    def _about_subject(self, step: Step) -> Mapping[str, object]:
        """Asked for only where a rule reads it: most rules read answers and events alone."""
        partner, person = self.partner(step), self.person(step)
        facts = self._partner_facts.get(partner.pk, {}) if partner else {}
        return {**facts, **(self._manager_facts(person) if person else {})}

    def answers(self, step: Step) -> dict[str, object]:
        """What the steps of the occurrence said so far, by the names of rules."""
        return said(self.siblings(step), self._form_answers, self._decisions)

    def form_answer(self, step: Step) -> Answer | None:
        return self._form_answers.get(step.pk)

    def decision(self, step: Step) -> Decision | None:
        """The last opinion on an approval that counts."""
        return counting(self._decisions[step.pk])

    def ask_round(self, step: Step) -> str:
        """Names one asking of a step: asked again, after an answer or an opinion, it has another name."""
        answer = self._form_answers.get(step.pk)
        return f"{answer.round if answer else 1}.{len(self._decisions[step.pk])}"

    def is_asked_again(self, step: Step) -> bool:
        answer = self._form_answers.get(step.pk)
        return answer is not None and answer.round > 1

    def last_word(self, step: Step) -> str:
        """The note with which the occurrence's last decision was given, sent back ones too."""
        ids = [sibling.pk for sibling in self.siblings(step).values()]
        notes = [one for pk in ids for one in self._decisions[pk] if one.note]
        return max(notes, key=lambda one: one.decided_at).note if notes else ""

    def event(self, step: Step) -> Event | None:
        """The event that opened the occurrence, if one did."""
        return self._events.get(step.occurrence.event_id)

    def history(self, step: Step) -> list[Event]:
        """All that happened so far to what the occurrence is about, in order."""
        event = self.event(step)
        found = self._histories[event.subject] if event else []
        return [one for one in found if one.at <= self.at]

    def told(self, step: Step) -> dict[str, object]:
        """What events told of it, and what the opening one says of itself."""
        event = self.event(step)
        return {**told_by(self.history(step)), **of_itself(event)} if event else {}

    def _manager_facts(self, person: Account) -> dict[str, object]:
        partners = Assignment.objects.current(self.on).filter(person=person).count()
        is_here = person.is_active and person.pk not in self.leaves
        return {"manager.on_duty": is_here, "manager.partners": partners}

    @cached_property
    def _events(self) -> dict[int, Event]:
        return Event.objects.in_bulk({step.occurrence.event_id for step in self.steps} - {0})

    @cached_property
    def _histories(self) -> dict[Subject, list[Event]]:
        return histories(event.subject for event in self._events.values())

    @cached_property
    def shelf(self) -> Shelf:
        """What the reports of the chunk share."""
        partners = (self.partner(step) for step in self.steps)
        return Shelf([partner for partner in partners if partner], self.at)

    @cached_property
    def arrivals(self) -> Arrivals:
        """What the waits of the chunk share."""
        steps = [step for steps in self._siblings.values() for step in steps.values()]
        return Arrivals(steps, self._partner_ids, self.on, self.at)

    @cached_property
    def talks(self) -> Talks:
        """What the agendas of the chunk share."""
        return Talks(self._partner_ids, self.at)

    @cached_property
    def vendor(self) -> Vendor:
        return vendor()

    @cached_property
    def on(self) -> date:
        """The day where the vendor is."""
        return self.at.astimezone(ZoneInfo(self.vendor.zone)).date()

    @cached_property
    def staff(self) -> dict[str, list[Account]]:
        """Role -> the people in it now."""
        by_role: dict[str, list[Account]] = defaultdict(list)
        for person in staff():
            by_role[person.role].append(person)
        return by_role

    @cached_property
    def leaves(self) -> dict[int, Leave]:
        """Who is away today."""
        return on_leave(self.on)

    @cached_property
    def _partner_ids(self) -> list[int]:
        found = (step.occurrence.subscription.partner_id for step in self.steps)
        return list(dict.fromkeys(pk for pk in found if pk))

    @cached_property
    def _managers(self) -> dict[int, Account]:
        by_partner = keepers_of(self._partner_ids, self.on)
        people = Account.objects.in_bulk(set(by_partner.values()))
        return {partner: people[person] for partner, person in by_partner.items()}

    @cached_property
    def _contacts(self) -> dict[int, list[Contact]]:
        by_partner: dict[int, list[Contact]] = defaultdict(list)
        present = _writable(self.on).filter(partner__in=self._partner_ids)
        for contact in present.select_related("partner"):
            by_partner[contact.partner_id].append(contact)
        return by_partner

    @cached_property
    def _agreed_people(self) -> dict[int, Override]:
        subscriptions = {step.occurrence.subscription_id for step in self.steps}
        agreed = Override.objects.in_force(self.on).filter(kind=Override.Kind.PEOPLE)
        return {row.subscription_id: row for row in agreed.filter(subscription__in=subscriptions)}

    @cached_property
    def _siblings(self) -> dict[int, dict[str, Step]]:
        by_occurrence: dict[int, dict[str, Step]] = defaultdict(dict)
        occurrences = {step.occurrence_id for step in self.steps}
        found = Step.objects.filter(occurrence__in=occurrences)
        for step in found.select_related("playbook_step", "meeting__organiser", "occurrence__version"):
            by_occurrence[step.occurrence_id][step.playbook_step.key] = step
        return by_occurrence

    @cached_property
    def _form_answers(self) -> dict[int, Answer]:
        return answers_to(self._ids_of("form"))

    @cached_property
    def _decisions(self) -> dict[int, list[Decision]]:
        """By step, in their order."""
        found: dict[int, list[Decision]] = defaultdict(list)
        if approvals := self._ids_of("approval"):
            for decision in Decision.objects.filter(step__in=approvals).select_related("person", "contact"):
                found[decision.step_id].append(decision)
        return found

    def _ids_of(self, kind: str) -> list[int]:
        return [
            sibling.pk
            for steps in self._siblings.values()
            for sibling in steps.values()
            if sibling.kind == kind
        ]

    @cached_property
    def _editions(self) -> dict[int, Edition]:
        return {
            edition.step_id: edition
            for edition in Edition.objects.filter(step__in=self._ids_of("report"))
            if edition.step_id
        }

    @cached_property
    def _partner_facts(self) -> dict[int, dict[str, object]]:
        return partner_facts(self._partner_ids, self.at)


def _writable(on: date) -> ContactSet:
    """Who is there, has a mail address, and whose partner is still one."""
    return Contact.objects.present(on).exclude(email="").exclude(partner__status=Status.CLOSED)
