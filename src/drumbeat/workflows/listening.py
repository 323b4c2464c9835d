"""What others post is looked up and written down: events and facts, all of them or none."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from django.db import transaction

from drumbeat.apps.events.actions import event_of, write_events
from drumbeat.apps.events.models import Event
from drumbeat.apps.partners.actions import record_facts
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.people.models import Account
from drumbeat.core.events import KINDS
from drumbeat.core.posted import PostedEvent, PostProblem, Posts, PostsRefused, read_posts


@dataclass(frozen=True, slots=True)
class Posted:
    """How many events and facts were new, and how many events had been posted before."""

    events: int
    facts: int
    known: int


def take_posts(text: str, *, source: str, at: datetime, stamp: str = "", is_dry: bool = False) -> Posted:
    """Raises PostsRefused with everything that is wrong; then nothing is written. With `stamp`, what tells the posts
    of one call from those of another, lines without a key get one, so that the same call again changes nothing."""
    posts = read_posts(text, at=at, source=source)
    keys = _Keys(posts)
    rows = [row for one in posts.events if (row := keys.row(one, source, stamp))]
    keys.look_at_facts(posts)
    if problems := posts.problems + keys.problems:
        raise PostsRefused(problems)
    with transaction.atomic():
        new = write_events(rows)
        facts = _write_facts(posts, keys, source)
        if is_dry:
            transaction.set_rollback(True)
    return Posted(len(new), facts, len(rows) - len(new))


def _write_facts(posts: Posts, keys: _Keys, source: str) -> int:
    """The latest word on each fact, together by moment and source."""
    said: dict[tuple[datetime, str], dict[tuple[int, str], object]] = defaultdict(dict)
    for fact in posts.facts:
        said[fact.as_of, fact.source][keys.partners[fact.partner].pk, fact.name] = fact.value
    for event in posts.events:
        for name, value in event.partner_facts.items():
            said[event.at, source or "posted"][keys.partners[event.partner].pk, name] = value
    for (as_of, origin), values in sorted(said.items()):
        rows = [(partner, name, value) for (partner, name), value in values.items()]
        record_facts(rows, as_of=as_of, source=origin)
    return sum(map(len, said.values()))


class _Keys:
    """Whom the keys in posts name, asked for together."""

    def __init__(self, posts: Posts) -> None:
        self.problems: list[PostProblem] = []
        named = {one.partner for one in posts.events} | {one.partner for one in posts.facts}
        self.partners = {partner.key: partner for partner in Partner.objects.filter(key__in=named)}
        self.people = _by_email(Account.objects.all(), {one.person for one in posts.events} - {""})
        about = {one.subject for one in posts.events if KINDS[one.kind].noun == "contact"}
        self.contacts: dict[tuple[int, str], Contact] = {}
        for contact in Contact.objects.filter(partner__key__in=named) if about else ():
            self.contacts[contact.partner_id, contact.email.lower()] = contact

    def row(self, one: PostedEvent, source: str, stamp: str) -> Event | None:
        """The event's row, or None when something it names isn't there."""
        partner = self._partner(one.line, one.partner)
        person = self.people.get(one.person.lower())
        if one.person and person is None:
            self._miss(
                one.line, "person", f"nobody here has the address {one.person}", "give a colleague's address"
            )
        noun, subject_id, subject_key = KINDS[one.kind].noun, 0, one.subject
        if noun == "partner" and partner:
            subject_id, subject_key = partner.pk, ""
        if noun == "contact" and partner:
            contact = self.contacts.get((partner.pk, one.subject.lower()))
            if contact is None:
                self._miss(
                    one.line,
                    "subject",
                    f"{one.subject} is no contact of {one.partner}",
                    "give a contact's address",
                )
            subject_id, subject_key = contact.pk if contact else 0, ""
        event = event_of(one.kind, (noun, subject_id), by_id=None, at=one.at, **one.facts)
        event.subject_key, event.source, event.key = subject_key, source, one.key or _key_of(one, stamp)
        event.partner_id, event.person_id = partner.pk if partner else None, person.pk if person else None
        return event

    def look_at_facts(self, posts: Posts) -> None:
        for fact in posts.facts:
            self._partner(fact.line, fact.partner)

    def _partner(self, line: int, key: str) -> Partner | None:
        if key and key not in self.partners:
            self._miss(line, "partner", f"there is no partner {key!r}", _nearest_partner(key))
        return self.partners.get(key)

    def _miss(self, line: int, field: str, reason: str, mend: str) -> None:
        self.problems.append(PostProblem(line, field, reason, mend))


def _by_email(accounts: Iterable[Account], wanted: set[str]) -> dict[str, Account]:
    if not wanted:
        return {}
    return {account.email.lower(): account for account in accounts}


def _nearest_partner(key: str) -> str:
    near = get_close_matches(key, Partner.objects.values_list("key", flat=True)[:20_000], n=1)
    return f"did you mean {near[0]}?" if near else "the key is the last part of the partner's address here"


def _key_of(one: PostedEvent, stamp: str) -> str:
    if not stamp:
        return ""
    said = f"{stamp}\n{one.line}\n{one.kind}\n{one.subject}"
    return f"post-{hashlib.sha256(said.encode()).hexdigest()[:40]}"
