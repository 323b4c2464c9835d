"""Who sees which mail: that of the partners one sees, and one's own."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from drumbeat.apps.partners.access import visible_to as partners_visible_to
from drumbeat.apps.people.models import Account, Role

from .models import Message, MessageSet


def visible_to(person: Account, at: datetime) -> MessageSet:
    if not person.is_active:
        return Message.objects.none()
    if person.has(Role.DIRECTOR, Role.PARTNER_OPERATIONS):
        return Message.objects.all()
    if person.has(Role.CHANNEL_MANAGER):
        partners = partners_visible_to(person, at)
        return Message.objects.filter(Q(person=person) | Q(partner__in=partners))
    return Message.objects.filter(person=person)


def may_lift(person: Account) -> bool:
    """Suppressions are lifted, and the letterhead is set, by partner operations."""
    return person.is_active and person.has(Role.PARTNER_OPERATIONS, Role.DIRECTOR)


def may_write_announcements(person: Account) -> bool:
    return person.is_active and person.has(Role.PARTNER_OPERATIONS, Role.DIRECTOR)


def may_approve(person: Account) -> bool:
    """Second pair of eyes: a director."""
    return person.is_active and person.has(Role.DIRECTOR)


def may_settle(person: Account, message: Message, at: datetime) -> bool:
    """Whoever sees it may say what became of it."""
    return visible_to(person, at).filter(pk=message.pk).exists()
