"""Questions about mail: what waits, what left, what is stuck."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, Count, Exists, Func, Max, Min, OuterRef, Q, Value
from django.db.models.functions import Lower

from drumbeat.apps.ledger.models import Standing, Through
from drumbeat.apps.partners.models import Contact, Partner, Status
from drumbeat.apps.partners.queries import keepers_of, partner_facts
from drumbeat.apps.people.models import Account
from drumbeat.apps.people.queries import vendor_day
from drumbeat.core.rules import compile_rule
from drumbeat.core.waiting import Waiting

from .access import visible_to
from .models import (
    Announcement,
    Letterhead,
    Message,
    MessageSet,
    ReadingPlace,
    Received,
    Reminder,
    Suppression,
    Wish,
    step_key,
)


def outbox(person: Account, at: datetime, *, state: str = "") -> MessageSet:
    """The mail that this person may see, newest first; in one state, if given."""
    messages = visible_to(person, at).select_related("partner", "contact", "person")
    chosen = messages.filter(state=state) if state else messages
    return chosen.order_by("-written_at", "-pk")


def counts_by_state(messages: MessageSet) -> dict[str, int]:
    """State -> how many of these, in the order they pass through them; states without any are left out."""
    counted = dict(messages.order_by().values_list("state").annotate(Count("pk")))
    return {state: counted[state] for state in Message.State.values if state in counted}


def place_of(mailbox: str) -> ReadingPlace | None:
    """How far it was read; None when it never was."""
    return ReadingPlace.objects.filter(mailbox=mailbox).first()


def message_named(ids: Iterable[str]) -> Message | None:
    """The mail of ours that one of these Message-IDs names, the first that is ours."""
    wanted = list(ids)
    ours = {message.message_id: message for message in Message.objects.filter(message_id__in=wanted)}
    return next((ours[one] for one in wanted if one in ours), None)


def answered_at(step_ids: Iterable[int]) -> dict[int, datetime]:
    """Step -> when the first person answered what it wrote."""
    steps = Q()
    for step_id in step_ids:
        steps |= Q(message__key__startswith=step_key(step_id))
    if not steps:
        return {}
    answers = Received.objects.filter(steps, kind=Received.Kind.HUMAN_REPLY).order_by("-received_at")
    told = answers.values_list("message__key", "received_at")
    return {int(key.split(":")[1]): moment for key, moment in told}


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


def letterhead() -> Letterhead:
    """How mail looks; the shipped look until somebody sets another."""
    return Letterhead.objects.first() or Letterhead()


def suppressed(addresses: Iterable[str]) -> dict[str, Suppression]:
    """Address in small letters -> why nothing is sent to it."""
    asked = {address.lower() for address in addresses}
    return {one.address: one for one in Suppression.objects.in_force().filter(address__in=asked)}


def declined_topics(contacts: Iterable[int]) -> dict[int, frozenset[str]]:
    """Contact -> topics that he doesn't want mail about."""
    found: dict[int, set[str]] = {}
    wishes = Wish.objects.filter(contact__in=list(contacts), is_wanted=False)
    for contact, topic in wishes.values_list("contact_id", "topic"):
        found.setdefault(contact, set()).add(topic)
    return {contact: frozenset(topics) for contact, topics in found.items()}


def sent_since(contacts: Iterable[int], since: datetime) -> dict[int, list[datetime]]:
    """Contact -> when mail to him left since then."""
    found: dict[int, list[datetime]] = {}
    sent = Message.objects.filter(contact__in=list(contacts), sent_at__gte=since)
    for contact, moment in sent.values_list("contact_id", "sent_at"):
        if moment:
            found.setdefault(contact, []).append(moment)
    return found


def written_to(contacts: Iterable[int], since: datetime) -> dict[int, list[datetime]]:
    """Contact -> when mail was written to him since then."""
    found: dict[int, list[datetime]] = {}
    written = Message.objects.filter(contact__in=list(contacts), written_at__gte=since)
    for contact, moment in written.values_list("contact_id", "written_at"):
        found.setdefault(contact, []).append(moment)
    return found


@dataclass(frozen=True, slots=True)
class Readers:
    """Who would get an announcement, by name; who fits and is left out, with the reason; one letter an address."""

    welcome: list[Contact]
    left_out: list[tuple[Contact, str]]


def readers_of(announcement: Announcement, at: datetime) -> Readers:
    """Its audience as of now: partners by the rule, their people by role, without those named."""
    contacts = _audience(announcement, at)
    declined = declined_topics(contact.pk for contact in contacts)
    bans = suppressed(contact.email for contact in contacts)
    without = {name.strip().lower() for name in announcement.without}
    welcome: list[Contact] = []
    left_out: list[tuple[Contact, str]] = []
    seen: set[str] = set()
    for contact in contacts:
        address = contact.email.lower()
        if address in without or contact.partner.key in without:
            left_out.append((contact, "named as left out"))
        elif address in bans:
            left_out.append((contact, bans[address].words))
        elif announcement.topic in declined.get(contact.pk, ()):
            left_out.append((contact, "does not want mail about this"))
        elif address in seen:
            left_out.append((contact, "the same address once more"))
        else:
            seen.add(address)
            welcome.append(contact)
    return Readers(welcome, left_out)


def _audience(announcement: Announcement, at: datetime) -> list[Contact]:
    rule = compile_rule(announcement.audience)
    partners = Partner.objects.exclude(status=Status.CLOSED).values_list("pk", flat=True)
    fitting = [pk for pk, facts in partner_facts(partners, at).items() if rule.judge(facts).is_met]
    there = Contact.objects.present(vendor_day(at)).exclude(email="").filter(partner__in=fitting)
    chosen = there.filter(roles__overlap=announcement.roles) if announcement.roles else there
    return list(chosen.select_related("partner").order_by("sort_name", "pk"))


@dataclass(frozen=True, slots=True)
class Turns:
    """How the letters of an announcement go to one mail domain: how many, how many of them wait, and when the last is planned."""

    domain: str
    letters: int
    waiting: int
    last_at: datetime | None


def turns_of(announcement: Announcement, *, limit: int) -> list[Turns]:
    """Those with most letters first."""
    domain = Func(Lower("to_address"), Value("@"), Value(-1), function="split_part", output_field=CharField())
    queued = Q(state=Message.State.QUEUED)
    rows = (
        Message.objects.filter(announcement=announcement)
        .annotate(to_domain=domain)
        .values("to_domain")
        .annotate(letters=Count("pk"), waiting=Count("pk", filter=queued), last=Max("next_attempt_at", filter=queued))
        .order_by("-letters", "to_domain")[:limit]
    )  # fmt: skip
    return [Turns(row["to_domain"], row["letters"], row["waiting"], row["last"]) for row in rows]


def managers_for(partners: Iterable[int], at: datetime) -> dict[int, Account]:
    """Partner -> who looks after it, or covers that."""
    held = keepers_of(partners, vendor_day(at))
    people = Account.objects.in_bulk(set(held.values()))
    return {partner: people[person] for partner, person in held.items()}
