"""The verbs of messages: one file a family."""

from .announcing import ask_for_approval, send_announcement, write_announcement
from .heading import set_letterhead
from .pacing import take_turns
from .receiving import (
    keep_place,
    keep_received,
    mark_answered,
    mark_bounced,
    mark_complained,
    mark_delivered,
    note_trouble,
)
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
    drop_message,
    expire_lease,
    hold_back,
    mark_all_sent,
    mark_deferred,
    mark_failed,
    mark_sent,
    mark_uncertain,
)
from .settling import drop_queued, retry_message, settle_message
from .wishing import decline_topic, lift_suppression, suppress_address, wish_for
from .writing import Enclosure, Note, write_message, write_messages

__all__ = [
    "Enclosure",
    "Note",
    "ask_for_approval",
    "begin_sending",
    "claim_messages",
    "claim_reminders",
    "decline_topic",
    "drop_message",
    "drop_queued",
    "drop_reminders",
    "expire_lease",
    "hold_back",
    "hold_reminders",
    "keep_for_digest",
    "keep_place",
    "keep_received",
    "lift_suppression",
    "mark_all_sent",
    "mark_answered",
    "mark_bounced",
    "mark_complained",
    "mark_deferred",
    "mark_delivered",
    "mark_failed",
    "mark_sent",
    "mark_uncertain",
    "note_told",
    "note_trouble",
    "plan_reminders",
    "retry_message",
    "send_announcement",
    "set_letterhead",
    "settle_message",
    "suppress_address",
    "take_turns",
    "wish_for",
    "write_announcement",
    "write_message",
    "write_messages",
]
