"""Calendars to subscribe to, behind a signed link: one's own meetings, everybody's, or those with one partner. What a feed shows
is what its owner may see at that moment, and no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from drumbeat.apps.forms.actions import Wanted, issue_links, revoke_link
from drumbeat.apps.forms.models import Link
from drumbeat.apps.meetings.access import visible_to
from drumbeat.apps.meetings.bridge import entry_of
from drumbeat.apps.meetings.models import Attendee, Meeting
from drumbeat.apps.partners.access import may_see_partner
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account, Role
from drumbeat.apps.people.queries import vendor
from drumbeat.core.ical import calendar_text
from drumbeat.core.refusal import Refused, insist

from .links import read_link, token_of

PURPOSES = {
    "own": Link.Purpose.OWN_CALENDAR,
    "team": Link.Purpose.TEAM_CALENDAR,
    "partner": Link.Purpose.PARTNER_CALENDAR,
}
GOOD_FOR = timedelta(days=3650)
SHOWN_FROM, SHOWN_UNTIL = timedelta(days=-60), timedelta(days=400)
SHOWN_AT_MOST = 2000


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar that somebody subscribed to."""

    link: Link
    kind: str
    title: str

    @property
    def address(self) -> str:
        return f"{settings.PUBLIC_URL}/calendars/{self.kind}/{token_of(self.link)}.ics"


@dataclass(frozen=True, slots=True)
class Told:
    """What a feed says now. `changed_at` is the latest of what it shows, the day's beginning at least, since days move on."""

    text: bytes
    changed_at: datetime


def may_feed_team(person: Account) -> bool:
    return person.has(Role.DIRECTOR, Role.PARTNER_OPERATIONS)


@transaction.atomic
def open_feed(kind: str, *, partner: Partner | None = None, by: Account, at: datetime) -> Feed:
    """The feed with its address; opened again it is the same one, or after it was closed one with another address."""
    insist(kind in PURPOSES, f"There is no calendar {kind!r}", f"Choose {', '.join(PURPOSES)}.", "kind")
    if kind == "team":
        insist(may_feed_team(by), "Everybody's meetings are not yours to see", "Subscribe to your own.")
    subject = by.pk
    if kind == "partner":
        if partner is None or not may_see_partner(by, partner, at):
            raise Refused("There is no such partner among yours", "Choose one.", field="partner")
        subject = partner.pk
    [link] = issue_links([Wanted(PURPOSES[kind], subject, by)], expires_at=at + GOOD_FOR, at=at)
    return Feed(link, kind, _title(kind, by, partner))


@transaction.atomic
def close_feed(pk: int, *, by: Account, at: datetime) -> None:
    """Its address opens nothing any more; whoever still asks for it is told so."""
    link = _open_links(by).filter(pk=pk).first()
    if link is None:
        raise Refused("This calendar is closed already, or somebody else's", "Look at the list again.")
    revoke_link(link, at=at)


def feeds_of(person: Account) -> list[Feed]:
    """Those that are open, the own one first."""
    links = list(_open_links(person).select_related("person").order_by("issued_at", "pk"))
    kinds = {purpose: kind for kind, purpose in PURPOSES.items()}
    partners = Partner.objects.in_bulk(
        [link.subject_id for link in links if link.purpose == PURPOSES["partner"]]
    )
    feeds = [
        Feed(link, kind, _title(kind, person, partners.get(link.subject_id)))
        for link in links
        for kind in [kinds[Link.Purpose(link.purpose)]]
    ]
    return sorted(feeds, key=lambda feed: list(PURPOSES).index(feed.kind))


def told_by_feed(kind: str, token: str, *, at: datetime) -> Told:
    """Raises LinkRefused when the link is none, or opens nothing any more."""
    link = read_link(token, PURPOSES[kind], at)
    person = link.who
    assert isinstance(person, Account), "only staff subscribe"
    today = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    partner = Partner.objects.filter(pk=link.subject_id).first() if kind == "partner" else None
    rows = list(_meetings(kind, person, partner, at, today)[:SHOWN_AT_MOST])
    entries = [entry_of(row, page=f"{settings.PUBLIC_URL}/meetings/{row.pk}/") for row in rows]
    changed_at = max(today, link.issued_at, *(row.changed_at for row in rows))
    return Told(calendar_text(entries, name=_title(kind, person, partner)), changed_at)


def _meetings(
    kind: str, person: Account, partner: Partner | None, at: datetime, today: datetime
) -> QuerySet[Meeting]:
    seen = visible_to(person, at).filter(starts_at__gte=today + SHOWN_FROM, starts_at__lt=today + SHOWN_UNTIL)
    if kind == "own":
        attends = Exists(Attendee.objects.filter(meeting=OuterRef("pk"), person=person))
        seen = seen.filter(Q(organiser=person) | attends)
    if kind == "partner":
        seen = seen.filter(partner=partner) if partner else seen.none()
    guests = Attendee.objects.select_related("contact", "person").order_by("pk")
    told = seen.select_related("organiser").prefetch_related("points", Prefetch("attendees", guests))
    return told.order_by("starts_at", "pk")


def _open_links(person: Account) -> QuerySet[Link]:
    return Link.objects.filter(person=person, purpose__in=PURPOSES.values(), revoked_at=None)


def _title(kind: str, person: Account, partner: Partner | None) -> str:
    if kind == "own":
        return f"Meetings of {person.name}"
    if kind == "team":
        return f"Meetings of {vendor().name}"
    return f"Meetings with {partner.name}" if partner else "Meetings"
