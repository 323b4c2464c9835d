"""Somebody of ours arranges a meeting by hand, once or as a series: who comes, when it suits all, what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from drumbeat.apps.meetings.access import may_change_meeting
from drumbeat.apps.meetings.actions import Arrangement, Point, arrange_meeting, arrange_series, fill_agenda
from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.meetings.queries import attendees_of, concerned
from drumbeat.apps.partners.access import may_see_partner
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.partners.queries import managers_of
from drumbeat.apps.people.models import Account, Role
from drumbeat.apps.people.queries import staff, vendor_day
from drumbeat.core.meetingseries import dates_of, rule_of
from drumbeat.core.refusal import Refused, insist

from .agendas import open_points
from .offering import Company
from .recipients import Person, stand_in

SHORTEST, LONGEST = 5, 600  # minutes


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to arrange. `roles` are of both sides; `left_out` holds keys of people (see `key_of`); without a
    `rhythm` it is one meeting; `points` are lines of the agenda, beside what is open between both sides."""

    organiser: Account
    partners: tuple[Partner, ...]
    roles: tuple[str, ...]
    title: str
    minutes: int
    left_out: frozenset[str] = frozenset()
    room: str = ""
    video_url: str = ""
    rhythm: str = ""
    times: int = 1
    points: tuple[str, ...] = ()
    is_agenda_filled: bool = True

    @property
    def partner(self) -> Partner | None:
        """The one whose meeting it is; a meeting of several partners is nobody's."""
        return self.partners[0] if len(self.partners) == 1 else None

    @property
    def zone(self) -> str:
        """In which the hour stays the same when clocks change."""
        return self.partner.zone if self.partner else self.organiser.zone


def key_of(person: Person) -> str:
    return f"{'contact' if isinstance(person, Contact) else 'person'}:{person.pk}"


def people_meant(wish: Wish, *, at: datetime) -> list[Person]:
    """The organiser, then who has the roles: of ours the managers of these partners, or all in the role; of theirs who has one
    there, and where nobody does the principal or anybody who can be written to."""
    ours = [person for role in wish.roles for person in _of_ours(role, wish, at)]
    theirs = [contact for partner in wish.partners for contact in _of_theirs(partner, wish.roles, at)]
    return list(dict.fromkeys([wish.organiser, *ours, *theirs]))


def _of_ours(role: str, wish: Wish, at: datetime) -> list[Account]:
    if role not in Role.values:
        return []
    if role != Role.CHANNEL_MANAGER:
        return list(staff(role))
    managers = managers_of([one.pk for one in wish.partners], vendor_day(at))
    return list(staff().filter(pk__in=managers.values()))


def _of_theirs(partner: Partner, roles: Sequence[str], at: datetime) -> list[Contact]:
    if not set(roles) - set(Role.values):
        return []
    on = at.astimezone(partner.tz).date()
    there = list(
        partner.contacts.present(on).exclude(email="").select_related("partner").order_by("sort_name")
    )
    return [contact for contact in there if set(contact.roles) & set(roles)] or stand_in(there)


def guests_of(wish: Wish, *, at: datetime) -> list[Person]:
    """All that are meant, without those who are left out."""
    return [
        person
        for person in people_meant(wish, at=at)
        if person == wish.organiser or key_of(person) not in wish.left_out
    ]


def company_of(people: Sequence[Person], partners: Sequence[Partner]) -> Company:
    """Whose hours it must respect."""
    ours = tuple(person for person in people if isinstance(person, Account))
    theirs = tuple(person for person in people if isinstance(person, Contact))
    return Company(ours, tuple(partners), theirs)


def company_at(meeting: Meeting) -> Company:
    """The same for a meeting that was arranged."""
    people = concerned(meeting, attendees_of(meeting))
    partners = dict.fromkeys(one.partner for one in people if isinstance(one, Contact))
    return company_of(people, list(partners) or list(filter(None, [meeting.partner])))


def starts_of(wish: Wish, starts_at: datetime) -> list[datetime]:
    """All dates of it, the first then."""
    if not wish.rhythm:
        return [starts_at]
    return dates_of(rule_of(wish.rhythm, wish.times, starts_at, wish.zone), starts_at, wish.zone)


@transaction.atomic
def arrange(wish: Wish, starts_at: datetime, *, key: str, at: datetime) -> Meeting:
    """Arranges what is wished and invites everybody, once for its key; of a series the first date is returned, on whose
    agenda stands what is open now."""
    _insist_on(wish, starts_at, at)
    guests = guests_of(wish, at=at)
    insist(len(guests) > 1, "Nobody else comes to this meeting", "Choose a role that somebody has.", "theirs")
    told: dict[str, Any] = {
        "title": wish.title,
        "organiser": wish.organiser,
        "guests": guests,
        "starts_at": starts_at,
        "minutes": wish.minutes,
        "zone": wish.zone,
        "partner": wish.partner,
        "room": wish.room,
        "video_url": wish.video_url,
    }
    own = [Point(text, person=wish.organiser) for text in wish.points]
    found = open_points(wish.partner, at=at) if wish.is_agenda_filled else []
    if not wish.rhythm:
        return arrange_meeting(Arrangement(key, points=[*found, *own], **told), at=at)
    series = arrange_series(key, rhythm=wish.rhythm, times=wish.times, points=own, **told, at=at)
    first = series.meetings.order_by("original_at")[0]
    fill_agenda(first, found, at=at)
    return first


def _insist_on(wish: Wish, starts_at: datetime, at: datetime) -> None:
    for partner in wish.partners:
        is_seen = may_see_partner(wish.organiser, partner, at)
        insist(is_seen, f"{partner} is somebody else's partner", "Choose your own.", "partner")
    is_length = SHORTEST <= wish.minutes <= LONGEST
    insist(is_length, f"{wish.minutes} is no length", f"Take {SHORTEST} to {LONGEST} minutes.", "minutes")
    insist(starts_at > at, "This time is past", "Choose a later one.", "starts_at")


def fill_again(meeting: Meeting, *, by: Account, at: datetime) -> None:
    """The agenda of a meeting arranged by hand, from what is open now; what people brought stays."""
    if not may_change_meeting(by, meeting, at):
        raise Refused("This meeting is somebody else's", "Ask its organiser or the director.")
    fill_agenda(meeting, open_points(meeting.partner, at=at), at=at)
