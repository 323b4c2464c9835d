"""What a link opens: the one step it is for with what belongs to its occurrence, or the agenda of a meeting, or what
carries the reader's name from it, and nothing else. The only file of the portal that asks for rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from drumbeat.apps.forms.models import Answer, File, Link
from drumbeat.apps.forms.queries import answers_to
from drumbeat.apps.messages.queries import declined_topics
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import OPEN_STATES, Decision, Step, StepFile, StepState
from drumbeat.core.playbook import Routine as Playbook
from drumbeat.workflows.bringing import Bringing, bringing_by
from drumbeat.workflows.committing import Answering, answering_by
from drumbeat.workflows.filling import files_of
from drumbeat.workflows.links import read_link

_RELATED = (
    "playbook_step", "assignee", "occurrence__version__routine", "occurrence__promise__standing",
    "occurrence__subscription__partner", "occurrence__subscription__person",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scope:
    """One link, opened at a moment."""

    link: Link
    step: Step
    at: datetime

    @property
    def who(self) -> Contact | Account:
        return self.link.who

    @property
    def zone(self) -> ZoneInfo:
        """Where the reader is."""
        return self.who.partner.tz if isinstance(self.who, Contact) else self.who.tz

    @property
    def partner(self) -> Partner | None:
        return self.step.occurrence.subscription.partner

    @property
    def playbook(self) -> Playbook:
        return playbook_of(self.step.occurrence.version)

    @property
    def is_open(self) -> bool:
        return self.step.state in OPEN_STATES

    @property
    def is_done(self) -> bool:
        return self.step.state == StepState.DONE

    def answer(self) -> Answer | None:
        return answers_to([self.step.pk]).get(self.step.pk)

    def decisions(self) -> list[Decision]:
        """Opinions that count, in order."""
        return list(self.step.decisions.filter(set_aside_at=None).select_related("person", "contact"))

    def before(self) -> list[tuple[Step, Answer | None]]:
        """What is to be decided: the steps that this one needs, with what was answered to them."""
        needed = Step.objects.filter(
            occurrence=self.step.occurrence_id, playbook_step__key__in=self.step.playbook_step.needs
        )
        steps = list(needed.select_related("playbook_step", "done_by").order_by("playbook_step__position"))
        answers = answers_to([step.pk for step in steps])
        return [(step, answers.get(step.pk)) for step in steps]

    def files(self) -> list[File]:
        """Laid beside this step and those before it, and handed in with their forms."""
        shown = [self.step, *(step for step, _ in self.before())]
        laid = StepFile.objects.filter(step__in=shown, removed_at=None).select_related("file")
        handed = [file for _, answer in self.before() if answer for file in files_of(answer)]
        return [*(one.file for one in laid), *handed]


def scope_of(token: str, purpose: str, at: datetime) -> Scope:
    """Raises LinkRefused with words for the reader."""
    link = read_link(token, purpose, at)
    return Scope(link, Step.objects.select_related(*_RELATED).get(pk=link.subject_id), at)


def answering_of(token: str, purpose: str, at: datetime) -> Answering:
    """Raises LinkRefused with words for the reader."""
    return answering_by(read_link(token, purpose, at))


def bringing_of(token: str, purpose: str, at: datetime) -> Bringing:
    """Raises LinkRefused with words for the reader."""
    return bringing_by(read_link(token, purpose, at), at)


@dataclass(frozen=True, slots=True)
class Choosing:
    """A contact who chooses what mail comes."""

    contact: Contact
    at: datetime

    def declined(self) -> frozenset[str]:
        return declined_topics([self.contact.pk]).get(self.contact.pk, frozenset())


def choosing_of(token: str, purpose: str, at: datetime) -> Choosing:
    """Raises LinkRefused with words for the reader."""
    who = read_link(token, purpose, at).who
    assert isinstance(who, Contact), "only contacts choose"
    return Choosing(who, at)
