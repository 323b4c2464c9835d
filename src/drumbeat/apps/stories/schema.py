"""The indexes that a timeline walks. They lie on tables of the apps below, which need none of them for themselves."""

TIMELINE = """
CREATE INDEX story_message_of_partner ON outbox_message (partner_id, written_at DESC, id DESC) WHERE partner_id IS NOT NULL;
CREATE INDEX story_message_of_contact ON outbox_message (contact_id, written_at DESC, id DESC) WHERE contact_id IS NOT NULL;
CREATE INDEX story_received_of_partner ON outbox_received (partner_id, received_at DESC, id DESC) WHERE partner_id IS NOT NULL;
CREATE INDEX story_received_of_contact ON outbox_received (contact_id, received_at DESC, id DESC) WHERE contact_id IS NOT NULL;
CREATE INDEX story_meeting_of_partner ON meetings_meeting (partner_id, starts_at DESC, id DESC) WHERE partner_id IS NOT NULL;
CREATE INDEX story_promise_of_partner ON ledger_promise (partner_id, promised_at DESC, id DESC) WHERE partner_id IS NOT NULL;
CREATE INDEX story_outcome_of_partner ON ledger_standing (partner_id, outcome_at DESC, promise_id DESC)
    WHERE outcome_at IS NOT NULL;
CREATE INDEX story_turn_of_promise ON ledger_entry (promise_id) WHERE kind IN ('redated', 'corrected');
CREATE INDEX story_answer_of_contact ON forms_answer (contact_id, submitted_at DESC) WHERE contact_id IS NOT NULL;
CREATE INDEX story_decision_of_contact ON routines_decision (contact_id, decided_at DESC) WHERE contact_id IS NOT NULL;
CREATE INDEX story_event_of_partner ON events_event (partner_id, at DESC, id DESC) WHERE partner_id IS NOT NULL;
CREATE INDEX story_edition_of_partner ON reports_edition (partner_id, built_at DESC, id DESC) WHERE partner_id IS NOT NULL;
"""

_NAMES = (
    "message_of_partner", "message_of_contact", "received_of_partner", "received_of_contact", "meeting_of_partner",
    "promise_of_partner", "outcome_of_partner", "turn_of_promise", "answer_of_contact", "decision_of_contact",
    "event_of_partner", "edition_of_partner",
)  # fmt: skip
NO_TIMELINE = "\n".join(f"DROP INDEX story_{name};" for name in _NAMES)
