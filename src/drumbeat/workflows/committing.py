"""The signed link at which the owner of commitments answers for himself, without an account: one for all that a meeting put
under his name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from drumbeat.apps.forms.actions import Wanted, revoke_links
from drumbeat.apps.forms.models import Link
from drumbeat.apps.ledger.actions import (
    acknowledge_commitment,
    decline_commitment,
    question_commitment,
)
from drumbeat.apps.ledger.models import Commitment
from drumbeat.apps.meetings.access import may_change_meeting
from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.meetings.queries import commitments_from
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account
from drumbeat.core.refusal import Refused, insist

from .links import links_to

GOOD_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers, and what carries his name from that meeting."""

    meeting: Meeting
    owner: Contact | Account
    commitments: tuple[Commitment, ...]


def link_to_answer(meeting: Meeting, owner: Contact | Account, *, at: datetime) -> str:
    """The address at which this owner answers, good for thirty days."""
    wanted = Wanted(Link.Purpose.COMMITMENTS, meeting.pk, owner)
    return links_to([wanted], expires_at=at + GOOD_FOR, at=at)[0]


def answering_by(link: Link) -> Answering:
    """What a link of this purpose opens; opening it changes nothing."""
    meeting = Meeting.objects.select_related("partner", "organiser").get(pk=link.subject_id)
    own = tuple(one for one in commitments_from(meeting) if one.owner == link.who)
    return Answering(meeting, link.who, own)


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


@transaction.atomic
def call_back_answers(meeting: Meeting, *, by: Account, at: datetime) -> int:
    """The links to answer that this meeting's minutes brought open nothing any more; how many. New minutes bring new ones."""
    insist(may_change_meeting(by, meeting, at), "This meeting is somebody else's", "Ask its organiser.")
    return revoke_links(Link.Purpose.COMMITMENTS, meeting.pk, at=at)
