"""Who may see and decide what in the ledger. Partners' promises follow the partner; the team's follow the person."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from drumbeat.apps.partners.access import may_see_partner
from drumbeat.apps.partners.access import visible_to as partners_visible_to
from drumbeat.apps.people.models import Account, Role

from .models import Ask, Commitment, CommitmentSet, Promise


def promises_visible_to(person: Account, at: datetime) -> QuerySet[Promise]:
    if person.has(Role.DIRECTOR, Role.PARTNER_OPERATIONS):
        return Promise.objects.all()
    if person.has(Role.CHANNEL_MANAGER):
        own = Q(standing__person=person)
        return Promise.objects.filter(own | Q(partner__in=partners_visible_to(person, at)))
    return Promise.objects.none()


def may_decide_ask(person: Account, ask: Ask) -> bool:
    """The director decides for the owed side, but never on what he asked for or answers for himself."""
    is_own = person.pk in (ask.asked_by_id, ask.promise.standing.person_id)
    return person.has(Role.DIRECTOR) and not is_own


def commitments_visible_to(person: Account, at: datetime) -> CommitmentSet:
    if person.has(Role.DIRECTOR, Role.PARTNER_OPERATIONS):
        return Commitment.objects.all()
    if person.has(Role.CHANNEL_MANAGER):
        return Commitment.objects.filter(Q(person=person) | Q(partner__in=partners_visible_to(person, at)))
    return Commitment.objects.none()


def may_change_commitment(person: Account, commitment: Commitment, at: datetime) -> bool:
    """Who owns it, who said it, and who looks after the partner."""
    if not person.is_active:
        return False
    if person.has(Role.DIRECTOR) or person.pk in (commitment.person_id, commitment.proposed_by_id):
        return True
    return commitment.partner is not None and may_see_partner(person, commitment.partner, at)
