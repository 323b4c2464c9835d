"""What changes endpoints, rooms and deliveries."""

from .delivering import (
    BACKOFF,
    LEASE,
    SHORTEST_SECRET,
    add_endpoint,
    claim_deliveries,
    close_endpoint,
    mark_delivered,
    mark_refused,
    mark_uncertain,
    note_settlement,
    requeue_delivery,
    write_delivery,
)
from .rooms import close_room, set_room, write_posts

__all__ = [
    "BACKOFF",
    "LEASE",
    "SHORTEST_SECRET",
    "add_endpoint",
    "claim_deliveries",
    "close_endpoint",
    "close_room",
    "mark_delivered",
    "mark_refused",
    "mark_uncertain",
    "note_settlement",
    "requeue_delivery",
    "set_room",
    "write_delivery",
    "write_posts",
]
