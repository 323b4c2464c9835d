"""A leave and who covers it: proposed fairly, approved, and the work follows; at the end it goes back by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from drumbeat.apps.partners.actions import name_covers
from drumbeat.apps.partners.models import Assignment, Cover, Partner
from drumbeat.apps.people.actions import approve_leave, take_back_leave
from drumbeat.apps.people.models import Account, Leave, Role
from drumbeat.apps.people.queries import staff, vendor, vendor_day
from drumbeat.apps.routines.actions import follow_assignments, plan_subscriptions
from drumbeat.apps.routines.models import Override, Subscription
from drumbeat.apps.routines.queries import minutes_due
from drumbeat.core.covering import Hand, Piece, loads_after, spread
from drumbeat.core.refusal import Refused


@dataclass(frozen=True, slots=True)
class Share:
    """What one colleague would take: the partners, and the minutes due in the window before and after."""

    person: Account
    partners: tuple[Partner, ...]
    minutes_before: int
    minutes_after: int


@dataclass(frozen=True, slots=True)
class Spreading:
    """Who would take what. `left_over` are partners for whom there is nobody."""

    shares: tuple[Share, ...]
    left_over: tuple[Partner, ...] = ()

    @property
    def hands(self) -> dict[int, Account]:
        return {partner.pk: share.person for share in self.shares for partner in share.partners}


def propose_cover(leave: Leave) -> Spreading:
    """A manager's partners spread over the channel managers who are there all the time, by what is due meanwhile."""
    partners = partners_of(leave.person, leave.from_on)
    free = [person for person in colleagues_of(leave.person) if not _is_away(person, leave)]
    return spread_over(partners, free, leave.from_on, leave.until_on)


def spread_over(
    partners: Collection[Partner], people: Collection[Account], from_on: date, until_on: date
) -> Spreading:
    held = _held_by(people, from_on)
    minutes = _minutes([*partners, *(one for own in held.values() for one in own)], from_on, until_on)
    pieces = [_piece(partner, minutes[partner.pk]) for partner in partners]
    hands = [_hand(person, held[person.pk], minutes) for person in people]
    taken = spread(pieces, hands)
    loads = loads_after(pieces, hands, taken)
    shares = tuple(
        Share(person, tuple(one for one in partners if taken.get(one.pk) == person.pk), *loads[person.pk])
        for person in people
    )
    return Spreading(shares, tuple(one for one in partners if one.pk not in taken))


def _minutes(partners: Collection[Partner], from_on: date, until_on: date) -> Mapping[int, int]:
    zone = ZoneInfo(vendor().zone)
    since, until = (datetime.combine(on, time(), tzinfo=zone) for on in (from_on, until_on))
    return minutes_due({partner.pk for partner in partners}, since, until)


def _piece(partner: Partner, minutes: int) -> Piece:
    return Piece(partner.pk, minutes, _territory(partner), partner.zone, partner.language)


def _territory(partner: Partner) -> str:
    return partner.territory.key if partner.territory else ""


def _hand(person: Account, held: Collection[Partner], minutes: Mapping[int, int]) -> Hand:
    return Hand(
        person.pk,
        sum(minutes[partner.pk] for partner in held),
        frozenset(filter(None, map(_territory, held))),
        frozenset({person.zone}),
        frozenset({person.language, *(partner.language for partner in held)}),
    )


def partners_of(person: Account, on: date) -> list[Partner]:
    """Those he looks after that day, and those of which he owns a routine's work by agreement."""
    own = Assignment.objects.filter(Q(until_on=None) | Q(until_on__gt=on), person=person)
    agreed = Override.objects.not_over(on).filter(kind=Override.Kind.OWNER, owner=person)
    partners = Partner.objects.filter(
        Q(pk__in=own.values("partner_id")) | Q(pk__in=agreed.values("subscription__partner_id"))
    )
    return list(partners.select_related("territory"))


def colleagues_of(person: Account) -> list[Account]:
    return list(staff(Role.CHANNEL_MANAGER).exclude(pk=person.pk))


def _is_away(person: Account, leave: Leave) -> bool:
    return person.leaves.standing().filter(from_on__lt=leave.until_on, until_on__gt=leave.from_on).exists()


def _held_by(people: Collection[Account], on: date) -> dict[int, list[Partner]]:
    held: dict[int, list[Partner]] = defaultdict(list)
    current = Assignment.objects.current(on).filter(person__in=[person.pk for person in people])
    for assignment in current.select_related("partner__territory"):
        held[assignment.person_id].append(assignment.partner)
    return held


@transaction.atomic
def grant_leave(
    leave: Leave, covers: Mapping[int, Account] | None = None, *, by: Account | None, at: datetime
) -> Leave:
    """Approved; each partner has its cover (as proposed, unless others are named), the person's own routines rest, and what
    is due meanwhile follows as soon as the leave has begun."""
    _insist_on_covering_nobody(leave)
    named = propose_cover(leave).hands if covers is None else dict(covers)
    counts = {person: list(named.values()).count(person) for person in named.values()}
    first = max(counts, key=lambda person: (counts[person], -person.pk), default=None)
    leave = approve_leave(leave, cover=first, by=by, at=at)
    name_covers(leave, named)
    _follow(leave, at)
    return leave


def _insist_on_covering_nobody(leave: Leave) -> None:
    held = Cover.objects.filter(
        person=leave.person, leave__state=Leave.State.APPROVED,
        leave__from_on__lt=leave.until_on, leave__until_on__gt=leave.from_on,
    )  # fmt: skip
    if cover := held.select_related("leave__person", "partner").first():
        raise Refused(
            f"{leave.person} covers {cover.partner} for {cover.leave.person} until {cover.leave.until_on}",
            "Name another cover there first",
        )


@transaction.atomic
def end_leave(leave: Leave, on: date, *, by: Account | None, at: datetime) -> Leave:
    """Taken back before it begins, or back earlier: from that day on the work is the person's own again."""
    leave = take_back_leave(leave, on=on, by=by, at=at)
    _follow(leave, at)
    return leave


def _follow(leave: Leave, at: datetime) -> None:
    follow_assignments(on=vendor_day(at))
    plan_subscriptions(Subscription.objects.running().filter(person=leave.person), at=at)


@transaction.atomic
def cover_in_place_of(person: Account, *, by: Account | None, at: datetime) -> None:
    """Who leaves covers nobody any more: those partners are spread over the others who are there."""
    on = vendor_day(at)
    covered = Cover.objects.filter(person=person, leave__until_on__gt=on).values("leave")
    for leave in Leave.objects.approved().filter(Q(pk__in=covered) | Q(cover=person, until_on__gt=on)):
        named = {cover.partner_id: cover.person for cover in leave.covers.select_related("person")}
        free = [one for one in colleagues_of(leave.person) if one != person and not _is_away(one, leave)]
        left = Partner.objects.filter(pk__in=[pk for pk, cover in named.items() if cover == person])
        again = spread_over(list(left.select_related("territory")), free, leave.from_on, leave.until_on)
        kept = {pk: cover for pk, cover in named.items() if cover != person}
        first = leave.cover if leave.cover != person else next(iter({**kept, **again.hands}.values()), None)
        approve_leave(leave, cover=first, by=by, at=at)
        name_covers(leave, kept | again.hands)
