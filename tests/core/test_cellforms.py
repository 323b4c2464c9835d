"""How dates and numbers of foreign files are read: strictly by a form, and a form is named only when it is certain."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.cellforms import (
    DATE_FORMS,
    Ambiguous,
    certain_date,
    certain_number,
    date_reader,
    number_reader,
)
from drumbeat.core.refusal import Refused


@pytest.mark.parametrize(
    ("form", "text", "read"),
    [
        ("1,234.56", "1,229.4589", "1229.4589"),
        ("£1,234.56", "£1,409.3820", "1409.3820"),
        ("1 234,56 €", "4\u202f917,8356 €", "4917.8356"),
        ("1.234,56", "1.344,5880", "1344.5880"),
        ("$1,234.56", "$-5.00", "-5.00"),
        ("$1,234.56", "($5.00)", "-5.00"),
        ("1234.56", "602.3460", "602.3460"),
        ("1'234.56", "1'000'000", "1000000"),
    ],
)
def test_a_number_is_read_by_its_form(form, text, read):
    assert number_reader(form)(text) == read


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("1,234.56", "1.234,56"),
        ("1,234.56", "12,34.5"),
        ("$1,234.56", "5.00"),
        ("1234.56", "1,234"),
        ("1234.56", "1e9"),
        ("1234.56", "5.00005"),
        ("1234.56", "(5"),
        ("1234.56", ""),
    ],
)
def test_what_the_form_does_not_say_is_refused(form, text):
    with pytest.raises(Refused):
        number_reader(form)(text)


def test_more_decimals_are_rounded_only_when_that_is_wished():
    assert number_reader("1234.56", rounds=True)("9.80000019") == "9.8000"


@pytest.mark.parametrize(
    ("texts", "form"),
    [
        (["28/10/2012", "01/02/2012"], "%d/%m/%Y"),
        (["10/28/2012"], "%m/%d/%Y"),
        (["11/28/12"], "%m/%d/%y"),
        (["28.12.2012"], "%d.%m.%Y"),
        (["2012-10-28", "2012-10-28 00:00:00"], "%Y-%m-%d"),
        (["20121028"], "%Y%m%d"),
        (["05/05/2012"], "%d/%m/%Y"),
    ],
)
def test_a_date_form_is_named_when_it_is_certain(texts, form):
    assert certain_date(texts) == form


@pytest.mark.parametrize("text", ["01/02/2012", "12/05/12", "03-04-2012"])
def test_a_date_that_may_be_two_days_is_asked_about(text):
    with pytest.raises(Ambiguous, match="Say in the mapping"):
        certain_date([text])


def test_thousands_or_decimals_are_asked_about_until_another_number_tells():
    with pytest.raises(Ambiguous):
        certain_number(["1,234"])
    assert certain_number(["1,234", "12.5"]) == "1,234.56"
    assert certain_number(["1,234", "12,5"]) == "1234,56"
    assert certain_number(["$1,229.4589", "$33.77"]) == "$1,234.56"


@pytest.mark.parametrize("text", ["31.02.2012", "2012-13-01", "12.2012", "1/1/2012 5pm"])
def test_no_day_is_refused(text):
    with pytest.raises(Refused):
        certain_date([text])


@given(st.lists(st.dates(date(1990, 1, 1), date(2060, 1, 1)), min_size=1), st.sampled_from(DATE_FORMS[:12]))
def test_a_certain_date_form_reads_what_was_meant(days, form):
    texts = [day.strftime(form) for day in days]
    try:
        found = certain_date(texts)
    except Ambiguous:
        return
    assert [date_reader(found)(text) for text in texts] == [date_reader(form)(text) for text in texts]


@given(
    st.lists(st.decimals(-(10**9), 10**9, places=4), min_size=1), st.sampled_from([",.", ".,", " ,", "'."])
)
def test_a_certain_number_form_reads_what_was_meant(numbers, signs):
    swap = str.maketrans(",.", signs)
    texts = [f"{number:,.4f}".translate(swap) for number in numbers]
    try:
        read = number_reader(certain_number(texts))
    except Ambiguous:
        return
    assert [Decimal(read(text)) for text in texts] == numbers
