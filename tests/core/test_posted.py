"""Posted lines: what is read, and what is said about each that can't be."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.posted import PostedEvent, PostedFact, read_posts
from drumbeat.core.signing import is_fresh, is_signed, signature

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
GOOD = {"kind": "deal.submitted", "subject": "D-1", "partner": "bergmann", "key": "k-1"}


def line(**changes):
    row = GOOD | changes
    return json.dumps({name: value for name, value in row.items() if value is not None})


def test_an_event_is_read():
    text = line(
        at="2026-06-01T10:30:00+02:00", facts={"amount": 9000, "deal.complete": True, "partner.health": 61.5}
    )
    posts = read_posts(f"\n{text}\n\n", at=NOW)
    assert posts.problems == []
    assert posts.events == [
        PostedEvent(
            line=2, kind="deal.submitted", subject="D-1", partner="bergmann", person="",
            at=datetime(2026, 6, 1, 8, 30, tzinfo=UTC), facts={"amount": 9000, "complete": True},
            partner_facts={"partner.health": 61.5}, key="k-1",
        )
    ]  # fmt: skip


def test_a_fact_is_read():
    text = '{"fact": "partner.fund_available", "partner": "bergmann", "value": 1200}'
    (fact,) = read_posts(text, at=NOW, source="erp").facts
    assert fact == PostedFact(1, "bergmann", "partner.fund_available", 1200, NOW, "erp")
    assert read_posts(text.replace("1200", "null"), at=NOW).facts[0].value is None


FACT = '{"fact": "partner.fund_available", "partner": "bergmann", "value": 1200}'

# fmt: off
BAD = [
    ("deal.won", "line", "is no JSON at character 1", "one object a line"),
    ("[1]", "line", "no JSON object", '{"kind"'),
    ('{"kind": NaN}', "line", "is no JSON", "one object"),
    ("[" * 9000, "line", "is no JSON", "one object"),
    ("x" * 20_001, "line", "20001 characters", "20000 at most"),
    (line(kind=None), "kind", "is missing", "add"),
    (line(kind="deal.submited"), "kind", "no event 'deal.submited'", "did you mean deal.submitted?"),
    (line(kind=3), "kind", "3 is no text", "in quotes"),
    (line(subject=None), "subject", "is missing", "add"),
    (line(subject=17), "subject", "17 is no text", "in quotes"),
    (line(subject="x" * 81), "subject", "81 characters", "80 at most"),
    (line(subject="a\u0007"), "subject", "control character", "take it out"),
    (line(partner=None), "partner", "is missing", "add"),
    (line(partnr="bergmann"), "partnr", "no field of a post", "did you mean partner?"),
    (line(at="yesterday"), "at", "no moment with a zone", "+02:00"),
    (line(at="2026-06-01T09:00:00"), "at", "no moment with a zone", "+02:00"),
    (line(at=1780300000), "at", "no moment with a zone", "+02:00"),
    (line(at="2026-06-01T09:06:00Z"), "at", "lies in the future", "when it has happened"),
    (line(facts=[1]), "facts", "is no object", "write it like"),
    (line(facts={"amont": 1}), "facts.amont", "a deal has no such field", "did you mean amount?"),
    (line(facts={"lead.score": 1}), "facts.lead.score", "a deal has no such field", ""),
    (line(facts={"amount": "9000"}), "facts.amount", "is no number", "12000.0"),
    (line(facts={"amount": True}), "facts.amount", "is no number", "12000.0"),
    (line(facts={"amount": 1e300}), "facts.amount", "is no number", "12000.0"),
    (line(facts={"complete": 1}), "facts.complete", "no true or false", "true"),
    (line(facts={"protected_until": "2026-02-30"}), "facts.protected_until", "is no day", "2026-01-31"),
    (line(facts={"protected_until": "20260201"}), "facts.protected_until", "is no day", "2026-01-31"),
    (line(facts={"customer": 5}), "facts.customer", "is no text", "gold"),
    (line(facts={"partner.helth": 5}), "facts.partner.helth", "no fact 'partner.helth'", "partner.health?"),
    (FACT.replace("fund_available", "fund_availble"), "fact", "no fact", "partner.fund_available?"),
    (FACT.replace("partner.fund_available", "manager.partners"), "fact", "no fact", "guide"),
    (FACT.replace(', "value": 1200', ""), "value", "is missing", "null"),
    (FACT.replace("1200", '"much"'), "value", "is no number", "12000.0"),
    (FACT.replace('"partner": "bergmann", ', ""), "partner", "is missing", "add"),
    (FACT.replace("value", "valu"), "valu", "no field of a post", "did you mean value?"),
]
# fmt: on


@pytest.mark.parametrize(("text", "field", "reason", "mend"), BAD)
def test_each_bad_line_is_told_by_line_field_reason_and_mend(text, field, reason, mend):
    posts = read_posts(f"{line()}\n{text}\n{line()}", at=NOW)
    (problem,) = posts.problems
    assert (problem.line, problem.field) == (2, field)
    assert reason in problem.reason
    assert mend in problem.mend
    assert len(posts.events) == 2


def test_what_belongs_to_nobody_else_needs_no_partner():
    text = '{"kind": "product.released", "subject": "polaris-7", "facts": {"released_on": "2026-07-15"}}'
    assert read_posts(text, at=NOW).problems == []
    leave = '{"kind": "leave.approved", "subject": "leave-1", "facts": {"starts_on": "2026-07-15"}}'
    assert read_posts(leave, at=NOW).problems[0].field == "person"


def test_too_many_lines_are_refused_unread():
    assert "20001 lines" in read_posts("{}\n" * 20_001, at=NOW).problems[0].reason


@given(st.text(max_size=200) | st.text('{}[]":,0123456789eE.-+truefalsn\\ \n', max_size=200))
def test_no_text_breaks_the_reader(text):
    posts = read_posts(text, at=NOW)
    assert all(problem.reason and problem.line >= 1 for problem in posts.problems)


def test_a_signature_is_of_moment_body_and_secret():
    signed = signature("s3cret", "1780304400", b'{"kind": "deal.won"}')
    assert signed == "v1=d1b69bb368c25fb52b0a7adbe2e2552faef9cb8414bd53fca1bdb63bf611a866"
    assert is_signed("s3cret", "1780304400", b'{"kind": "deal.won"}', signed)
    for changed in (
        ("other", "1780304400", b'{"kind": "deal.won"}', signed),
        ("s3cret", "1780304401", b'{"kind": "deal.won"}', signed),
        ("s3cret", "1780304400", b'{"kind": "deal.lost"}', signed),
        ("s3cret", "1780304400", b'{"kind": "deal.won"}', signed.upper()),
        ("s3cret", "1780304400", b'{"kind": "deal.won"}', ""),
        ("s3cret", "1780304400", b'{"kind": "deal.won"}', "v1=\u00e4"),
    ):
        assert not is_signed(*changed)


@pytest.mark.parametrize(
    ("seconds", "fresh"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)]
)
def test_only_a_fresh_moment_counts(seconds, fresh):
    stamp = f"{int((NOW + timedelta(seconds=seconds)).timestamp())}"
    assert is_fresh(stamp, NOW) is fresh


@pytest.mark.parametrize("stamp", ["", "now", "-5", "1.5", "9" * 13, "\u0661\u0662"])
def test_what_is_no_moment_is_not_fresh(stamp):
    assert not is_fresh(stamp, NOW)
