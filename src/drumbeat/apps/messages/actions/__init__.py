"""The verbs of messages: one file a family."""

from .receiving import keep_place, keep_received, mark_answered, mark_bounced, note_trouble
from .sending import (
    begin_sending,
    claim_messages,
    expire_lease,
    hold_back,
    mark_all_sent,
    mark_deferred,
    mark_failed,
    mark_sent,
    mark_uncertain,
)
from .settling import drop_queued, retry_message, settle_message
from .writing import Enclosure, Note, write_message, write_messages

__all__ = [
    "Enclosure",
    "Note",
    "begin_sending",
    "claim_messages",
    "drop_queued",
    "expire_lease",
    "hold_back",
    "keep_place",
    "keep_received",
    "mark_all_sent",
    "mark_answered",
    "mark_bounced",
    "mark_deferred",
    "mark_failed",
    "mark_sent",
    "mark_uncertain",
    "note_trouble",
    "retry_message",
    "settle_message",
    "write_message",
    "write_messages",
]
