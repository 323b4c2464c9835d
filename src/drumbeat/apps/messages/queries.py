"""Questions about mail: what waits, what left, what is stuck."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Exists, Min, OuterRef, Q

from drumbeat.apps.ledger.models import Standing, Through
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account
from drumbeat.core.waiting import Waiting

from .access import visible_to
from .models import Message, MessageSet, ReadingPlace, Received, Reminder, step_key


def outbox(person: Account, at: datetime, *, state: str = "") -> MessageSet:
    """The mail that this person may see, newest first; in one state, if given."""
    messages = visible_to(person, at).select_related("partner", "contact", "person")
    chosen = messages.filter(state=state) if state else messages
    return chosen.order_by("-written_at", "-pk")


def counts_by_state(person: Account, at: datetime) -> dict[str, int]:
    """State -> how many messages, for each state, in the order they pass through them."""
    counted = dict(visible_to(person, at).order_by().values_list("state").annotate(Count("pk")))
    return {state: counted.get(state, 0) for state in Message.State.values}


def mails_since(partners: Iterable[Partner], since: datetime) -> MessageSet:
    """What was sent to people at these partners since then, newest first."""
    sent = Message.objects.filter(partner__in=list(partners), state=Message.State.SENT, sent_at__gte=since)
    return sent.exclude(contact=None).order_by("-sent_at", "-pk")


def place_of(mailbox: str) -> ReadingPlace | None:
    """How far it was read; None when it never was."""
    return ReadingPlace.objects.filter(mailbox=mailbox).first()


def message_named(ids: Iterable[str]) -> Message | None:
    """The mail of ours that one of these Message-IDs names, the first that is ours."""
    wanted = list(ids)
    ours = {message.message_id: message for message in Message.objects.filter(message_id__in=wanted)}
    return next((ours[one] for one in wanted if one in ours), None)


def answered_at(step_ids: Iterable[int]) -> datetime | None:
    """When the first person answered what one of these steps wrote."""
    steps = Q()
    for step_id in step_ids:
        steps |= Q(message__key__startswith=step_key(step_id))
    answers = (
        Received.objects.filter(steps, kind=Received.Kind.HUMAN_REPLY) if steps else Received.objects.none()
    )
    return answers.order_by("received_at").values_list("received_at", flat=True).first()


def unsent(at: datetime) -> Waiting:
    """Letters that could go out now, in nobody's hands."""
    due = Message.objects.due(at).aggregate(count=Count("pk"), since=Min("next_attempt_at"))
    return Waiting(due["count"], due["since"])


def letters_by_state() -> dict[str, int]:
    """State -> letters that are on their way or stuck; those that arrived or were dropped are not counted."""
    under_way = Message.objects.filter(Q(state=Message.State.QUEUED) | Q(state=Message.State.SENDING))
    counted = (
        messages.order_by().values_list("state").annotate(Count("pk"))
        for messages in (under_way, Message.objects.stuck())
    )
    return {state: count for rows in counted for state, count in rows}


def unreminded(at: datetime, *, since: datetime, until: datetime, limit: int) -> list[Standing]:
    """Open promises of people, due in [since, until), for whose present due moment no reminder is planned yet."""
    planned = Reminder.objects.filter(promise=OuterRef("promise"), for_due_at=OuterRef("due_at"))
    near = Standing.objects.open().filter(due_at__gte=since, due_at__lt=until, promise__promised_at__lte=at)
    people = near.exclude(promise__kept_through=Through.MACHINE).filter(~Exists(planned))
    return list(people.select_related("promise__partner", "person").order_by("due_at", "pk")[:limit])


def told_since(people: Iterable[int], since: datetime) -> dict[int, int]:
    """Person -> reminders told singly since then."""
    told = Reminder.objects.filter(state=Reminder.State.TOLD, person__in=list(people), told_at__gte=since)
    return dict(told.values_list("person").annotate(Count("pk")))


def written_to(contacts: Iterable[int], since: datetime) -> dict[int, list[datetime]]:
    """Contact -> when mail was written to him since then."""
    found: dict[int, list[datetime]] = {}
    written = Message.objects.filter(contact__in=list(contacts), written_at__gte=since)
    for contact, moment in written.values_list("contact_id", "written_at"):
        found.setdefault(contact, []).append(moment)
    return found
