"""Who sees and changes meetings: the organiser, who attends, who looks after the partner, the director."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from drumbeat.apps.partners.access import may_see_partner
from drumbeat.apps.partners.access import visible_to as partners_visible_to
from drumbeat.apps.people.models import Account, Role

from .models import Attendee, Meeting


def visible_to(person: Account, at: datetime) -> QuerySet[Meeting]:
    if not person.is_active:
        return Meeting.objects.none()
    if person.has(Role.DIRECTOR, Role.PARTNER_OPERATIONS):
        return Meeting.objects.all()
    attends = Exists(Attendee.objects.filter(meeting=OuterRef("pk"), person=person))
    partners = partners_visible_to(person, at)
    return Meeting.objects.filter(Q(organiser=person) | Q(partner__in=partners) | attends)


def may_change_meeting(person: Account, meeting: Meeting, at: datetime) -> bool:
    if not person.is_active:
        return False
    if person.has(Role.DIRECTOR) or person.pk == meeting.organiser_id:
        return True
    return meeting.partner is not None and may_see_partner(person, meeting.partner, at)
