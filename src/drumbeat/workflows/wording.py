"""The words of mails: texts of the library, their placeholders filled for one reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from drumbeat.apps.meetings.bridge import agenda_text, day_and_time, when_text
from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.meetings.queries import commitments_from, minutes_text
from drumbeat.apps.messages.bridge import language_for
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.people.models import Account
from drumbeat.apps.reports.letter import figures_text
from drumbeat.apps.reports.models import Edition
from drumbeat.apps.routines.models import OPEN_STATES, Step
from drumbeat.core.localwords import day_words, month_words, time_words
from drumbeat.core.months import months_later
from drumbeat.core.placeholders import MissingValue, fill_letter, first_name, names_in
from drumbeat.core.planning import moment_after
from drumbeat.core.playbook import AGENDAS, Duration
from drumbeat.core.refusal import Refused
from drumbeat.library import agenda_point, message_text, word

from .answerwords import answer_words, decision_words
from .bringing import link_to_bring
from .links import link_for
from .minuting import asked_of
from .offering import times_beside
from .scene import Scene

ONE_DAY, TIMES_OFFERED = timedelta(days=1), 3
DECIDED = ("approved", "declined", "sent_back")


def worded(template: str, step: Step, to: Contact | Account, scene: Scene) -> tuple[str, str]:
    """Subject and Markdown text of a mail to this person, in the person's language where there is a text in it.

    Raises Refused when there is no such text, or when it asks for something that isn't there.
    """
    text, values = _asked(template, Telling(step, to, scene))
    try:
        return fill_letter(text, values)
    except MissingValue as error:
        raise Refused(f"The mail text {template!r} can't be filled: {error}") from None


def sketched(
    template: str, step: Step, to: Contact | Account, scene: Scene
) -> tuple[tuple[str, str], tuple[str, ...]]:
    """The same where something isn't there yet: its name in brackets stands in its place, and what is missing beside."""
    text, values = _asked(template, Telling(step, to, scene))
    missing = tuple(name for name in names_in(text) if name not in values)
    return fill_letter(text, {**values, **{name: f"[{name}]" for name in missing}}), missing


def _asked(template: str, telling: Telling) -> tuple[str, Mapping[str, str]]:
    """The text of the library, and what is known of all that it asks for."""
    try:
        text = message_text(template, telling.language)
    except KeyError:
        raise Refused(
            f"There is no mail text {template!r}", "Name one of the library in the routine."
        ) from None
    return text, _values(text, telling)


def _values(text: str, telling: Telling) -> Mapping[str, str]:
    """Only what the text asks for is looked up."""
    found = {name: VALUES[name](telling) for name in names_in(text) if name in VALUES}
    found |= {
        name: answer_words(name, telling.step, telling.scene)
        for name in names_in(text)
        if name.startswith("answer.")
    }
    return {name: value for name, value in found.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Telling:
    """One mail of a step to one reader. Days and times are told where the reader is."""

    step: Step
    to: Contact | Account
    scene: Scene

    @property
    def about(self) -> Partner | Account:
        """The occurrence's partner, or the one at which the reader works; inside the house the manager."""
        partner = self.scene.partner(self.step)
        if isinstance(self.to, Contact):
            return partner or self.to.partner
        return partner or self.scene.person(self.step) or self.to

    @property
    def manager(self) -> Account | None:
        return self.scene.manager(self.step)

    @property
    def language(self) -> str:
        return language_for(self.to)

    @property
    def first_name(self) -> str:
        return first_name(self.to.name)

    @property
    def due(self) -> datetime:
        zone = self.to.partner.zone if isinstance(self.to, Contact) else self.to.zone
        return self.step.occurrence.due_at.astimezone(ZoneInfo(zone))

    @property
    def due_day(self) -> str:
        return day_words(self.due.date(), self.language)

    @property
    def file_period(self) -> str:
        """The month whose sales file is due."""
        last = self.step.occurrence.nominal_on.replace(day=1) - ONE_DAY
        return month_words(last, self.language)

    @property
    def matter(self) -> str | None:
        """What the occurrence's event is about, by the name that both sides know: customer, product, or its key."""
        told, event = self.scene.told(self.step), self.scene.event(self.step)
        if event is None:
            return None
        named = (told.get(f"{event.subject_kind}.{field}") for field in ("customer", "name"))
        return str(next(filter(None, named), event.subject_key)) or self.about.name

    @property
    def outcome(self) -> str:
        """Of the occurrence's last approval; empty where none was decided."""
        outcome, _ = decision_words(self.step, self.scene)
        return word(outcome, self.language) if outcome in DECIDED else outcome

    @property
    def matter_state(self) -> str:
        """What became of it, as events told: approved, declined, won; else that somebody has decided."""
        if self.outcome:
            return self.outcome
        event, told = self.scene.event(self.step), self.scene.told(self.step)
        noun = event.subject_kind if event else ""
        approved = told.get(f"{noun}.approved")
        if approved is not None:
            return word("approved" if approved else "declined", self.language)
        return word("decided", self.language)

    @property
    def editions(self) -> list[Edition]:
        """Those that the mail encloses."""
        siblings = self.scene.siblings(self.step)
        found = (self.scene.edition(siblings[key]) for key in self.scene.text(self.step).attach)
        return [edition for edition in found if edition]

    @property
    def period(self) -> str:
        """That of the enclosed report, else the month in which the mail is due."""
        if not self.editions:
            return month_words(self.due.date(), self.language)
        first = self.editions[0]
        is_month = first.period_from.day == 1 and first.period_until == months_later(first.period_from, 1)
        return month_words(first.period_from, self.language) if is_month else str(first.data["period"])

    @property
    def summary(self) -> str:
        return "\n\n".join(str(edition.data["summary"]) for edition in self.editions)

    @property
    def figures(self) -> str:
        return "\n\n".join(figures_text(edition) for edition in self.editions)

    @property
    def meeting(self) -> Meeting | None:
        return self.scene.meeting(self.step)

    @property
    def meeting_step(self) -> Step | None:
        siblings = self.scene.siblings(self.step).values()
        return next((sibling for sibling in siblings if sibling.kind == "meeting"), None)

    @property
    def meeting_title(self) -> str | None:
        if self.meeting:
            return self.meeting.title
        return self.meeting_step.playbook_step.title if self.meeting_step else None

    @property
    def meeting_when(self) -> str | None:
        if self.meeting:
            return when_text(self.meeting, self.to)
        return day_and_time(self.meeting_step.due_at, self.to) if self.meeting_step else None

    @property
    def meeting_times(self) -> str | None:
        """The time that is arranged, and two that suit both sides on days after it."""
        planned = self.meeting or self.meeting_step
        if planned is None:
            return None
        first = planned.starts_at if isinstance(planned, Meeting) else planned.due_at
        times = [first, *self._times_beside(first)]
        return "\n".join(f"- {day_and_time(moment, self.to)}" for moment in times)

    def _times_beside(self, first: datetime) -> list[datetime]:
        """Where the hours of both sides never meet, the same time on the next working days."""
        partner, manager = self.scene.partner(self.step), self.manager
        minutes = (
            self.meeting.minutes if self.meeting else self.scene.text(self.meeting_step or self.step).minutes
        )
        wanted = TIMES_OFFERED - 1
        if partner and manager:
            found = times_beside(first, minutes or 30, partner, manager, wanted=wanted)
            if len(found) == wanted:
                return found
        setting = self.scene.setting(self.step)
        return [moment_after(first, Duration(days, "bd"), setting) for days in range(1, TIMES_OFFERED)]

    @property
    def meeting_agenda(self) -> str | None:
        if self.meeting:
            return "\n\n".join(
                [agenda_text(self.meeting, self.language), *self._asked_for_points(self.meeting)]
            )
        agenda = (self.scene.text(self.meeting_step).agenda if self.meeting_step else None) or ""
        usual = AGENDAS.get(agenda, ())
        return "\n".join(f"- {agenda_point(point, self.language)}" for point in usual) or None

    def _asked_for_points(self, meeting: Meeting) -> list[str]:
        """The reader's own link to add some, until the meeting begins."""
        if meeting.starts_at <= self.scene.at:
            return []
        return [word("points_ask", self.language), link_to_bring(meeting, self.to, at=self.scene.at)]

    @property
    def minutes(self) -> str | None:
        """What was written down, and the reader's link to answer for himself; where nothing was, what was gone through."""
        if self.meeting is None:
            return None
        undertaken, code = commitments_from(self.meeting), self.language
        told = minutes_text(self.meeting, undertaken, code) or agenda_text(self.meeting, code)
        return "\n\n".join([told, *asked_of(self.meeting, self.to, undertaken, at=self.scene.at)])

    @property
    def asking(self) -> Step | None:
        """The step that asks the reader: this one, else the next form of the occurrence that is not settled."""
        if self.step.kind in ("form", "approval"):
            return self.step
        siblings = sorted(self.scene.siblings(self.step).values(), key=lambda one: (one.due_at, one.pk))
        return next((one for one in siblings if one.kind == "form" and one.state in OPEN_STATES), None)

    @property
    def asking_title(self) -> str | None:
        return self.scene.text(self.asking).title if self.asking else None

    @property
    def asking_link(self) -> str | None:
        return link_for(self.asking, self.to, self.scene) if self.asking else None

    @property
    def asking_until(self) -> str | None:
        return day_and_time(self.asking.due_at, self.to) if self.asking else None


VALUES: Mapping[str, Callable[[Telling], str | None]] = {
    "vendor.name": lambda telling: telling.scene.vendor.name,
    "partner.name": lambda telling: telling.about.name,
    "contact.first_name": lambda telling: telling.first_name,
    "contact.name": lambda telling: telling.to.name,
    "manager.name": lambda telling: (telling.manager or telling.scene.vendor).name,
    "manager.email": lambda telling: (
        telling.manager.email if telling.manager else telling.scene.vendor.mail_from
    ),
    "routine.title": lambda telling: telling.scene.playbook(telling.step).title,
    "promise.text": lambda telling: telling.scene.playbook(telling.step).promise.text,
    "due.date": lambda telling: telling.due_day,
    "due.time": lambda telling: time_words(telling.due, telling.language),
    "period.name": lambda telling: telling.period,
    "report.summary": lambda telling: telling.summary,
    "report.figures": lambda telling: telling.figures,
    "report.title": lambda telling: next((one.title for one in telling.editions), None),
    "meeting.title": lambda telling: telling.meeting_title,
    "meeting.when": lambda telling: telling.meeting_when,
    "meeting.times": lambda telling: telling.meeting_times,
    "meeting.agenda": lambda telling: telling.meeting_agenda,
    "meeting.minutes": lambda telling: telling.minutes,
    "form.title": lambda telling: telling.asking_title,
    "form.link": lambda telling: telling.asking_link,
    "form.due": lambda telling: telling.asking_until,
    "approval.title": lambda telling: telling.asking_title,
    "approval.link": lambda telling: telling.asking_link,
    "approval.due": lambda telling: telling.asking_until,
    "decision.outcome": lambda telling: telling.outcome,
    "decision.reason": lambda telling: decision_words(telling.step, telling.scene)[1],
    "decision.note": lambda telling: telling.scene.last_word(telling.step),
    "file.period": lambda telling: telling.file_period,
    "matter.name": lambda telling: telling.matter,
    "matter.state": lambda telling: telling.matter_state,
}
