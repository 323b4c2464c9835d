"""Commitments: open ones on a person's list, those between both sides, those that wait too long for a yes."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from drumbeat.apps.ledger.models import Commitment, CommitmentSet
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account

RELATED = ("partner", "contact", "person", "promise__standing__person")


def commitments_of(person: Account) -> list[Commitment]:
    """Acknowledged and open ones that this person owes, or chases at a partner; by due moment."""
    rows = Commitment.objects.filter(promise__standing__outcome=None, promise__standing__person=person)
    return list(rows.select_related(*RELATED).order_by("promise__standing__due_at", "pk"))


def open_commitments(partner: Partner) -> list[Commitment]:
    """Between both sides, by due moment: promises without an outcome, and what waits for its owner's yes."""
    is_open = Q(promise__standing__outcome=None, state=Commitment.State.ACKNOWLEDGED)
    waits = Q(state__in=[Commitment.State.PROPOSED, Commitment.State.QUESTIONED])
    rows = Commitment.objects.filter(is_open | waits, partner=partner)
    return list(rows.select_related(*RELATED).order_by("due_at", "pk"))


def unanswered_since(partner: Partner, moment: datetime) -> CommitmentSet:
    """Said before that moment, and still without its owner's yes or no."""
    return Commitment.objects.unanswered().filter(partner=partner, proposed_at__lte=moment)
