"""Who sees which partners, and who may do what with them. `None` stands for the machine or the operator, who may."""

from __future__ import annotations

from datetime import datetime

from django.db.models.expressions import RawSQL

from drumbeat.apps.people.models import Account, Role

from .models import Partner, PartnerSet

SEE_ALL = (Role.DIRECTOR, Role.PARTNER_OPERATIONS)
# Plain SQL, because every page asks it: the partners of a manager on a day, and those he covers.
LOOKED_AFTER = """
SELECT partner_id FROM partners_assignment
WHERE person_id = %s AND from_on <= %s AND (until_on IS NULL OR until_on > %s)
UNION ALL
SELECT c.partner_id FROM partners_cover c JOIN people_leave l ON l.id = c.leave_id
WHERE c.person_id = %s AND l.state = 'approved' AND l.from_on <= %s AND l.until_on > %s
"""


def visible_to(person: Account, at: datetime) -> PartnerSet:
    """A channel manager sees the partners assigned to him that day, where he is, and those he covers; an administrator
    sees none."""
    if not person.is_active:
        return Partner.objects.none()
    if person.has(*SEE_ALL):
        return Partner.objects.all()
    if person.has(Role.CHANNEL_MANAGER):
        on = at.astimezone(person.tz).date()
        return Partner.objects.filter(id__in=RawSQL(LOOKED_AFTER, [person.pk, on, on] * 2))  # noqa: S611 (a constant)
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
