"""Commitments: open ones on a person's list, those between both sides, those that wait too long for a yes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from drumbeat.apps.asking import ask
from drumbeat.apps.ledger.models import Commitment, CommitmentSet
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account

RELATED = ("partner", "contact", "person", "promise__standing__person")


# Asked by every morning's page: the ids alone, for most people have none.
OPEN_OF_PERSON = """
SELECT c.id FROM ledger_commitment c JOIN ledger_standing s ON s.promise_id = c.promise_id
WHERE s.outcome IS NULL AND s.person_id = %s
"""
OPEN_OF_PARTNER = """
SELECT c.id FROM ledger_commitment c LEFT JOIN ledger_standing s ON s.promise_id = c.promise_id
WHERE c.partner_id = ANY(%s)
  AND (c.state = 'acknowledged' AND s.outcome IS NULL OR c.state IN ('proposed', 'questioned'))
"""


def commitments_of(person: Account) -> list[Commitment]:
    """Acknowledged and open ones that this person owes, or chases at a partner; by due moment."""
    return _in_order(ask(OPEN_OF_PERSON, [person.pk]), "promise__standing__due_at")


def open_commitments(partner: Partner) -> list[Commitment]:
    """Between both sides, by due moment: promises without an outcome, and what waits for its owner's yes."""
    return open_commitments_of([partner.pk]).get(partner.pk, [])


def open_commitments_of(partners: Collection[int]) -> dict[int, list[Commitment]]:
    """The same of many, by partner id."""
    by_partner: dict[int, list[Commitment]] = defaultdict(list)
    for one in _in_order(ask(OPEN_OF_PARTNER, [list(partners)]), "due_at"):
        by_partner[one.partner_id or 0].append(one)
    return by_partner


def _in_order(found: Sequence[tuple[Any, ...]], order: str) -> list[Commitment]:
    if not found:
        return []
    rows = Commitment.objects.filter(pk__in=[pk for (pk,) in found])
    return list(rows.select_related(*RELATED).order_by(order, "pk"))


def unanswered_since(partner: Partner, moment: datetime) -> CommitmentSet:
    """Said before that moment, and still without its owner's yes or no."""
    return Commitment.objects.unanswered().filter(partner=partner, proposed_at__lte=moment)
