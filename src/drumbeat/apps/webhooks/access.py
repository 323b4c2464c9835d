"""Who sets which room, and sees what was posted there: one's own; the team's is for directors and partner operations."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from drumbeat.apps.people.models import Account, Role

from .models import Delivery, Room

FOR_TEAM = (Role.DIRECTOR, Role.PARTNER_OPERATIONS)


def may_set_room(by: Account, person: Account | None) -> bool:
    return by.is_active and (by.has(*FOR_TEAM) if person is None else by.pk == person.pk)


def rooms_of(by: Account) -> QuerySet[Room]:
    """Open ones that the person may set."""
    owned = Q(person=by) | Q(person=None) if by.has(*FOR_TEAM) else Q(person=by)
    return Room.objects.filter(owned, endpoint__closed_at=None).select_related("endpoint", "person")


def posts_of(by: Account) -> QuerySet[Delivery]:
    """What was posted to the person's rooms, closed ones too."""
    owned = Q(endpoint__room__person=by)
    if by.has(*FOR_TEAM):
        owned |= Q(endpoint__room__isnull=False, endpoint__room__person=None)
    return Delivery.objects.filter(owned).select_related("endpoint__room__person")
