"""Who sees which partners, and who may do what with them. `None` stands for the machine or the operator, who may."""

from __future__ import annotations

from datetime import datetime

from drumbeat.apps.people.models import Account, Role

from .models import Assignment, Cover, Partner, PartnerSet

SEE_ALL = (Role.DIRECTOR, Role.PARTNER_OPERATIONS)


def visible_to(person: Account, at: datetime) -> PartnerSet:
    """A channel manager sees the partners assigned to him that day, where he is, and those he covers; an administrator
    sees none."""
    if not person.is_active:
        return Partner.objects.none()
    if person.has(*SEE_ALL):
        return Partner.objects.all()
    if person.has(Role.CHANNEL_MANAGER):
        on = at.astimezone(person.tz).date()
        own = Assignment.objects.current(on).filter(person=person)
        covered = Cover.objects.in_force(on).filter(person=person)
        # One set: two joined by OR would have every partner looked at.
        return Partner.objects.filter(id__in=own.values("partner_id").union(covered.values("partner_id")))
    return Partner.objects.none()


def may_see_partner(person: Account | None, partner: Partner, at: datetime) -> bool:
    return person is None or visible_to(person, at).filter(pk=partner.pk).exists()


def may_add_partner(person: Account | None) -> bool:
    return person is None or (person.is_active and person.has(*SEE_ALL))


def may_edit_partner(person: Account | None) -> bool:
    """Partners and their contacts, as far as the person sees them."""
    return may_add_partner(person) or (
        person is not None and person.is_active and person.has(Role.CHANNEL_MANAGER)
    )


def may_assign(person: Account | None) -> bool:
    """Say who looks after a partner."""
    return may_add_partner(person)
