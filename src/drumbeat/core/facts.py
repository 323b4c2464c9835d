"""The vocabulary of facts that rules may read: name, type, and what absence means. It holds no values and computes none."""

from dataclasses import dataclass

WORD, INT, DOUBLE, BOOL, WORDS = "word", "int", "double", "bool", "list"
ANY = "any"  # what a form's field holds, where the form is not at hand
DATE = "date"  # an ISO word to rules, and a day that due moments may count from

ALWAYS = "always"  # never absent
UNKNOWN = "U"  # absent: a comparison with it is unknown
ZERO = "0"  # absent: a true zero (or an empty list)
FALSE = "F"  # absent: false
MEANING = "N"  # absence means something: a rule asks has(...) first

Value = str | int | float | bool | tuple[str, ...]

_ABSENT: dict[tuple[str, str], Value] = {
    (ZERO, INT): 0,
    (ZERO, DOUBLE): 0.0,
    (ZERO, WORDS): (),
    (FALSE, BOOL): False,
}


@dataclass(frozen=True, slots=True)
class FactType:
    """Type and rule of absence of one fact; `default` is what absence stands for, None where it stands for nothing."""

    name: str
    type: str
    absence: str
    meaning: str
    default: Value | None = None


def declared(name: str, type_: str, absence: str, meaning: str, default: str | None = None) -> FactType:
    """A fact; what absence stands for is told by its rule and type, unless said."""
    return FactType(name, type_, absence, meaning, _ABSENT.get((absence, type_), default))


def _partner(name: str, type_: str, absence: str, meaning: str, default: str | None = None) -> FactType:
    return declared(f"partner.{name}", type_, absence, meaning, default)


# Money and ratios are double, counts are int, dates are ISO words (they compare as they are written).
PARTNER_FACTS = (
    _partner("type", WORD, ALWAYS, "var, msp, si, isv, distributor or referral"),
    _partner("status", WORD, ALWAYS, "prospect, onboarding, active, suspended or closed"),
    _partner("tier", WORD, ALWAYS, "tier held now", "none"),
    _partner("program", WORD, ALWAYS, "program taken part in now", "none"),
    _partner("country", WORD, UNKNOWN, "ISO 3166 code of the country"),
    _partner("subdivision", WORD, UNKNOWN, "ISO 3166 code of the state or province"),
    _partner("region", WORD, UNKNOWN, "region of the territory"),
    _partner("territory", WORD, UNKNOWN, "key of the territory"),
    _partner("zone", WORD, ALWAYS, "IANA time zone, else the vendor's"),
    _partner("language", WORD, ALWAYS, "BCP 47 language, else the vendor's"),
    _partner("joined_on", WORD, UNKNOWN, "day of joining, as 2026-01-31"),
    _partner("days_in_program", INT, UNKNOWN, "days since joining"),
    _partner("employees", INT, UNKNOWN, "people, from the profile"),
    _partner("technical_staff", INT, UNKNOWN, "technical people, from the profile"),
    _partner("verticals", WORDS, ZERO, "industries served"),
    _partner("capabilities", WORDS, ZERO, "what the partner can do"),
    _partner("distributor", WORD, ALWAYS, "key of the distributor bought from", "direct"),
    _partner("manager", WORD, ALWAYS, "key of the channel manager", "none"),
    _partner("contacts_active", INT, ZERO, "contacts who are there now"),
    _partner("contacts_bounced", INT, ZERO, "contacts whose mail bounced in 90 days"),
    _partner("has_sales_lead", BOOL, FALSE, "a contact holds the role sales_lead"),
    _partner("has_principal", BOOL, FALSE, "a contact holds the role principal"),
    _partner("agreement_signed", BOOL, FALSE, "an agreement is in force"),
    _partner("agreement_ends_in", INT, MEANING, "days until the agreement ends; absent: open-ended"),
    _partner("compliance_issues", INT, ZERO, "open compliance issues"),
    _partner("revenue_12m", DOUBLE, UNKNOWN, "sell-through of twelve months"),
    _partner("revenue_quarter", DOUBLE, UNKNOWN, "sell-through of the quarter"),
    _partner("revenue_ytd", DOUBLE, UNKNOWN, "sell-through of the year so far"),
    _partner("growth_12m", DOUBLE, UNKNOWN, "growth against the twelve months before, as a ratio"),
    _partner("quota_attainment", DOUBLE, MEANING, "actual ÷ target of the running window; absent: no target"),
    _partner("days_since_sale", INT, MEANING, "days since the last sale; absent: never sold"),
    _partner("customers_12m", INT, ZERO, "customers in twelve months"),
    _partner("new_customers_12m", INT, ZERO, "new customers in twelve months"),
    _partner("deals_open", INT, ZERO, "open deals"),
    _partner("deals_stalled", INT, ZERO, "open deals without change for 30 days"),
    _partner("pipeline_open", DOUBLE, ZERO, "amount of open deals"),
    _partner("deals_registered_12m", INT, ZERO, "registrations in twelve months"),
    _partner("deals_won_12m", INT, ZERO, "deals won in twelve months"),
    _partner("win_rate_12m", DOUBLE, UNKNOWN, "won ÷ closed deals; unknown below 5 closed"),
    _partner("days_to_first_deal", INT, MEANING, "days from joining to the first deal; absent: none yet"),
    _partner("certified_people", INT, ZERO, "people with a valid certification"),
    _partner("certifications_valid", INT, ZERO, "valid certifications"),
    _partner("certifications_expiring_90d", INT, ZERO, "certifications that expire within 90 days"),
    _partner(
        "certification_coverage", DOUBLE, MEANING, "held ÷ required certifications; absent: none required"
    ),
    _partner("specialisations", WORDS, ZERO, "specialisations held"),
    _partner("fund_available", DOUBLE, ZERO, "fund money to use"),
    _partner("fund_expiring_30d", DOUBLE, ZERO, "fund money that lapses within 30 days"),
    _partner(
        "fund_utilisation", DOUBLE, MEANING, "used ÷ granted in the running period; absent: no allotment"
    ),
    _partner("claims_open", INT, ZERO, "open claims"),
    _partner("leads_open", INT, ZERO, "open leads"),
    _partner("leads_overdue", INT, ZERO, "leads past their clock"),
    _partner("lead_acceptance_12m", DOUBLE, UNKNOWN, "leads accepted in time ÷ assigned; unknown below 5"),
    _partner("days_since_contact", INT, MEANING, "days since the last two-way contact; absent: never"),
    _partner("days_since_meeting", INT, MEANING, "days since the last meeting; absent: never"),
    _partner("mails_sent_30d", INT, ZERO, "mails in 30 days to the contact who got most"),
    _partner("mail_answer_rate_90d", DOUBLE, UNKNOWN, "answered ÷ asking mails; unknown below 5"),
    _partner("portal_visits_90d", INT, ZERO, "person-days on the portal in 90 days"),
    _partner("plan_active", BOOL, FALSE, "a joint business plan runs"),
    _partner("plan_ends_in", INT, MEANING, "days until the plan ends; absent: no plan"),
    _partner("plan_attainment", DOUBLE, MEANING, "actual ÷ what the plan wants by now; absent: no plan"),
    _partner("on_time_vendor_12m", DOUBLE, UNKNOWN, "on-time rate of the vendor; unknown below 5 judged"),
    _partner("on_time_partner_12m", DOUBLE, UNKNOWN, "on-time rate of the partner; unknown below 5 judged"),
    _partner("overdue_vendor", INT, ZERO, "promises of the vendor past their deadline"),
    _partner("overdue_partner", INT, ZERO, "promises of the partner past their deadline"),
    _partner("pulse_last", INT, UNKNOWN, "last pulse of twelve months, 0 to 10"),
    _partner("pos_due", BOOL, FALSE, "the partner owes a monthly sales file"),
    _partner("pos_received", BOOL, FALSE, "last month's sales file is in"),
    _partner("hours_12m", DOUBLE, ZERO, "hours staff gave in twelve months"),
    _partner("cost_to_serve_12m", DOUBLE, ZERO, "cost to serve in twelve months"),
    _partner("health", DOUBLE, UNKNOWN, "health score, 0 to 100"),
    _partner("health_change_90d", DOUBLE, UNKNOWN, "change of the health score in 90 days, in points"),
    _partner("dormant", BOOL, FALSE, "no sale for 180 days and no deal moved for 90"),
    _partner("at_risk", BOOL, FALSE, "health, on-time record, people or pulse give cause for worry"),
    _partner("exceptions_active", INT, ZERO, "exceptions in force"),
)

MANAGER_FACTS = (
    declared("manager.on_duty", BOOL, FALSE, "works now: has an account and no leave"),
    declared("manager.partners", INT, ZERO, "partners looked after now"),
)

FACTS = {fact.name: fact for fact in PARTNER_FACTS + MANAGER_FACTS}


def facts_about(subject: str) -> dict[str, FactType]:
    """The facts that a rule about this subject may read."""
    return {name: fact for name, fact in FACTS.items() if name.startswith(f"{subject}.")}


def answer_fact(step_key: str) -> FactType:
    """What other steps may ask of a step: was it done (a task), did its answer come (a wait)? The name has `_` for `-`."""
    return declared(
        f"answer.{step_key.replace('-', '_')}", BOOL, FALSE, f"the step {step_key} was done or answered"
    )


def fact_of_answer(name: str) -> FactType:
    """What `answer.ask` or `answer.ask.amount` reads, where the routine isn't at hand: whether the step was answered, or a
    field of it, of whatever type."""
    step, _, field = name.removeprefix("answer.").partition(".")
    return declared(name, ANY, UNKNOWN, "what was filled in") if field else answer_fact(step)
