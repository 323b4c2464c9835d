"""The signed link at which the owner of commitments answers for himself, without an account.

A token is what it opens and a signature over it: the meeting, the owner and how long. It serves no other purpose.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction

from drumbeat.apps.ledger.actions import (
    acknowledge_commitment,
    decline_commitment,
    question_commitment,
)
from drumbeat.apps.ledger.models import Commitment
from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.meetings.queries import commitments_from
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account
from drumbeat.core.refusal import Refused

PURPOSE = "drumbeat.commitments"
GOOD_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers, and what carries his name from that meeting."""

    meeting: Meeting
    owner: Contact | Account
    commitments: tuple[Commitment, ...]


def link_to_answer(meeting: Meeting, owner: Contact | Account, *, at: datetime) -> str:
    """The address at which this owner answers, good for thirty days."""
    kind = "contact" if isinstance(owner, Contact) else "person"
    told = [meeting.pk, kind, owner.pk, int((at + GOOD_FOR).timestamp())]
    return f"{settings.PUBLIC_URL}/answers/{_signer().sign_object(told)}/"


def read_answering(token: str, at: datetime) -> Answering:
    """What a token opens; opening it changes nothing. Raises Refused with words for whoever opened it."""
    try:
        pk, kind, owner_pk, until = _signer().unsign_object(token)
    except (BadSignature, ValueError, TypeError) as error:
        raise Refused("This link is not complete", "Open it from the mail again, whole.") from error
    if datetime.fromtimestamp(until, UTC) <= at:
        raise Refused("This link is no longer good", "Reply to the mail, and you get a new one.")
    meeting = Meeting.objects.select_related("partner", "organiser").filter(pk=pk).first()
    owners = Contact.objects.select_related("partner") if kind == "contact" else Account.objects
    owner = owners.filter(pk=owner_pk).first()
    if meeting is None or owner is None or _is_gone(owner, at):
        raise Refused("There is nothing to answer here any more", "Ask who wrote to you.")
    own = tuple(one for one in commitments_from(meeting) if one.owner == owner)
    return Answering(meeting, owner, own)


def _is_gone(owner: Contact | Account, at: datetime) -> bool:
    if isinstance(owner, Account):
        return not owner.is_active
    return owner.left_on is not None and owner.left_on <= at.astimezone(owner.partner.tz).date()


def _signer() -> Signer:
    return Signer(salt=PURPOSE)


@transaction.atomic
def answer_commitment(
    answering: Answering, pk: int, word: str, *, note: str = "", wanted_on: date | None = None, at: datetime
) -> Commitment:
    """The owner's own word on one of his commitments: `yes`, `no`, or `ask` with a note or another day."""
    one = next((one for one in answering.commitments if one.pk == pk), None)
    if one is None:
        raise Refused("This commitment is not yours, or was taken back", "Look at the list again.")
    if word == "yes":
        return acknowledge_commitment(one, by=None, at=at)
    if word == "no":
        return decline_commitment(one, note, by=None, at=at)
    if word == "ask":
        return question_commitment(one, note, wanted_on=wanted_on, by=None, at=at)
    raise Refused(f"There is no answer {word!r}", "Say yes, no, or ask.")
