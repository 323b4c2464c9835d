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

# Folding is that of `core/searching.fold`. Texts are cut, because a tsvector may not pass one megabyte; the cost tells the
# planner that words are dear, so that it takes them from an index; in SQL the function would be unfolded into its caller, and
# its cost with it. Names are found by their letters as well (pg_trgm).
SEARCH = r"""
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE FUNCTION story_fold(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT replace(replace(replace(translate(regexp_replace(lower(normalize($1, NFKD)), '[\u0300-\u036f]', '', 'g'),
                   'øłđı', 'oldi'), 'æ', 'ae'), 'œ', 'oe'), 'ß', 'ss') $$;
CREATE FUNCTION story_words(first text, rest text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
BEGIN
    RETURN setweight(to_tsvector('simple'::regconfig, regexp_replace(public.story_fold(left(first, 1000)), '[^[:alnum:]]+', ' ', 'g')), 'A')
        || setweight(to_tsvector('simple'::regconfig, regexp_replace(public.story_fold(left(rest, 50000)), '[^[:alnum:]]+', ' ', 'g')), 'B');
END $$;
CREATE INDEX story_partner_words ON partners_partner USING gin (story_words(name, city));
CREATE INDEX story_contact_words ON partners_contact USING gin (story_words(name, email));
CREATE INDEX story_message_words ON outbox_message USING gin (story_words(subject, text));
CREATE INDEX story_received_words ON outbox_received USING gin (story_words(subject, text));
CREATE INDEX story_meeting_words ON meetings_meeting USING gin (story_words(title, notes));
CREATE INDEX story_point_words ON meetings_agendapoint USING gin (story_words(decision, notes));
CREATE INDEX story_commitment_words ON ledger_commitment USING gin (story_words(text, note));
CREATE INDEX story_partner_letters ON partners_partner USING gin (sort_name gin_trgm_ops);
CREATE INDEX story_contact_letters ON partners_contact USING gin (sort_name gin_trgm_ops);
"""

NO_SEARCH = """
DROP FUNCTION story_words(text, text) CASCADE;
DROP FUNCTION story_fold(text);
DROP INDEX story_partner_letters;
DROP INDEX story_contact_letters;
"""
