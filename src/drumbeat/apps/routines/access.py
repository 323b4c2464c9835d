"""Who may see and do steps. A manager's own, those of his partners, and those in the pool of his role."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from django.db.models import Q

from drumbeat.apps.partners.access import visible_to as partners_visible_to
from drumbeat.apps.people.models import Account, Role

from .models import Occurrence, OccurrenceSet, Step, StepSet, Subscription, SubscriptionSet


def steps_visible_to(person: Account, at: datetime) -> StepSet:
    if person.has(Role.DIRECTOR, Role.PARTNER_OPERATIONS):
        return Step.objects.all()
    if person.has(Role.CHANNEL_MANAGER):
        partners = partners_visible_to(person, at)
        own = Q(assignee=person) | Q(occurrence__subscription__person=person)
        return Step.objects.filter(own | Q(occurrence__subscription__partner__in=partners))
    return Step.objects.none()


def occurrences_visible_to(person: Account, at: datetime) -> OccurrenceSet:
    return Occurrence.objects.filter(subscription__in=subscriptions_visible_to(person, at))


def subscriptions_visible_to(person: Account, at: datetime) -> SubscriptionSet:
    if person.has(Role.DIRECTOR, Role.PARTNER_OPERATIONS):
        return Subscription.objects.all()
    if person.has(Role.CHANNEL_MANAGER):
        return Subscription.objects.filter(Q(person=person) | Q(partner__in=partners_visible_to(person, at)))
    return Subscription.objects.none()


def may_override(person: Account | None, subscription: Subscription, at: datetime) -> bool:
    """Agree to an exception, or move an occurrence: whoever looks after the subject, a director, partner operations."""
    if person is None:
        return True
    seen = subscriptions_visible_to(person, at)
    return person.is_active and seen.filter(pk=subscription.pk).exists()


def may_upgrade(person: Account | None) -> bool:
    """Move running work of all partners to a new version."""
    return person is None or (person.is_active and person.has(Role.DIRECTOR, Role.PARTNER_OPERATIONS))


class Assigned(Protocol):
    """A step, or a line that tells of one."""

    @property
    def assignee_id(self) -> int | None: ...
    @property
    def role(self) -> str: ...


def may_do_step(person: Account, step: Step | Assigned) -> bool:
    """One's own, the pool's of one's role; a director may step in anywhere."""
    if person.has(Role.DIRECTOR):
        return True
    if step.assignee_id:
        return step.assignee_id == person.pk
    return step.role == person.role


def may_shape_routines(person: Account | None) -> bool:
    """Draft, publish, start and retire routines; channel managers look at drafts."""
    return person is None or (person.is_active and person.has(Role.DIRECTOR, Role.PARTNER_OPERATIONS))
