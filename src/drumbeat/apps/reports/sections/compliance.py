"""Requirements of the program, judged by rules over facts. What no fact tells of is unknown: never met, never short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from drumbeat.apps.partners.models import Partner, Status
from drumbeat.apps.partners.queries import partner_facts
from drumbeat.apps.reports.scope import Scope
from drumbeat.apps.reports.wording import count, listed
from drumbeat.core.rules import Outcome, compile_rule

from .shapes import NUMBER, PERCENT, TEXT, Section, kept, sentences, table

SHOWN = 50
MEANING = (
    "Compliance: requirements met ÷ requirements that could be judged. What no fact tells of is unknown, and counts neither as "
    "met nor as short."
)


@dataclass(frozen=True, slots=True)
class Requirement:
    """`told_by` is the fact without which absence would say nothing; empty where the product's own rows tell."""

    text: str
    short: str
    rule: str
    told_by: str = ""


REQUIREMENTS = (
    Requirement("A principal is named", "no principal", "partner.has_principal"),
    Requirement("A sales lead is named", "no sales lead", "partner.has_sales_lead"),
    Requirement("The sales file of last month is in", "sales file not in", "!partner.pos_due || partner.pos_received"),
    Requirement("Promises kept on time: 80 % and more", "keeps its promises late", "partner.on_time_partner_12m >= 0.8"),
    Requirement("An agreement is in force", "no agreement", "partner.agreement_signed", "partner.agreement_signed"),
    Requirement("No compliance issue is open", "open compliance issue", "partner.compliance_issues == 0", "partner.compliance_issues"),
    Requirement("Certifications as required", "certifications missing", "has(partner.certification_coverage) && partner.certification_coverage >= 1.0", "partner.certification_coverage"),
)  # fmt: skip
Verdicts = dict[str, Outcome]


def compliance_sections(scope: Scope) -> list[Section]:
    """A sentence, each requirement with its counts, and the partners that fall short. Three queries."""
    partners = list(scope.partners.filter(status=Status.ACTIVE))
    facts = partner_facts([partner.pk for partner in partners], scope.at)
    verdicts = {partner.pk: _judged(facts[partner.pk]) for partner in partners}
    short = [partner for partner in partners if Outcome.NOT_MET in verdicts[partner.pk].values()]
    short.sort(key=lambda partner: -list(verdicts[partner.pk].values()).count(Outcome.NOT_MET))
    return [
        sentences(_told(partners, short, verdicts)),
        _by_requirement(verdicts),
        _by_partner(short, verdicts),
    ]


def _judged(facts: Mapping[str, object]) -> Verdicts:
    return {
        one.text: Outcome.UNKNOWN
        if one.told_by and one.told_by not in facts
        else compile_rule(one.rule).judge(facts).outcome
        for one in REQUIREMENTS
    }


def _told(partners: list[Partner], short: list[Partner], verdicts: Mapping[int, Verdicts]) -> list[str]:
    if not partners:
        return ["No partner is active."]
    every = Counter(
        text
        for judged in verdicts.values()
        for text, outcome in judged.items()
        if outcome is not Outcome.UNKNOWN
    )
    silent = [one.text[0].lower() + one.text[1:] for one in REQUIREMENTS if not every[one.text]]
    return [
        f"{len(partners) - len(short):,} of {count(len(partners), 'active partner')} meet every requirement that can be judged.",
        f"Nothing is told of: {listed(silent)}." if silent else "",
    ]


def _by_requirement(verdicts: Mapping[int, Verdicts]) -> Section:
    found = Counter((text, outcome) for judged in verdicts.values() for text, outcome in judged.items())
    rows = []
    for one in REQUIREMENTS:
        met, short = found[one.text, Outcome.MET], found[one.text, Outcome.NOT_MET]
        share = kept(100 * met / (met + short)) if met + short else None
        rows.append([one.text, met, short, found[one.text, Outcome.UNKNOWN], share])
    columns = [
        ("requirement", TEXT),
        ("met", NUMBER),
        ("short", NUMBER),
        ("unknown", NUMBER),
        ("compliance", PERCENT),
    ]
    return table(columns, rows, key="requirements", title="Requirements of the program", empty="None.") | {
        "meaning": MEANING
    }


def _by_partner(short: list[Partner], verdicts: Mapping[int, Verdicts]) -> Section:
    rows = [
        [partner.name, partner.get_tier_display(), listed([one.short for one in REQUIREMENTS if verdicts[partner.pk][one.text] is Outcome.NOT_MET])]
        for partner in short[:SHOWN]
    ]  # fmt: skip
    refs = [f"partner:{partner.pk}" for partner in short[:SHOWN]]
    columns = [("partner", TEXT), ("tier", TEXT), ("falls short of", TEXT)]
    return table(columns, rows, key="short", title="Partners that fall short", refs=refs, empty="Nobody falls short.", of=len(short))  # fmt: skip
