"""What a form's text means, and what is said of answers: tables; whatever is written, nothing raises."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.formreading import read_form
from drumbeat.core.forms import Field, check_answers, facts_of, names_of, value_words
from drumbeat.core.playbook import RoutineErrors
from drumbeat.core.reasonlists import read_reasons, reasons_of
from drumbeat.core.rules import check_rule, compile_rule
from drumbeat.library import forms, reason_lists

TEXT = """form: all-kinds
title: All kinds
intro: One of each.
fields:
  - {field: line, type: text, label: A line, required: true, least: 2, most: 20}
  - {field: lines, type: long_text, label: Lines}
  - {field: count, type: number, label: A number, least: 0, most: 10}
  - {field: amount, type: money, label: An amount, currency: EUR, least: 0}
  - {field: day, type: date, label: A day, least: 2026-01-01, most: 2026-12-31}
  - {field: one, type: choice, label: One, options: {a: First, b: Second}}
  - {field: some, type: choices, label: Some, most: 2, options: {x: Ex, y: Why, z: Zed}}
  - {field: sure, type: yes_no, label: Sure}
  - {field: why, type: text, label: Why, required: true, only_if: {field: sure, is: "no"}}
  - {field: proof, type: file, label: Proof, most: 1}
"""
FORM = read_form(TEXT)
LINE = {"line": "two words"}

# fmt: off
BAD = [
    ("form: all-kinds", "form: All", 1, "form", "is no key", "a–z 0–9 -"),
    ("title: All kinds\n", "", 1, "title", "is missing", "title: …"),
    ("intro:", "introo:", 3, "introo", "is no key", "did you mean intro?"),
    ("field: line,", "field: Line,", 5, "fields.1.field", "no key of a field", "begin with a letter"),
    ("field: lines,", "field: line,", 6, "fields.2.field", "asked twice", "its own key"),
    ("type: long_text", "type: longtext", 6, "fields.2.type", "longtext", "did you mean long_text?"),
    ("label: Lines", "lable: Lines", 6, "fields.2.lable", "is no key", "did you mean label?"),
    ("least: 0, most: 10", "least: few", 7, "fields.3.least", "is no number", "1234.50"),
    (", currency: EUR", "", 8, "fields.4.currency", "is missing", "currency: …"),
    ("currency: EUR", "currency: euro", 8, "fields.4.currency", "no currency", "like EUR"),
    ("label: A number", "label: A number, currency: EUR", 7, "fields.3.currency", "means nothing", "type: money"),
    ("least: 2026-01-01", "least: 2026-02-30", 9, "fields.5.least", "no date", "2026-01-31"),
    (", options: {a: First, b: Second}", "", 10, "fields.6.options", "nothing to choose", "key: label"),
    ("{a: First, b: Second}", "{A: First, b: Second}", 10, "fields.6.options", "no key", "begin with a letter"),
    ("label: A line,", "label: A line, options: {a: A, b: B},", 5, "fields.1.options", "means nothing", "choice"),
    ("label: Sure", "label: Sure, most: 3", 12, "fields.8.most", "means nothing", "leave it out"),
    ("field: sure, is", "field: sore, is", 13, "fields.9.only_if.field", "no field 'sore'", "did you mean sure?"),
    ('is: "no"', "is: maybe", 13, "fields.9.only_if.is", "never 'maybe'", "yes, no"),
    ("only_if: {field: sure", "only_if: {field: line", 13, "fields.9.only_if.field", "offers no choices", "yes_no"),
]

# answers, the value that comes of one field or the words of what is wrong with it
ANSWERS = [
    ({"line": "  a \n b "}, "line", "a b"), ({"line": "\u0000\u0007ok"}, "line", "ok"),
    ({"line": "x"}, "line", "Write 2 characters at least"), ({"line": "x" * 21}, "line", "21 characters long. Use 20 at most"),
    ({}, "line", "Please fill this in"),
    (LINE | {"lines": "a\r\nb"}, "lines", "a\nb"),
    (LINE | {"count": "7"}, "count", "7"), (LINE | {"count": "1,5"}, "count", "1.5"), (LINE | {"count": "-1"}, "count", "The least is 0"),
    (LINE | {"count": "11"}, "count", "The most is 10"), (LINE | {"count": "NaN"}, "count", "This is no number"),
    (LINE | {"count": "1e3"}, "count", "This is no number"), (LINE | {"count": "9" * 16}, "count", "This is no number"),
    (LINE | {"amount": "1.234,50"}, "amount", {"amount": "1234.50", "currency": "EUR"}),
    (LINE | {"amount": "1,234,567"}, "amount", {"amount": "1234567.00", "currency": "EUR"}),
    (LINE | {"amount": "1 234,5"}, "amount", {"amount": "1234.50", "currency": "EUR"}),
    (LINE | {"amount": "EUR 12"}, "amount", {"amount": "12.00", "currency": "EUR"}),
    (LINE | {"amount": "1,234"}, "amount", "can be read in two ways. Write 1234 or 1.2340"),
    (LINE | {"amount": "1.005"}, "amount", "can be read in two ways"), (LINE | {"amount": "0.005"}, "amount", "two places"),
    (LINE | {"day": "2026-02-29"}, "day", "There is no such day"), (LINE | {"day": "2025-12-31"}, "day", "The least is 1 January 2026"),
    (LINE | {"day": "2026-05-04"}, "day", "2026-05-04"),
    (LINE | {"one": "b"}, "one", "b"), (LINE | {"one": "c"}, "one", "Please choose from the list"),
    (LINE | {"some": ["z", "x"]}, "some", ["x", "z"]), (LINE | {"some": ["x", "y", "z"]}, "some", "The most is 2 of them"),
    (LINE | {"sure": "yes"}, "sure", True), (LINE | {"sure": "perhaps"}, "sure", "yes or no"),
    (LINE | {"sure": "no"}, "why", "Please fill this in"), (LINE | {"sure": "yes", "why": "x"}, "why", None),
    (LINE | {"proof": {"id": 1, "name": "a.pdf", "size": 5}}, "proof", {"id": 1, "name": "a.pdf", "size": 5}),
    (LINE | {"proof": {"id": 1, "name": "a.pdf", "size": 1_000_001}}, "proof", "too large. 1 MB"),
]
# fmt: on


@pytest.mark.parametrize(("old", "new", "line", "key", "reason", "mend"), BAD)
def test_a_mistake_is_named_with_its_line_and_mend(
    old: str, new: str, line: int, key: str, reason: str, mend: str
) -> None:
    assert old in TEXT
    with pytest.raises(RoutineErrors) as caught:
        read_form(TEXT.replace(old, new, 1), "all-kinds.yaml")
    found = [(one.line, one.key) for one in caught.value.problems]
    [problem] = [one for one in caught.value.problems if one.key == key] or [found]
    assert problem.line == line
    assert reason in problem.reason and mend in problem.mend, problem


@pytest.mark.parametrize(("given_", "key", "expected"), ANSWERS)
def test_an_answer_becomes_a_value_or_words(given_: dict[str, object], key: str, expected: object) -> None:
    checked = check_answers(FORM, given_)
    if key in checked.problems:
        assert str(expected) in checked.problems[key]
    else:
        assert checked.values.get(key) == expected


def test_rules_read_the_answers_by_type() -> None:
    facts = facts_of(FORM, "first-ask")
    assert not check_rule("answer.first_ask.amount > 100.0 && answer.first_ask.sure", facts)
    assert "write 100.0" in check_rule("answer.first_ask.amount > 100", facts)[0].mend
    values = check_answers(
        FORM, LINE | {"amount": "250,50", "sure": "yes", "some": ["x"], "day": "2026-05-04"}
    ).values
    told = names_of(FORM, "first-ask", values)
    assert told["answer.first_ask.amount"] == Decimal("250.50")
    for rule in (
        "answer.first_ask.amount > 250.0", "answer.first_ask.sure", '"x" in answer.first_ask.some',
        'answer.first_ask.day < "2026-06-01"', "!has(answer.first_ask.count)",
    ):  # fmt: skip
        assert compile_rule(rule).judge(told).is_met, rule


def test_answers_are_told_in_words() -> None:
    values = check_answers(
        FORM, LINE | {"amount": "1234.5", "sure": "no", "why": "so", "some": ["x", "y"], "day": "2026-05-04"}
    ).values
    told = {key: value_words(FORM.field(key), value) for key, value in values.items()}
    assert told == {
        "line": "two words", "amount": "1,234.50 EUR", "sure": "No", "why": "so", "some": "Ex, Why", "day": "4 May 2026",
    }  # fmt: skip


@given(st.dictionaries(st.sampled_from([one.key for one in FORM.fields]), st.text() | st.lists(st.text())))
def test_nothing_that_is_written_raises(told: dict[str, object]) -> None:
    checked = check_answers(FORM, told)
    assert not set(checked.values) & set(checked.problems)
    for key, value in checked.values.items():
        assert "\0" not in value_words(FORM.field(key), value)


def test_the_shipped_forms_and_reasons_read_and_carry_their_file_s_name() -> None:
    assert all(key == form.key for key, form in forms().items()) and len(forms()) >= 15
    assert all(key == listed.key for key, listed in reason_lists().items())
    assert reasons_of(("Too early", "Not ours!")).decline == {
        "too_early": "Too early",
        "not_ours": "Not ours!",
    }


def test_a_list_of_reasons_says_what_is_wrong() -> None:
    with pytest.raises(RoutineErrors) as caught:
        read_reasons("reasons: x-y-z\ntitle: T\ndecline: [a]\n")
    assert [str(one) for one in caught.value.problems] == [
        "line 3, decline: is no map; write code: what it says, one a line"
    ]


def test_bounds_of_a_field_are_values() -> None:
    day, amount = FORM.field("day"), FORM.field("amount")
    assert (day.least, amount.least) == (date(2026, 1, 1), Decimal(0))
    assert isinstance(FORM.field("one"), Field)
