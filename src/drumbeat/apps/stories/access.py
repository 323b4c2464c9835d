"""Who may read mail that came in: whoever sees the partner that it came from."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from drumbeat.apps.messages.models import Received
from drumbeat.apps.partners.access import SEE_ALL, visible_to
from drumbeat.apps.people.models import Account


def received_visible_to(person: Account, at: datetime) -> QuerySet[Received]:
    """What nobody could be found for is for directors and partner operations."""
    if person.is_active and person.has(*SEE_ALL):
        return Received.objects.all()
    return Received.objects.filter(partner__in=visible_to(person, at))
