"""What happened lately and what routines made of it, for people who ask why something opened, or why it did not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from drumbeat.apps.asking import kept
from drumbeat.apps.events.models import Event
from drumbeat.apps.partners.models import Contact, Partner, PartnerSet
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.models import Occurrence, Reaction, Routine
from drumbeat.core.refusal import insist


@dataclass(frozen=True, slots=True)
class Told:
    """One event with what it is about in words, and the answers of routines."""

    event: Event
    partner: Partner | None
    about: str
    reactions: list[Reaction]


def last_events(*, kind: str | None, partner: str | None, limit: int) -> list[Told]:
    """Newest first. Raises Refused for a partner that isn't there."""
    found = Event.objects.order_by("-pk")
    if kind:
        found = found.filter(kind=kind)
    if partner:
        named = Partner.objects.filter(key=partner).first()
        insist(named is not None, f"There is no partner {partner}", "Give the key of its page")
        found = found.filter(partner_id=named.pk if named else 0)
    events = list(found[:limit])
    answers: dict[int, list[Reaction]] = defaultdict(list)
    for reaction in Reaction.objects.filter(event_id__in=[event.pk for event in events]).select_related(
        "routine"
    ):
        answers[reaction.event_id].append(reaction)
    abouts, partners = about(events), _partners(events)
    return [
        Told(event, partners.get(event.partner_id or 0), abouts[event.pk], answers[event.pk])
        for event in events
    ]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a routine made of one event, and the occurrence that it opened."""

    reaction: Reaction
    event: Event
    partner: Partner | None
    about: str
    occurrence: int | None


def answers_of(routine: Routine, visible: PartnerSet, *, limit: int) -> list[Answer]:
    """The last reactions of a routine, newest first; events about partners that the reader doesn't see are left out."""
    reactions = list(routine.reactions.select_related("subscription").order_by("-pk")[: limit * 4])
    events = Event.objects.in_bulk({reaction.event_id for reaction in reactions})
    concerned = {_partner_of(one, events) for one in reactions} - {None}
    partners = visible.in_bulk([pk for pk in concerned if pk])
    shown = [one for one in reactions if (pk := _partner_of(one, events)) is None or pk in partners][:limit]
    abouts = about([events[one.event_id] for one in shown])
    opened = {
        (subscription, event): pk
        for pk, subscription, event in Occurrence.objects.filter(
            event_id__in=[one.event_id for one in shown], subscription__routine=routine
        ).values_list("pk", "subscription", "event_id")
    }
    return [
        Answer(
            one,
            events[one.event_id],
            partners.get(_partner_of(one, events) or 0),
            abouts[one.event_id],
            opened.get((one.subscription_id or 0, one.event_id)),
        )
        for one in shown
    ]


def _partner_of(reaction: Reaction, events: dict[int, Event]) -> int | None:
    if reaction.subscription:
        return reaction.subscription.partner_id
    return events[reaction.event_id].partner_id


@dataclass(frozen=True, slots=True)
class Opened:
    """An occurrence, the event that opened it, and what that was about where it was not the partner itself."""

    occurrence: Occurrence
    event: Event
    about: str


def opened_at(partner: Partner, *, limit: int) -> list[Opened]:
    """The last occurrences that events opened for a partner, newest first."""
    ids = [pk for (pk,) in _opened_by_events(partner.pk)[:limit]]
    if not ids:
        return []
    found = Occurrence.objects.filter(pk__in=ids).select_related("version__routine")
    rows = list(found.order_by("-opened_at", "-pk"))
    events = Event.objects.in_bulk({row.event_id for row in rows})
    abouts = about(list(events.values()))
    return [
        Opened(row, events[row.event_id], abouts[row.event_id].removesuffix(partner.name).rstrip(", "))
        for row in rows
    ]


@kept
def _opened_by_events(partner: int) -> QuerySet[Any, tuple[Any, ...]]:
    found = Occurrence.objects.filter(subscription__partner=partner).exclude(event_id=0)
    return found.order_by("-opened_at", "-pk").values_list("pk")[:10]


def about(events: Sequence[Event]) -> dict[int, str]:
    """Event -> what it is about, in words that a person knows it by: a name where the house has one, else its key."""
    contacts = Contact.objects.in_bulk(_ids(events, "contact"))
    people = Account.objects.in_bulk({event.person_id for event in events if event.person_id})
    partners = _partners(events)
    return {event.pk: _words(event, contacts, partners, people) for event in events}


def _words(
    event: Event, contacts: dict[int, Contact], partners: dict[int, Partner], people: dict[int, Account]
) -> str:
    whose = partners.get(event.partner_id or 0) or (
        None if event.partner_id else people.get(event.person_id or 0)
    )
    named = str(event.payload.get("customer") or event.payload.get("name") or event.subject_key)
    if event.subject_kind == "contact" and event.subject_id in contacts:
        named = contacts[event.subject_id].name
    return ", ".join(filter(None, (named, whose.name if whose else "")))


def _ids(events: Iterable[Event], noun: str) -> set[int]:
    return {event.subject_id for event in events if event.subject_kind == noun and event.subject_id}


def _partners(events: Iterable[Event]) -> dict[int, Partner]:
    return Partner.objects.in_bulk({event.partner_id for event in events if event.partner_id})
