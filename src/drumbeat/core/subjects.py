"""What an occurrence may be about, and what rules and dates may read of each: fields by noun. It holds no values.

Partners and managers have facts of their own (`core.facts`); of the other nouns only what their events told is known.
"""

from drumbeat.core.facts import (
    ALWAYS,
    BOOL,
    DATE,
    DOUBLE,
    FACTS,
    FALSE,
    INT,
    UNKNOWN,
    WORD,
    FactType,
    declared,
    facts_about,
)

# Whose record an occurrence stands in: that of the partner the event names, of the person it names, or, for what
# concerns everybody, of each partner of the audience.
PARTNER, PERSON, EVERY_PARTNER = "partner", "person", "every partner"


def _field(name: str, type_: str, meaning: str) -> FactType:
    return declared(name, type_, FALSE if type_ == BOOL else UNKNOWN, meaning)


FIELDS: dict[str, tuple[FactType, ...]] = {
    "contact": (
        _field("contact.email", WORD, "mail address"),
        _field("contact.reason", WORD, "why the contact left or the mail bounced"),
        _field("contact.is_hard", BOOL, "the mail will bounce for ever"),
    ),
    "deal": (
        _field("deal.complete", BOOL, "every field is filled in"),
        _field("deal.amount", DOUBLE, "amount in the vendor's currency"),
        _field("deal.currency", WORD, "ISO 4217 code"),
        _field("deal.customer", WORD, "who buys"),
        _field("deal.product", WORD, "key of the product"),
        _field("deal.stage", WORD, "submitted, approved, declined, won, lost, withdrawn or expired"),
        _field("deal.approved", BOOL, "the registration was approved"),
        _field("deal.protected_until", DATE, "last day of protection"),
        _field("deal.submitter", WORD, "mail address of who submitted it"),
    ),
    "lead": (
        _field("lead.score", DOUBLE, "score given by marketing"),
        _field("lead.product", WORD, "key of the product asked for"),
        _field("lead.accepted", BOOL, "the partner said yes"),
        _field("lead.answered", BOOL, "the partner said yes or no"),
    ),
    "request": (
        _field("request.amount", DOUBLE, "amount asked for"),
        _field("request.starts_on", DATE, "first day of the activity"),
        _field("request.submitter", WORD, "mail address of who asked"),
    ),
    "claim": (
        _field("claim.complete", BOOL, "the proof is complete"),
        _field("claim.amount", DOUBLE, "amount claimed"),
        _field("claim.approved", BOOL, "the claim was approved"),
        _field("claim.paid", BOOL, "the money was paid"),
        _field("claim.submitter", WORD, "mail address of who claimed"),
    ),
    "certification": (
        _field("certification.name", WORD, "what was certified"),
        _field("certification.holder", WORD, "mail address of the holder"),
        _field("certification.expires_on", DATE, "last day of validity"),
        _field("certification.renewed", BOOL, "it was earned again"),
    ),
    "fund": (
        _field("fund.available", DOUBLE, "amount still to be asked for"),
        _field("fund.expires_on", DATE, "last day to use it"),
    ),
    "agreement": (
        _field("agreement.ends_on", DATE, "last day in force"),
        _field("agreement.signed", BOOL, "both sides signed"),
    ),
    "plan": (_field("plan.ends_on", DATE, "last day of the plan"),),
    "target": (
        _field("target.amount", DOUBLE, "amount agreed"),
        _field("target.attainment", DOUBLE, "actual ÷ target"),
    ),
    "product": (
        _field("product.name", WORD, "its name"),
        _field("product.released_on", DATE, "planned day of the release"),
    ),
    "program": (_field("program.valid_from_on", DATE, "first day of the rules"),),
    "leave": (
        _field("leave.starts_on", DATE, "first day away"),
        _field("leave.ends_on", DATE, "last day away"),
        _field("leave.cover", WORD, "mail address of the cover"),
    ),
    "routine": (_field("routine.review_on", DATE, "day of the next review"),),
    "article": (_field("article.review_on", DATE, "day of the next review"),),
    "meeting": (
        _field("meeting.partner_came", BOOL, "the partner's side was there"),
        _field("meeting.vendor_came", BOOL, "the vendor's side was there"),
    ),
    "promise": (_field("promise.routine", WORD, "key of the routine"),),
    "import": (),
    "webhook": (),
}

BELONGS = dict.fromkeys(("partner", *FIELDS), PARTNER) | {
    "manager": PERSON,
    "leave": PERSON,
    "import": PERSON,
    "routine": PERSON,
    "article": PERSON,
    "product": EVERY_PARTNER,
    "program": EVERY_PARTNER,
}
SUBJECTS = ("partner", "manager", *FIELDS)

EVENT_FACTS = (
    declared("event.kind", WORD, ALWAYS, "word of the event, such as deal.submitted"),
    declared("event.on", DATE, ALWAYS, "day of the event, UTC"),
    declared("event.source", WORD, ALWAYS, "who posted it; empty: the product itself", ""),
    declared("event.before", WORD, UNKNOWN, "what was there before a change"),
    declared("event.after", WORD, UNKNOWN, "what is there now"),
    declared("event.days", INT, UNKNOWN, "days until or since what the event tells"),
)

# Everything that a rule somewhere may read.
ALL_FACTS = (
    FACTS
    | {field.name: field for fields in FIELDS.values() for field in fields}
    | {fact.name: fact for fact in EVENT_FACTS}
)
DATE_FIELDS = tuple(name for name, fact in ALL_FACTS.items() if fact.type == DATE and name != "event.on")
ROOTS = tuple(dict.fromkeys(name.partition(".")[0] for name in ALL_FACTS))


def owner_facts(subject: str) -> dict[str, FactType]:
    """What is known of whom an occurrence belongs to: the facts that an audience may read."""
    return facts_about("manager" if BELONGS[subject] == PERSON else "partner")


def facts_for(subject: str, *, is_triggered: bool) -> dict[str, FactType]:
    """What the rules of a routine about this subject may read, answers of its steps aside."""
    own = {field.name: field for field in FIELDS.get(subject, ())}
    told = {fact.name: fact for fact in EVENT_FACTS} if is_triggered else {}
    return owner_facts(subject) | own | told


def dates_of(subject: str) -> tuple[str, ...]:
    """The date fields that a due moment may count from."""
    return tuple(field.name for field in FIELDS.get(subject, ()) if field.type == DATE)
