"""A guest's own calendar asks for another time; whoever may change the meeting agrees, or keeps the time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.meetings.models import Attendee, CounterProposal, Meeting
from drumbeat.apps.people.models import Account
from drumbeat.core.refusal import insist

from .arranging import move_meeting
from .inviting import keep_the_time
from .noting import meeting_to_come, record_meeting

LONGEST = 600  # minutes


@transaction.atomic
def take_counter(
    attendee: Attendee, starts_at: datetime, minutes: int, *, words: str = "", at: datetime
) -> bool:
    """What the guest proposes, in place of what he proposed before. False when there is nothing to decide: the meeting is
    over or settled, the time past or the same."""
    locked = Meeting.objects.select_for_update(of=("self",)).get(pk=attendee.meeting_id)
    is_open = locked.state == Meeting.State.ARRANGED and locked.starts_at > at
    if not is_open or starts_at <= at or (starts_at, minutes) == (locked.starts_at, locked.minutes):
        return False
    told = {"starts_at": starts_at, "minutes": min(max(minutes, 1), LONGEST), "words": words[:300]}
    known = attendee.counters.filter(settled_at=None, **told).exists()
    if not known:
        attendee.counters.filter(settled_at=None).delete()
        attendee.counters.create(**told, received_at=at)
        payload = {"partner": locked.partner_id, "starts_at": starts_at.isoformat()}
        record_event("meeting.countered", ("meeting", locked.pk), by_id=None, at=at, **payload)
    return not known


@transaction.atomic
def accept_counter(counter: CounterProposal, *, by: Account, at: datetime) -> Meeting:
    """The meeting moves there, everybody is asked again, and whoever proposed it has said yes with that."""
    counter = _open_counter(counter, by, at)
    meeting = move_meeting(counter.attendee.meeting, counter.starts_at, by=by, minutes=counter.minutes, at=at)
    counter.settled_at, counter.is_accepted = at, True
    counter.save(update_fields=["settled_at", "is_accepted"])
    counter.attendee.answer = Attendee.Answer.ACCEPTED
    counter.attendee.save(update_fields=["answer"])
    return meeting


@transaction.atomic
def decline_counter(counter: CounterProposal, *, by: Account, at: datetime) -> CounterProposal:
    """The time stays; the guest is told, by mail and in the own calendar."""
    counter = _open_counter(counter, by, at)
    counter.settled_at, counter.is_accepted = at, False
    counter.save(update_fields=["settled_at", "is_accepted"])
    keep_the_time(counter, at=at)
    record_meeting("meeting.counter_declined", counter.attendee.meeting, by, at)
    return counter


def _open_counter(counter: CounterProposal, by: Account, at: datetime) -> CounterProposal:
    """The row, with its meeting locked; refused when somebody settled it meanwhile."""
    meeting_to_come(counter.attendee.meeting, by, at)
    rows = CounterProposal.objects.select_for_update(of=("self",)).select_related(
        "attendee__meeting__organiser",
        "attendee__meeting__partner",
        "attendee__contact__partner",
        "attendee__person",
    )
    found = rows.get(pk=counter.pk)
    insist(found.settled_at is None, "This proposal is settled already", "Look at the meeting's time again.")
    return found
