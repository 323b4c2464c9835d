"""The verbs of messages: one file a family."""

from .receiving import keep_place, keep_received, mark_answered, mark_bounced, note_trouble
from .reminding import (
    claim_reminders,
    drop_reminders,
    hold_reminders,
    keep_for_digest,
    note_told,
    plan_reminders,
)
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
    "claim_reminders",
    "drop_queued",
    "drop_reminders",
    "expire_lease",
    "hold_back",
    "hold_reminders",
    "keep_for_digest",
    "keep_place",
    "keep_received",
    "mark_all_sent",
    "mark_answered",
    "mark_bounced",
    "mark_deferred",
    "mark_failed",
    "mark_sent",
    "mark_uncertain",
    "note_told",
    "note_trouble",
    "plan_reminders",
    "retry_message",
    "settle_message",
    "write_message",
    "write_messages",
]
