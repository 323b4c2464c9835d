"""Mail steps: one message a recipient, in the outbox. The step is done when a server has accepted the first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from drumbeat.apps.ledger.models import Promise
from drumbeat.apps.meetings.actions import fill_agenda
from drumbeat.apps.messages.actions import Enclosure, Note
from drumbeat.apps.messages.models import step_key
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.reports.access import may_have
from drumbeat.apps.reports.models import Edition
from drumbeat.apps.routines.models import Step
from drumbeat.core.refusal import insist

from .agendas import points_for
from .recipients import Person, recipients_of
from .scene import Scene
from .wording import worded


def write_mail(step: Step, scene: Scene) -> None:
    """Writes each recipient's message once, whatever is tried again, and hands the step to the outbox."""
    people = recipients_of(step, scene)
    _refresh_agenda(step, scene)
    files = _enclosures(step, people, scene)
    scene.effects.hand(step, [_note(step, to, files, scene) for to in people])


def _refresh_agenda(step: Step, scene: Scene) -> None:
    """A mail that comes before the meeting tells what is open now, not when the meeting was arranged."""
    meeting = scene.meeting(step)
    arranged = next((other for other in scene.siblings(step).values() if other.meeting_id), None)
    if meeting and arranged and meeting.starts_at > scene.at:
        fill_agenda(meeting, points_for(arranged, scene), at=scene.at)


def _note(step: Step, to: Person, files: list[Enclosure], scene: Scene) -> Note:
    subject, text = worded(scene.text(step).template or "", step, to, scene)
    is_contact = isinstance(to, Contact)
    manager = scene.manager(step)
    return Note(
        key=step_key(step.pk, "contact" if is_contact else "person", to.pk),
        to=to,
        partner=scene.partner(step) or (to.partner if isinstance(to, Contact) else None),
        subject=subject,
        text=text,
        promise=_promise(step),
        purpose=scene.playbook(step).key,
        reply_to=manager.email if manager else "",
        attachments=files,
        topic=scene.playbook(step).topic or "",
    )


def _promise(step: Step) -> Promise | None:
    return step.promise or (step.occurrence.promise if step.playbook_step.keeps else None)


def _enclosures(step: Step, people: Sequence[Person], scene: Scene) -> list[Enclosure]:
    """The editions of the reports named; one that was left out or failed encloses nothing. Raises Refused where somebody
    may not have one, whatever the routine's text was read as: its readers may have been agreed later."""
    siblings = scene.siblings(step)
    editions = [found for key in scene.text(step).attach if (found := scene.edition(siblings[key]))]
    for edition in editions:
        insist_on_readers(edition, people)
    return [
        Enclosure(_file_name(edition), "application/pdf", source=f"edition:{edition.pk}")
        for edition in editions
    ]


def insist_on_readers(edition: Edition, people: Iterable[Person]) -> None:
    """Refuses to let an edition out of the house to people of a partner who may not have it."""
    for contact in people:
        insist(
            not isinstance(contact, Contact) or may_have(contact, edition),
            f"{contact.name} works at a partner and may not have {edition.title!r}",
            "Send it to people of the staff, or enclose a report for partners about this partner alone",
        )


def _file_name(edition: Edition) -> str:
    """Such as `partner-scorecard 2026-02.pdf`."""
    return f"{edition.report} {edition.period_from:%Y-%m}.pdf"
