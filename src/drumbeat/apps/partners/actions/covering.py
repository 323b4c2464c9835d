"""Who looks after each partner during a leave of its manager."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from drumbeat.apps.partners.models import Cover
from drumbeat.apps.people.models import Account, Leave
from drumbeat.core.refusal import Refused, insist


@transaction.atomic
def name_covers(leave: Leave, covers: Mapping[int, Account]) -> None:
    """Partner id -> cover, in place of those named before. Nobody covers himself, or while being away."""
    for person in set(covers.values()):
        insist(person.pk != leave.person_id, f"{person} can't cover the own leave", "Choose somebody else", "cover")  # fmt: skip
        insist(person.is_active, f"The account of {person} is closed", "Choose somebody else", "cover")
        away = person.leaves.approved().filter(from_on__lt=leave.until_on, until_on__gt=leave.from_on).first()
        if away:
            raise Refused(
                f"{person} is away from {away.from_on} until {away.until_on}", "Choose somebody else", field="cover"
            )  # fmt: skip
    Cover.objects.filter(leave=leave).delete()
    Cover.objects.bulk_create(
        Cover(leave=leave, partner_id=partner, person=person) for partner, person in covers.items()
    )
