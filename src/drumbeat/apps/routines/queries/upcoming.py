"""Moments to come: of a routine, a partner or a person, each with why it falls there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from drumbeat.apps.asking import kept
from drumbeat.apps.partners.models import Assignment, Partner
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.models import Moment, Routine, Subscription
from drumbeat.core.explaining import explain


@dataclass(frozen=True, slots=True)
class Upcoming:
    """One due moment that is not opened yet; `why` is a sentence."""

    routine: Routine
    partner: Partner | None
    person: Account | None
    nominal_on: date
    opens_at: datetime
    due_at: datetime
    why: str
    owing: str


def upcoming_moments(
    *,
    until: datetime,
    routine: Routine | None = None,
    partner: Partner | None = None,
    person: Account | None = None,
    limit: int = 50,
) -> list[Upcoming]:
    """By due moment, up to `limit`; `person` takes his own and those of the partners he looks after."""
    moments = Moment.objects.filter(due_at__lt=until)
    if routine:
        moments = moments.filter(subscription__routine=routine)
    if partner:
        moments = moments.filter(subscription__partner=partner)
    if person:
        moments = moments.filter(subscription__in=subscriptions_of(person, until))
    return [
        _upcoming(moment) for moment in moments.select_related(*_RELATED).order_by("due_at", "pk")[:limit]
    ]


@dataclass(frozen=True, slots=True)
class Coming:
    """A moment of a partner that is not opened yet, as a line and a mark."""

    key: str
    title: str
    owing: str
    due_at: datetime


def coming_moments(partner: Partner, until: datetime) -> list[Coming]:
    """By due moment."""
    return [Coming(*row) for row in _coming_moments(partner.pk, until)]


@kept
def _coming_moments(partner: int, until: datetime) -> QuerySet[Any, tuple[Any, ...]]:
    moments = Moment.objects.filter(subscription__partner=partner, due_at__lt=until).order_by("due_at", "pk")
    return moments.values_list(
        "subscription__routine__key", "subscription__routine__title", "version__owing", "due_at"
    )


def upcoming_of_partners(partners: Collection[int], *, until: datetime) -> dict[int, list[Upcoming]]:
    """Partner id -> moments due before `until`, by due moment, in one query for all."""
    found: dict[int, list[Upcoming]] = {}
    moments = Moment.objects.filter(due_at__lt=until, subscription__partner__in=partners)
    for moment in moments.select_related(*_RELATED).order_by("due_at", "pk"):
        found.setdefault(moment.subscription.partner_id or 0, []).append(_upcoming(moment))
    return found


_RELATED = ("subscription__routine", "subscription__partner", "subscription__person", "version")


def subscriptions_of(person: Account, until: datetime) -> list[int]:
    """A person's own running ones, and those of the partners he looks after that a channel manager has."""
    on = until.date()
    return [pk for (pk,) in (*_own_subscriptions(person.pk), *_subscriptions_of_partners(person.pk, on))]


@kept
def _own_subscriptions(person: int) -> QuerySet[Any, tuple[Any, ...]]:
    return Subscription.objects.running().filter(person=person).values_list("pk")


@kept
def _subscriptions_of_partners(person: int, on: date) -> QuerySet[Any, tuple[Any, ...]]:
    partners = Assignment.objects.current(on).filter(person=person).values("partner_id")
    theirs = Subscription.objects.running().filter(
        partner__in=partners, routine__version__owner="channel_manager"
    )
    return theirs.values_list("pk")


def _upcoming(moment: Moment) -> Upcoming:
    subscription = moment.subscription
    return Upcoming(
        subscription.routine,
        subscription.partner,
        subscription.person,
        moment.nominal_on,
        moment.opens_at,
        moment.due_at,
        explain(moment.why),
        moment.version.owing,
    )
