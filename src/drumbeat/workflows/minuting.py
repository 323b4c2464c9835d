"""The minutes of a meeting go to everybody of both sides, and each owner of a commitment is asked for a yes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from drumbeat.apps.ledger.models import Commitment
from drumbeat.apps.meetings.actions import note_minutes_sent
from drumbeat.apps.meetings.bridge import when_text
from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.meetings.queries import attendees_of, commitments_from, concerned, minutes_text, said_words
from drumbeat.apps.messages.actions import Note, write_messages
from drumbeat.apps.messages.bridge import language_for
from drumbeat.apps.messages.models import step_key
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.access import may_do_step
from drumbeat.apps.routines.actions import complete_step, hand_step
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import Step, StepState
from drumbeat.core.placeholders import fill_letter, first_name
from drumbeat.core.refusal import insist
from drumbeat.library import message_text, word

from .committing import link_to_answer


@transaction.atomic
def send_minutes(meeting: Meeting, *, by: Account, at: datetime) -> int:
    """One message to each attendee with an address; how many. Sent again after a change, everybody gets the new ones.

    Where the meeting's routine has a step that sends the minutes, this is that step: it is done, and its promise kept, when a
    server has taken the first message; whoever sends them has written them.
    """
    undertaken = commitments_from(meeting)
    insist(
        bool(minutes_text(meeting, undertaken)),
        "There are no minutes yet",
        "Write a note, a decision or a commitment first.",
    )
    note_minutes_sent(meeting, by=by, at=at)
    step = _step_that_sends(meeting)
    readers = list(_readers(meeting, undertaken))
    texts = {code: minutes_text(meeting, undertaken, code) for code in {language_for(who) for who in readers}}
    notes = [_note(meeting, who, texts[language_for(who)], undertaken, step, at) for who in readers]
    written = len(write_messages(notes, at=at))
    if step:
        hand_step(step, at=at)
        _finish_writing(step, by, at)
    return written


def _step_that_sends(meeting: Meeting) -> Step | None:
    """The mail step of the minutes in the meeting's occurrence, locked, while nobody has sent it."""
    occurrences = meeting.steps.values("occurrence_id")
    waiting = Step.objects.filter(occurrence_id__in=occurrences, kind="mail", state=StepState.OPEN)
    related = ("occurrence__version", "occurrence__promise", "playbook_step", "promise")
    steps = waiting.select_related(*related).select_for_update(of=("self",)).order_by("pk")
    return next((step for step in steps if _template(step) == "minutes"), None)


def _template(step: Step) -> str | None:
    return playbook_of(step.occurrence.version).step(step.playbook_step.key).template


def _finish_writing(sending: Step, by: Account, at: datetime) -> None:
    """The tasks that the sending waits for: minutes that are sent are written."""
    tasks = Step.objects.filter(
        occurrence=sending.occurrence_id,
        kind="task",
        state=StepState.OPEN,
        playbook_step__key__in=sending.playbook_step.needs,
    )
    for task in tasks:
        if may_do_step(by, task):
            complete_step(task, by=by, at=at)


def _readers(meeting: Meeting, undertaken: Sequence[Commitment]) -> list[Contact | Account]:
    people = concerned(meeting, attendees_of(meeting))
    return [who for who in dict.fromkeys([*people, *(one.owner for one in undertaken)]) if who.email]


def _note(
    meeting: Meeting,
    who: Contact | Account,
    text: str,
    undertaken: Sequence[Commitment],
    step: Step | None,
    at: datetime,
) -> Note:
    kind = "contact" if isinstance(who, Contact) else "person"
    key = (
        step_key(step.pk, kind, who.pk)
        if step
        else f"minutes:{meeting.pk}:{at:%Y%m%dT%H%M%S}:{kind}:{who.pk}"
    )
    subject, letter = _worded(meeting, who, text, undertaken, at)
    return Note(
        key=key,
        to=who,
        partner=meeting.partner,
        subject=subject,
        text=letter,
        promise=(step and step.promise) or meeting.promise,
        reply_to=meeting.organiser.email,
    )


def _worded(
    meeting: Meeting, who: Contact | Account, text: str, undertaken: Sequence[Commitment], at: datetime
) -> tuple[str, str]:
    values = {
        "contact.name": who.name,
        "contact.first_name": first_name(who.name),
        "meeting.title": meeting.title,
        "meeting.when": when_text(meeting, who),
        "meeting.minutes": text,
        "meeting.asked": "\n\n".join(asked_of(meeting, who, undertaken, at=at)),
        "organiser.name": meeting.organiser.name,
    }
    return fill_letter(message_text("minutes-sent", language_for(who)), values)


def asked_of(
    meeting: Meeting, who: Contact | Account, undertaken: Sequence[Commitment], *, at: datetime
) -> list[str]:
    """The paragraphs that ask this reader for a yes to what carries his name, with his link; none when nothing does."""
    own = [one for one in undertaken if one.owner == who and one.state != Commitment.State.ACKNOWLEDGED]
    if not own:
        return []
    listed = "\n".join(f"- {said_words(one, language_for(who))}" for one in own)
    return [word("minutes_ask", language_for(who)), listed, link_to_answer(meeting, who, at=at)]
