"""Rules over facts: what they mean with facts missing, and what is said about one that means nothing."""

from decimal import Decimal

import pytest

from drumbeat.core.facts import FACTS, answer_fact, facts_about
from drumbeat.core.rules import Outcome, RuleRefused, check_rule, compile_rule

TRUE, FALSE, UNKNOWN = "partner.dormant", "partner.at_risk", "partner.pulse_last > 5"
FACTS_GIVEN = {"partner.dormant": True, "partner.at_risk": False}
MET, NOT_MET, OPEN = Outcome.MET, Outcome.NOT_MET, Outcome.UNKNOWN


def outcome(rule, facts=FACTS_GIVEN):
    return compile_rule(rule).judge(facts).outcome


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (TRUE, TRUE, MET, MET),
        (TRUE, FALSE, NOT_MET, MET),
        (TRUE, UNKNOWN, OPEN, MET),
        (FALSE, FALSE, NOT_MET, NOT_MET),
        (FALSE, UNKNOWN, NOT_MET, OPEN),
        (UNKNOWN, UNKNOWN, OPEN, OPEN),
    ],
)
def test_three_valued_logic(left, right, both, either):
    assert outcome(f"{left} && {right}") is both
    assert outcome(f"{right} && {left}") is both
    assert outcome(f"{left} || {right}") is either
    assert outcome(f"{right} || {left}") is either


@pytest.mark.parametrize(("rule", "turned"), [(TRUE, NOT_MET), (FALSE, MET), (UNKNOWN, OPEN)])
def test_not(rule, turned):
    assert outcome(f"!({rule})") is turned


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        ("partner.deals_open == 0", {}, MET),
        ("partner.pipeline_open < 0.5", {}, MET),
        ("partner.plan_active", {}, NOT_MET),
        ('partner.tier == "none"', {}, MET),
        ('"cloud" in partner.capabilities', {}, NOT_MET),
        ('"cloud" in partner.capabilities', {"partner.capabilities": ("cloud",)}, MET),
        ("partner.employees > 3", {}, OPEN),
        ("partner.employees > 3", {"partner.employees": None}, OPEN),
        ("has(partner.employees)", {}, NOT_MET),
        ("has(partner.employees)", {"partner.employees": 0}, MET),
        ("!has(partner.days_since_sale) || partner.days_since_sale > 90", {}, MET),
        (
            "!has(partner.days_since_sale) || partner.days_since_sale > 90",
            {"partner.days_since_sale": 3},
            NOT_MET,
        ),
        ("has(partner.days_since_sale) && partner.days_since_sale > 90", {}, NOT_MET),
        ("partner.revenue_12m >= 50000.0", {"partner.revenue_12m": Decimal("50000.00")}, MET),
        ("partner.win_rate_12m == 0.3333", {"partner.win_rate_12m": Decimal(1) / 3}, MET),
        ("partner.win_rate_12m > 0.5", {"partner.win_rate_12m": 1}, MET),
        ('partner.tier in ["gold", "platinum"]', {"partner.tier": "gold"}, MET),
        ("manager.partners > 0", {"manager.partners": 40}, MET),
        ("!answer.wish", {}, MET),
        ("!answer.wish", {"answer.wish": True}, NOT_MET),
    ],
)
def test_absence_counts_as_the_fact_says(rule, facts, expected):
    assert outcome(rule, facts) is expected


def test_the_facts_that_were_missing_are_named():
    rule = compile_rule(
        "partner.dormant && partner.employees > 3 && has(partner.health) && partner.pulse_last > 2"
    )
    assert rule.names == ("partner.dormant", "partner.employees", "partner.health", "partner.pulse_last")
    verdict = rule.judge({"partner.dormant": True, "partner.health": 50.0})
    assert verdict.unknown == ("partner.employees", "partner.pulse_last")
    assert not verdict.is_met


def test_a_rule_that_breaks_over_its_facts_says_why():
    verdict = compile_rule("100 / partner.deals_open > 2").judge({"partner.deals_open": 0})
    assert (verdict.outcome, verdict.unknown) == (OPEN, ())
    assert "divide by zero" in verdict.reason


def test_names_in_texts_and_comments_are_no_facts():
    rule = compile_rule('partner.tier == "partner.nothing" // has(partner.nothing)')
    assert rule.names == ("partner.tier",)


# rule, line, column, part of the reason, part of the mend
BAD = [
    ("partner.tiers == 'gold'", 1, 1, "no fact partner.tiers", "did you mean partner.tier?"),
    ("true &&\n  partner.emploees > 3", 2, 3, "no fact partner.emploees", "did you mean partner.employees?"),
    ("has(partner.employes)", 1, 5, "no fact partner.employes", "did you mean partner.employees?"),
    ("has(partner.health) && partner.tier > 3", 1, 37, "> can't join a word and a whole number", "in quotes"),
    ("partner.revenue_12m > 50000", 1, 21, "a decimal number and a whole number", "write 50000.0"),
    ("partner.employees > 3.0", 1, 19, "a whole number and a decimal number", "5 for counts"),
    ("partner.days_since_sale > 90", 1, 1, "never sold", "has(partner.days_since_sale) && …"),
    ("partner.employees", 1, 1, "gives a whole number", "compare it"),
    ("partner.verticals", 1, 1, "gives a list", "compare it"),
    ("partner.tier == gold", 1, 17, "no name gold", "in quotes"),
    ('partner.tier = "gold"', 1, 14, "= is no comparison", "write =="),
    ('partner.tier == "gold', 1, 17, "quotation mark", "close"),
    ("partner.employees > 3 &&", 1, 25, "ends too early", "finish"),
    ("", 1, 1, "ends too early", "finish"),
    ("partner.dormant && partner.tier", 1, 17, "&& can't join", "true or false"),
    ("partner.tier.sise() > 3", 1, 18, "no name sise", ""),
    (".partner.tier == 'gold'", 1, 9, "no name .partner.tier", ""),
    ("(" * 40 + "true" + ")" * 40, 1, 1, "recursion limit", ""),
]


@pytest.mark.parametrize(("rule", "line", "column", "reason", "mend"), BAD)
def test_a_bad_rule_is_refused_with_its_place_and_a_mend(rule, line, column, reason, mend):
    first = check_rule(rule)[0]
    assert (first.line, first.column) == (line, column), first
    assert reason in first.reason
    assert mend in first.mend
    with pytest.raises(RuleRefused) as caught:
        compile_rule(rule)
    assert str(first) in str(caught.value)


def test_a_rule_may_read_only_what_its_subject_has():
    (problem,) = check_rule("partner.dormant", facts_about("manager"))
    assert problem.mend == "facts of this rule begin with manager."
    assert check_rule("answer.wish", facts_about("partner") | {"answer.wish": answer_fact("wish")}) == []


@pytest.mark.parametrize("fact", FACTS.values(), ids=lambda fact: fact.name)
def test_every_fact_can_be_read(fact):
    sample = {"word": "x", "int": 1, "double": 1.5, "bool": True, "list": ["x"]}[fact.type]
    literal = {"word": '"x"', "int": "1", "double": "1.5", "bool": "true", "list": '["x"]'}[fact.type]
    rule = compile_rule(f"has({fact.name}) && {fact.name} == {literal}")
    assert rule.judge({fact.name: sample}).is_met
    assert fact.meaning
