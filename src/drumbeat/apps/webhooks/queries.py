"""Questions about endpoints and rooms."""

from __future__ import annotations

from django.db.models import Q

from drumbeat.core.refusal import Refused

from .models import Endpoint, Room


def endpoint_keys() -> frozenset[str]:
    return frozenset(Endpoint.objects.of_systems().values_list("key", flat=True))


def endpoint_named(key: str) -> Endpoint:
    """Raises Refused when there is none, or it was closed."""
    found = Endpoint.objects.of_systems().filter(key=key).first()
    if found is None:
        raise Refused(f"There is no endpoint {key!r}", "An administrator adds it under Endpoints.")
    return found


def rooms_for(person_id: int) -> list[Room]:
    """Where a person's digest is told beside the mail: his own room and the team's."""
    found = Room.objects.filter(Q(person=person_id) | Q(person=None), endpoint__closed_at=None)
    return list(found.select_related("endpoint").order_by("pk"))
