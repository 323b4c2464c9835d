"""Which times suit everybody who comes to a meeting, hard hours in turn; and what stands in the way of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from drumbeat.apps.meetings.models import Attendee, Meeting
from drumbeat.apps.partners.bridge import account_calendar, calendar_of
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.people.models import Account
from drumbeat.core.meetingtimes import LOOKED_AHEAD, Side, propose_times
from drumbeat.core.worktime import WorkingHours

REMEMBERED = 12  # meetings
LONGEST = timedelta(hours=12)
OBSTACLES = {"hours": "outside the hours of {}", "away": "{} is on leave", "day off": "no working day for {}"}
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Company:
    """Whose hours a meeting must respect: people of ours by their own, partners by theirs, all of them free then."""

    people: tuple[Account, ...]
    partners: tuple[Partner, ...] = ()
    contacts: tuple[Contact, ...] = ()

    @property
    def is_alone(self) -> bool:
        return len(self.people) + len(self.contacts) < 2


@dataclass(frozen=True, slots=True)
class Offer:
    """A time for all, and whose first or last hour it is."""

    starts_at: datetime
    hard_for: tuple[str, ...]


def times_beside(
    first: datetime, minutes: int, partner: Partner, manager: Account, *, wanted: int
) -> list[datetime]:
    """On the days after the arranged one (where the partner is); fewer when the days of both hardly meet."""
    midnight = first.astimezone(partner.tz).replace(hour=0, minute=0) + timedelta(days=1)
    sides = [side for _, side in _sides(Company((manager,), (partner,)), first)]
    return [one.starts_at for one in propose_times(sides, minutes, since=midnight, wanted=wanted)]


def times_for(
    company: Company, minutes: int, *, since: datetime, wanted: int, besides: Meeting | None = None
) -> list[Offer]:
    """The next times at which nobody of them has another meeting of ours; `besides` is the one that moves."""
    named = _sides(company, since)
    busy = [span for span, _ in _taken(company, since, since + timedelta(days=LOOKED_AHEAD), besides)]
    sides = [side for _, side in named]
    found = propose_times(sides, minutes, since=since, wanted=wanted, busy=busy)
    return [Offer(one.starts_at, tuple(named[number][0] for number in one.hard_for)) for one in found]


def in_the_way(
    company: Company, starts: Sequence[datetime], minutes: int, *, besides: Meeting | None = None
) -> list[str]:
    """For each of these starts what speaks against it, in a few words; empty where nothing does."""
    if not starts:
        return []
    named, length = _sides(company, min(starts)), timedelta(minutes=minutes)
    taken = _taken(company, min(starts), max(starts) + length, besides)
    return [_against(named, taken, start, start + length) for start in starts]


def _against(
    named: Sequence[tuple[str, Side]], taken: Sequence[tuple[Span, str]], begin: datetime, end: datetime
) -> str:
    obstacles = [(side.obstacle(begin, end), name) for name, side in named]
    said = [OBSTACLES[what].format(name) for what, name in obstacles if what]
    said += [f"at the same time: {title}" for (start, until), title in taken if start < end and begin < until]
    return "; ".join(said)


def _sides(company: Company, at: datetime) -> list[tuple[str, Side]]:
    """With its name each; who had the hard hours is counted in the meetings held with these partners before."""
    held = _held(company.partners, at)
    ours = [(person.name, _side_of(person, at)) for person in company.people]
    theirs = [(one.name, Side(WorkingHours(calendar_of(one), one.tz))) for one in company.partners]
    return [(name, replace(side, hard_so_far=_hard(side, held))) for name, side in (*ours, *theirs)]


def _side_of(person: Account, at: datetime) -> Side:
    hours = WorkingHours(account_calendar(person), person.tz, person.works_from, person.works_until)
    away = person.leaves.approved().filter(until_on__gt=at.date()).values_list("from_on", "until_on")
    return Side(hours, tuple(away))


def _held(partners: Sequence[Partner], until: datetime) -> list[tuple[datetime, int]]:
    rows = Meeting.objects.filter(partner__in=partners, state=Meeting.State.HELD, starts_at__lt=until)
    return list(rows.order_by("-starts_at").values_list("starts_at", "minutes")[:REMEMBERED])


def _hard(side: Side, held: Sequence[tuple[datetime, int]]) -> int:
    return sum(side.is_hard(begin, begin + timedelta(minutes=minutes)) for begin, minutes in held)


def _taken(
    company: Company, since: datetime, until: datetime, besides: Meeting | None
) -> list[tuple[Span, str]]:
    """When somebody of them is in another meeting, with its title."""
    rows = _arranged(company).filter(starts_at__gt=since - LONGEST, starts_at__lt=until)
    found = rows.exclude(pk=besides.pk) if besides else rows
    return [
        ((start, start + timedelta(minutes=minutes)), title)
        for start, minutes, title in found.order_by("starts_at").values_list("starts_at", "minutes", "title")
    ]


def _arranged(company: Company) -> QuerySet[Meeting]:
    comes = Q(person__in=company.people) | Q(contact__in=company.contacts)
    attends = Exists(Attendee.objects.filter(comes, meeting=OuterRef("pk")))
    return Meeting.objects.filter(Q(organiser__in=company.people) | Q(attends), state=Meeting.State.ARRANGED)
