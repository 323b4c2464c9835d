"""Facts that rules read: kept ones, and over them what the rows say."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from drumbeat.apps.partners.actions import (
    add_partners,
    add_territory,
    change_partner,
    record_departure,
    record_facts,
)
from drumbeat.apps.partners.models import Fact
from drumbeat.apps.partners.queries import partner_facts
from drumbeat.core.facts import FACTS
from drumbeat.core.refusal import Refused
from drumbeat.core.rules import compile_rule
from tests.world import AT, World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def test_the_rows_tell_the_live_facts(world):
    assert partner_facts([world.bergmann.pk], AT)[world.bergmann.pk] == {
        "partner.type": "var",
        "partner.status": "active",
        "partner.tier": "gold",
        "partner.country": "DE",
        "partner.subdivision": "BW",
        "partner.zone": "Europe/Berlin",
        "partner.language": "de",
        "partner.joined_on": "2025-01-01",
        "partner.days_in_program": 425,
        "partner.pos_due": True,
        "partner.manager": "alice@polaris.example",
        "partner.contacts_active": 2,
        "partner.has_sales_lead": True,
        "partner.has_principal": True,
    }


def test_live_facts_follow_people_and_territory(world):
    add_territory("south", "South", by=None, at=AT)
    change_partner(world.bergmann, {"territory": "south"}, by=None, at=AT)
    record_departure(world.petra, date(2026, 3, 2), by=None, at=AT)
    facts = partner_facts([world.bergmann.pk, world.outsider.pk], AT)
    assert facts[world.bergmann.pk]["partner.territory"] == "south"
    assert facts[world.bergmann.pk]["partner.contacts_active"] == 1
    assert facts[world.bergmann.pk]["partner.has_principal"] is False
    assert facts[world.outsider.pk]["partner.manager"] == "none"
    assert facts[world.outsider.pk]["partner.contacts_active"] == 0


def test_kept_facts_are_read_and_the_live_ones_win(world):
    pk = world.fjord.pk
    rows = [
        (pk, "partner.revenue_12m", Decimal("1200.50")),
        (pk, "partner.verticals", ("retail",)),
        (pk, "partner.tier", "none"),
    ]
    assert record_facts(rows, as_of=AT, source="test") == 3
    facts = partner_facts([pk], AT)[pk]
    assert facts["partner.revenue_12m"] == 1200.5
    assert facts["partner.verticals"] == ["retail"]
    assert facts["partner.tier"] == "platinum"
    assert compile_rule("partner.revenue_12m > 1000.0 && partner.tier == 'platinum'").judge(facts).is_met


def test_the_latest_value_counts_and_none_forgets(world):
    pk = world.fjord.pk
    for value, days in ((70.0, 0), (60.0, -1)):
        record_facts([(pk, "partner.health", value)], as_of=AT + timedelta(days=days), source="test")
    assert Fact.objects.get(name="partner.health").value == 70.0
    record_facts([(pk, "partner.health", None)], as_of=AT - timedelta(days=1), source="test")
    assert Fact.objects.filter(name="partner.health").exists()
    record_facts([(pk, "partner.health", None)], as_of=AT, source="test")
    assert not Fact.objects.filter(name="partner.health").exists()


def test_wrong_facts_are_refused(world):
    with pytest.raises(Refused, match=r"no fact partner\.colour"):
        record_facts([(world.fjord.pk, "partner.colour", "red")], as_of=AT, source="test")
    with pytest.raises(Refused, match="twice"):
        record_facts([(world.fjord.pk, "partner.health", 1.0)] * 2, as_of=AT, source="test")
    assert not Fact.objects.exists()


def test_every_live_fact_is_in_the_vocabulary(world):
    assert partner_facts([world.bergmann.pk], AT)[world.bergmann.pk].keys() <= FACTS.keys()


@pytest.mark.parametrize("size", [1, 30])
def test_the_number_of_queries_does_not_grow(world, size, django_assert_num_queries):
    rows = [{"name": f"P{n}", "type": "var", "country": "DE"} for n in range(size)]
    ids = [partner.pk for partner in add_partners(rows, by=None, at=AT)]
    with django_assert_num_queries(3):
        assert len(partner_facts(ids, AT)) == size
    with django_assert_num_queries(4):  # two statements between the edges of their transaction
        record_facts([(pk, "partner.health", 1.0) for pk in ids], as_of=AT, source="test")
