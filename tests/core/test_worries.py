"""When a partner is dormant, at risk or silent: each rule at its edge."""

import pytest

from drumbeat.core.worries import Sight, is_at_risk, is_dormant, is_silent

QUIET = Sight(days_since_deal=None, has_sales=True, has_leader_left=False)


@pytest.mark.parametrize(
    ("sold", "moved", "joined", "has_sales", "dormant"),
    [
        (181, 91, 181, True, True),
        (180, 91, 181, True, False),
        (181, 90, 181, True, False),
        (181, 91, 180, True, False),
        (181, 91, None, True, False),
        (None, None, 200, True, True),  # never sold, though others do
        (None, None, 200, False, False),  # nobody enters sales here
        (181, None, 200, False, True),
    ],
)
def test_dormant(sold, moved, joined, has_sales, dormant):
    facts = {"partner.days_since_sale": sold, "partner.days_in_program": joined}
    assert is_dormant(facts, Sight(moved, has_sales, False)) is dormant


@pytest.mark.parametrize(
    ("facts", "left", "at_risk"),
    [
        ({}, False, False),
        ({"health_change_90d": -15.0}, False, True),
        ({"health_change_90d": -14.9}, False, False),
        ({"on_time_vendor_12m": 0.69}, False, True),
        ({"on_time_vendor_12m": 0.7}, False, False),
        ({"pulse_last": 4}, False, True),
        ({"pulse_last": 5}, False, False),
        ({"has_principal": True, "has_sales_lead": True}, True, False),  # somebody followed
        ({"has_principal": True, "has_sales_lead": False}, True, True),
        ({"has_principal": False}, False, False),  # never had one
    ],
)
def test_at_risk(facts, left, at_risk):
    named = {f"partner.{name}": value for name, value in facts.items()}
    assert is_at_risk(named, Sight(None, True, left)) is at_risk


@pytest.mark.parametrize(
    ("contact", "meeting", "silent"),
    [(60, 1, True), (59, 200, False), (None, 60, True), (None, 59, False), (None, None, False)],
)
def test_silent(contact, meeting, silent):
    facts = {"partner.days_since_contact": contact, "partner.days_since_meeting": meeting}
    assert is_silent(facts) is silent
