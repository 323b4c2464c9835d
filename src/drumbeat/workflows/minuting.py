"""The minutes of a meeting go to everybody of both sides, and each owner of a commitment is asked for a yes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from drumbeat.apps.ledger.models import Commitment
from drumbeat.apps.meetings.actions import note_minutes_sent
from drumbeat.apps.meetings.bridge import language_for, when_text
from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.meetings.queries import commitments_from, minutes_text, said_words
from drumbeat.apps.messages.actions import Note, write_messages
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account
from drumbeat.core.placeholders import fill_letter
from drumbeat.core.refusal import insist
from drumbeat.library import message_text, word

from .committing import link_to_answer


@transaction.atomic
def send_minutes(meeting: Meeting, *, by: Account, at: datetime) -> int:
    """One message to each attendee with an address; how many. Sent again after a change, everybody gets the new ones."""
    text = minutes_text(meeting)
    insist(bool(text), "There are no minutes yet", "Write a note, a decision or a commitment first.")
    note_minutes_sent(meeting, by=by, at=at)
    undertaken = commitments_from(meeting)
    notes = [_note(meeting, who, text, undertaken, at) for who in _readers(meeting, undertaken)]
    return len(write_messages(notes, at=at))


def _readers(meeting: Meeting, undertaken: Sequence[Commitment]) -> list[Contact | Account]:
    attendees = meeting.attendees.select_related("contact__partner", "person").order_by("pk")
    people = [meeting.organiser, *(who for one in attendees if (who := one.who))]
    return [who for who in dict.fromkeys([*people, *(one.owner for one in undertaken)]) if who.email]


def _note(
    meeting: Meeting, who: Contact | Account, text: str, undertaken: Sequence[Commitment], at: datetime
) -> Note:
    kind = "contact" if isinstance(who, Contact) else "person"
    subject, letter = _worded(meeting, who, text, undertaken, at)
    return Note(
        key=f"minutes:{meeting.pk}:{at:%Y%m%dT%H%M%S}:{kind}:{who.pk}",
        to=who,
        partner=meeting.partner,
        subject=subject,
        text=letter,
        promise=meeting.promise,
        reply_to=meeting.organiser.email,
    )


def _worded(
    meeting: Meeting, who: Contact | Account, text: str, undertaken: Sequence[Commitment], at: datetime
) -> tuple[str, str]:
    values = {
        "contact.name": who.name,
        "contact.first_name": who.name.split()[0] if who.name.strip() else who.name,
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
    listed = "\n".join(f"- {said_words(one)}" for one in own)
    return [word("minutes_ask", language_for(who)), listed, link_to_answer(meeting, who, at=at)]
