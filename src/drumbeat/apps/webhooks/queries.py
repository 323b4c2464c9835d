"""Questions about endpoints."""

from __future__ import annotations

from drumbeat.core.refusal import Refused

from .models import Endpoint


def endpoint_keys() -> frozenset[str]:
    return frozenset(Endpoint.objects.open().values_list("key", flat=True))


def endpoint_named(key: str) -> Endpoint:
    """Raises Refused when there is none, or it was closed."""
    found = Endpoint.objects.open().filter(key=key).first()
    if found is None:
        raise Refused(f"There is no endpoint {key!r}", "An administrator adds it under Endpoints.")
    return found
