"""Where a timeline's lines come from: each source is one flat select over an indexed table. It names columns and joins; how
sources are put together, narrowed and paged is said elsewhere."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """SQL expressions. `of_partner` is the column that is compared with the ids asked for, `of_contact` the condition on
    `%(contact)s`; a source without one is left out there. `side` is a plain word where the source has only one."""

    kind: str
    rows: str
    at: str
    id: str
    what: str
    title: str
    of_partner: str = ""
    of_contact: str = ""
    side: str = "'vendor'"
    who: str = "''"
    ref: str = "''"
    note: str = "''"
    due_at: str = "NULL"
    where: str = "true"

    @property
    def only_side(self) -> str:
        """The side of all its lines; empty where it differs from line to line."""
        word = self.side.strip("'")
        return word if self.side == f"'{word}'" else ""


STEP = (
    "JOIN routines_step s ON s.id = {step} JOIN routines_occurrence o ON o.id = s.occurrence_id "
    "JOIN routines_subscription b ON b.id = o.subscription_id JOIN routines_playbookstep y ON y.id = s.playbook_step_id "
    "LEFT JOIN partners_contact c ON c.id = x.contact_id LEFT JOIN people_account a ON a.id = x.person_id"
)
WHO = "coalesce(c.name, a.name, '')"
OCCURRENCE = "'occurrence:' || o.id"
BY_CONTACT = "x.contact_id = %(contact)s"
ATTENDED = "x.id IN (SELECT v.meeting_id FROM meetings_attendee v WHERE v.contact_id = %(contact)s)"
WHOSE = "CASE WHEN x.contact_id IS NULL THEN 'vendor' ELSE 'partner' END"
TOLD_BY = "LEFT JOIN people_account a ON a.id = x.by_id"
COMMITTED = (
    "ledger_commitment x LEFT JOIN partners_contact c ON c.id = x.contact_id "
    "LEFT JOIN people_account a ON a.id = x.person_id"
)
COMMITMENT_REF = (
    "CASE WHEN x.promise_id IS NOT NULL THEN 'promise:' || x.promise_id "
    "WHEN x.origin = 'meeting' THEN 'meeting:' || x.origin_id ELSE '' END"
)
PROMISE_TITLE = "coalesce(nullif(r.title, ''), nullif(p.text, ''), p.routine)"
PROMISE = (
    "LEFT JOIN routines_routine r ON r.key = p.routine LEFT JOIN people_account a ON a.id = p.person_id "
)
DEAL_AMOUNT = "trim_scale(x.amount) || ' ' || x.currency"


def _events(kind: str, kinds: str, **more: str) -> Source:
    joins = (
        f"events_event x {TOLD_BY} LEFT JOIN partners_contact c ON x.subject_kind = 'contact' AND c.id = x.subject_id "
        "LEFT JOIN people_account m ON x.kind = 'manager.changed' AND m.id = (x.payload ->> 'after')::bigint"
    )
    what = {"at": "x.at", "id": "x.id", "what": "x.kind", "who": "coalesce(a.name, '')"}
    names = ", ".join(f"'{name}'" for name in kinds.split())
    return Source(kind, joins, of_partner="x.partner_id", where=f"x.kind IN ({names})", **what, **more)


ABOUT_CONTACT = {
    "title": "coalesce(c.name, '')",
    "side": "'partner'",
    "ref": "'contact:' || x.subject_id",
    "of_contact": "x.subject_kind = 'contact' AND x.subject_id = %(contact)s",
}
CHANGE = "concat_ws(' → ', x.payload ->> 'before', x.payload ->> 'after')"
MATTERS = (
    "certification.earned certification.expiring certification.lapsed request.submitted claim.submitted claim.approved "
    "claim.declined claim.withdrawn claim.paid fund.granted fund.expiring plan.signed agreement.signed agreement.ending "
    "agreement.ended target.missed lead.assigned lead.accepted lead.declined"
)

# In this order things of one moment stand; the place of a source is part of a page's address.
SOURCES: tuple[Source, ...] = (
    Source(
        "mail", "outbox_message x", "x.written_at", "x.id", "x.state", "x.subject", "x.partner_id", BY_CONTACT,
        who="x.to_name", ref="'message:' || x.id",
    ),
    Source(
        "mail", "outbox_received x", "x.received_at", "x.id", "x.kind", "x.subject", "x.partner_id", BY_CONTACT,
        side="'partner'", who="x.from_address", note="left(x.text, 200)",
        ref="CASE WHEN x.message_id IS NULL THEN '' ELSE 'message:' || x.message_id END",
    ),
    Source(
        "meeting", "meetings_meeting x", "x.starts_at", "x.id", "x.state", "x.title", "x.partner_id",
        ATTENDED,
        side="'both'", ref="'meeting:' || x.id",
    ),
    Source(
        "decision", "meetings_agendapoint y JOIN meetings_meeting x ON x.id = y.meeting_id", "x.starts_at", "y.id",
        "'decided'", "left(y.decision, 300)", "x.partner_id",
        ATTENDED,
        side="'both'", who="x.title", ref="'meeting:' || x.id", where="y.decision <> ''",
    ),
    Source(
        "commitment", COMMITTED, "x.proposed_at", "x.id", "'proposed'", "x.text", "x.partner_id", BY_CONTACT,
        side=WHOSE, who=WHO, ref=COMMITMENT_REF, due_at="x.due_at",
    ),
    Source(
        "commitment", COMMITTED, "x.answered_at", "x.id", "x.state", "x.text", "x.partner_id", BY_CONTACT,
        side=WHOSE, who=WHO, ref=COMMITMENT_REF, note="x.note", due_at="coalesce(x.wanted_due_at, x.due_at)",
        where="x.answered_at IS NOT NULL",
    ),
    Source(
        "promise", f"ledger_promise p {PROMISE}", "p.promised_at", "p.id", "'promised'", PROMISE_TITLE, "p.partner_id",
        side="p.owing", who="coalesce(a.name, '')", ref="'promise:' || p.id", due_at="p.original_due_at",
        where="p.origin = 'routine'",
    ),
    Source(
        "promise", f"ledger_standing x JOIN ledger_promise p ON p.id = x.promise_id {PROMISE}", "x.outcome_at",
        "x.promise_id", "x.outcome", PROMISE_TITLE, "x.partner_id", side="p.owing", who="coalesce(a.name, '')",
        ref="'promise:' || p.id", due_at="x.due_at", where="x.outcome_at IS NOT NULL",
    ),
    Source(
        "promise", f"ledger_promise p JOIN ledger_entry x ON x.promise_id = p.id {PROMISE}", "x.at", "x.id", "x.kind",
        PROMISE_TITLE, "p.partner_id", side="p.owing", who="coalesce(a.name, '')", ref="'promise:' || p.id",
        note="x.reason", due_at="x.due_at", where="x.kind IN ('redated', 'corrected')",
    ),
    Source(
        "form", f"forms_answer x {STEP.format(step='x.step_id')}", "x.submitted_at", "x.id", "'submitted'", "y.title",
        "b.partner_id", BY_CONTACT, side="'partner'", who=WHO, ref=OCCURRENCE, where="x.submitted_at IS NOT NULL",
    ),
    Source(
        "approval", f"routines_decision x {STEP.format(step='x.step_id')}", "x.decided_at", "x.id", "x.outcome", "y.title",
        "b.partner_id", BY_CONTACT, side=WHOSE, who=WHO, ref=OCCURRENCE, note="coalesce(nullif(x.note, ''), x.reason)",
        where="x.set_aside_at IS NULL",
    ),
    Source(
        "file", f"routines_stepfile z JOIN forms_file x ON x.id = z.file_id {STEP.format(step='z.step_id')}", "z.added_at",
        "z.id", "'added'", "x.name", "b.partner_id", BY_CONTACT, side=WHOSE, who=WHO, ref=OCCURRENCE,
        note="y.title", where="z.removed_at IS NULL",
    ),
    Source(
        "deal", "deals_deal x", "x.submitted_at", "x.id", "'submitted'", "x.customer", "x.partner_id", side="'partner'",
        ref="'deal:' || x.id", note=DEAL_AMOUNT,
    ),
    Source(
        "deal", "deals_deal x", "x.closed_at", "x.id", "x.stage", "x.customer", "x.partner_id", side="'partner'",
        ref="'deal:' || x.id", note=DEAL_AMOUNT, where="x.closed_at IS NOT NULL",
    ),
    _events(
        "deal", "deal.moved deal.approved deal.declined deal.withdrawn deal.expired", side="'partner'",
        title="coalesce(x.payload ->> 'customer', x.subject_key)", ref="'deal:' || x.subject_id",
    ),
    _events("person", "contact.joined contact.left contact.bounced contact.complained", **ABOUT_CONTACT),
    _events("manager", "manager.changed", title="coalesce(m.name, '')"),
    _events(
        "partner", "partner.joined partner.tier_changed partner.status_changed partner.merged", title=CHANGE,
        side="'partner'",
    ),
    _events("matter", MATTERS, title="coalesce(nullif(x.payload ->> 'title', ''), x.subject_key)", side="'partner'"),
    Source(
        "report", "reports_edition x", "x.built_at", "x.id", "'built'", "x.title", "x.partner_id", ref="'report:' || x.id",
    ),
)  # fmt: skip
