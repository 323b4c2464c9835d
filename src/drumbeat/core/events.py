"""The vocabulary of events: what may happen, what each event is about and what it tells. It holds no events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from drumbeat.core.facts import FactType, Value
from drumbeat.core.subjects import EVENT_FACTS, FIELDS


@dataclass(frozen=True, slots=True)
class Kind:
    """`noun` is what the event is about; `implies` are fields of it that hold from then on, said or not. `is_found` kinds
    are found by the product: in its own rows, or by the nightly run in dates that were posted."""

    name: str
    noun: str
    meaning: str
    implies: Mapping[str, Value]
    is_found: bool

    @property
    def fields(self) -> dict[str, FactType]:
        """What may be told with it, by the bare name."""
        told = (*FIELDS.get(self.noun, ()), *EVENT_FACTS[3:])
        return {fact.name.partition(".")[2]: fact for fact in told}


def _kind(
    name: str, meaning: str, *, noun: str = "", is_found: bool = False, **implies: Value
) -> tuple[str, Kind]:
    return name, Kind(name, noun or name.partition(".")[0], meaning, implies, is_found)


KINDS: Mapping[str, Kind] = dict(
    (
        _kind("partner.joined", "a partner was added", is_found=True),
        _kind("partner.tier_changed", "the tier is another one (before, after)", is_found=True),
        _kind("partner.status_changed", "the status is another one (before, after)", is_found=True),
        _kind("partner.dormant", "no sale for 180 days and no deal moved for 90", is_found=True),
        _kind("partner.silent", "no two-way contact for 60 days", is_found=True),
        _kind("partner.at_risk", "the facts give cause for worry", is_found=True),
        _kind("partner.closed", "the partner is a partner no longer", is_found=True),
        _kind("partner.merged", "the partner went up in another one"),
        _kind("contact.joined", "a person came", is_found=True),
        _kind("contact.left", "a person is gone", is_found=True),
        _kind("contact.bounced", "mail to a person came back"),
        _kind("contact.complained", "a person called our mail unwanted"),
        _kind("contact.wished", "a person chose what mail comes"),
        _kind("certification.earned", "a person passed", renewed=True),
        _kind("certification.expiring", "it expires in 90 days", is_found=True, renewed=False),
        _kind("certification.lapsed", "it expired", renewed=False),
        _kind("deal.submitted", "a registration was submitted", is_found=True, stage="submitted"),
        _kind("deal.moved", "something happened in a deal", is_found=True),
        _kind("deal.approved", "the registration was approved", stage="approved", approved=True),
        _kind("deal.declined", "the registration was declined", stage="declined", approved=False),
        _kind("deal.withdrawn", "the partner took it back", stage="withdrawn"),
        _kind("deal.expired", "its protection ended", stage="expired"),
        _kind("deal.stalled", "nothing happened in it for 45 days", is_found=True),
        _kind("deal.won", "the customer bought", is_found=True, stage="won"),
        _kind("deal.lost", "the customer did not buy", is_found=True, stage="lost"),
        _kind("lead.assigned", "a lead was handed to a partner", accepted=False, answered=False),
        _kind("lead.accepted", "the partner took it", accepted=True, answered=True),
        _kind("lead.declined", "the partner passed", accepted=False, answered=True),
        _kind("request.submitted", "a partner asked for money"),
        _kind("claim.submitted", "a partner asks to be paid"),
        _kind("claim.approved", "the claim was approved", approved=True),
        _kind("claim.declined", "the claim was declined", approved=False),
        _kind("claim.withdrawn", "the partner took it back"),
        _kind("claim.paid", "the money was paid", paid=True),
        _kind("fund.granted", "a partner got money to use"),
        _kind("fund.expiring", "it expires in 30 days", is_found=True),
        _kind("target.missed", "a target's window closed short of it"),
        _kind("plan.signed", "both sides signed a plan"),
        _kind("meeting.held", "people met", is_found=True),
        _kind("manager.changed", "another manager looks after it", noun="partner", is_found=True),
        _kind("leave.approved", "a person will be away"),
        _kind("leave.cancelled", "the person stays"),
        _kind("agreement.signed", "terms are in force", signed=True),
        _kind("agreement.ending", "it ends in 120 days", is_found=True, signed=False),
        _kind("agreement.ended", "it is in force no longer", signed=False),
        _kind("product.released", "a release is planned or out"),
        _kind("product.withdrawn", "it is sold no longer"),
        _kind("program.published", "rules were published"),
        _kind("article.published", "a text was published"),
        _kind("import.finished", "a file was loaded", is_found=True),
        _kind("promise.missed", "a promise was not kept", is_found=True),
        _kind("webhook.received", "another system called"),
    )
)

# The date fields that the nightly run looks ahead at: kind to write -> the field, and how far ahead.
AHEAD: Mapping[str, tuple[str, timedelta]] = {
    "certification.expiring": ("expires_on", timedelta(days=90)),
    "fund.expiring": ("expires_on", timedelta(days=30)),
    "agreement.ending": ("ends_on", timedelta(days=120)),
}


def subject_facts(kind: str, noun: str, payload: Mapping[str, object]) -> dict[str, object]:
    """What one event tells of its subject, by full name (`deal.amount`)."""
    told = {**payload, **(KINDS[kind].implies if kind in KINDS else {})}
    names = {field.name: field.name.partition(".")[2] for field in FIELDS.get(noun, ())}
    return {name: told[bare] for name, bare in names.items() if told.get(bare) is not None}


def event_facts(kind: str, on: str, source: str, payload: Mapping[str, object]) -> dict[str, object]:
    """What rules may read of the event itself."""
    own = {"event.kind": kind, "event.on": on, "event.source": source}
    more = {fact.name: payload.get(fact.name.partition(".")[2]) for fact in EVENT_FACTS[3:]}
    return own | {name: value for name, value in more.items() if value is not None}
