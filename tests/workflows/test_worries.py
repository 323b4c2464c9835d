"""What the night finds: each thing told once, and again only after it was over."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from drumbeat.apps.deals.actions import move_deal, submit_deal
from drumbeat.apps.events.models import Event
from drumbeat.apps.partners.actions import record_departure, record_facts
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.partners.queries import partner_facts
from drumbeat.apps.routines.models import Occurrence
from drumbeat.apps.sales.actions import record_sell_through
from drumbeat.workflows.beating import nightly, tick
from drumbeat.workflows.factfinding import find_facts
from drumbeat.workflows.worries import tell_worries
from tests.workflows.channel import DAY, outcome
from tests.workflows.deals import AT, happen, live, occurrences
from tests.world import World

pytestmark = pytest.mark.django_db


def night(at=AT) -> None:
    find_facts(Partner.objects.all(), at=at)
    tell_worries(at=at)


def told(kind: str) -> list[tuple[int | None, str]]:
    events = Event.objects.filter(kind=kind).order_by("pk")
    return list(events.values_list("partner_id", "subject_key"))


def sold(partner: Partner, month: date) -> None:
    record_sell_through(partner, month, Decimal(5000), "EUR", received_at=AT)


def test_a_partner_is_called_dormant_once_and_again_after_it_woke(world: World) -> None:
    sold(world.bergmann, date(2025, 9, 1))
    for partner in (world.fjord, world.kestrel, world.outsider):
        sold(partner, date(2026, 5, 1))
    night()
    night(AT + DAY)
    assert told("partner.dormant") == [(world.bergmann.pk, "")]
    assert partner_facts([world.bergmann.pk], AT)[world.bergmann.pk]["partner.dormant"] is True
    deal = submit_deal(world.bergmann, "Nordwind", Decimal(9000), "EUR", by=None, at=AT + DAY)
    night(AT + 2 * DAY)
    assert "partner.dormant" not in partner_facts([world.bergmann.pk], AT)[world.bergmann.pk]
    night(AT + 91 * DAY)
    assert len(told("partner.dormant")) == 1
    night(AT + 93 * DAY)
    assert len([one for one in told("partner.dormant") if one[0] == world.bergmann.pk]) == 2
    assert deal.pk


def test_a_leader_who_left_puts_a_partner_at_risk(world: World) -> None:
    night()
    assert told("partner.at_risk") == []
    record_departure(world.sven, AT.date() - timedelta(days=1), by=None, at=AT)
    night(AT + DAY)
    night(AT + 2 * DAY)
    assert told("partner.at_risk") == [(world.bergmann.pk, "")]


def test_posted_facts_count_for_silence(world: World) -> None:
    record_facts([(world.fjord.pk, "partner.days_since_contact", 75)], as_of=AT, source="crm")
    night()
    night(AT + DAY)
    assert told("partner.silent") == [(world.fjord.pk, "")]


def test_a_day_that_comes_near_is_told_once_and_a_new_day_anew(world: World) -> None:
    happen(
        "certification.earned",
        "C-1",
        partner=world.bergmann,
        expires_on="2026-08-20",
        holder="sven@x.example",
    )
    happen("certification.earned", "C-2", partner=world.bergmann, expires_on="2026-12-20")
    happen("agreement.signed", "A-1", partner=world.fjord, ends_on="2026-09-20")
    happen("fund.granted", "F-1", partner=world.fjord, expires_on="2026-07-20")
    night()
    night(AT + DAY)
    assert told("certification.expiring") == [(world.bergmann.pk, "C-1")]
    assert told("agreement.ending") == [(world.fjord.pk, "A-1")]
    assert told("fund.expiring") == []
    night(AT + 21 * DAY)
    assert told("fund.expiring") == [(world.fjord.pk, "F-1")]
    event = Event.objects.get(kind="certification.expiring")
    assert event.payload["holder"] == "sven@x.example"
    happen("certification.earned", "C-1", partner=world.bergmann, at=AT + 30 * DAY, expires_on="2028-08-20")
    night(AT + 31 * DAY)
    assert told("certification.expiring") == [(world.bergmann.pk, "C-1")]


def test_a_deal_that_stands_still_is_told_once_each_time(world: World) -> None:
    deal = submit_deal(world.bergmann, "Nordwind", Decimal(9000), "EUR", by=None, at=AT)
    night(AT + 44 * DAY)
    assert told("deal.stalled") == []
    night(AT + 45 * DAY)
    night(AT + 46 * DAY)
    assert len(told("deal.stalled")) == 1
    move_deal(deal, by=None, at=AT + 47 * DAY)
    night(AT + 93 * DAY)
    assert len(told("deal.stalled")) == 2


def test_what_the_night_finds_opens_a_routine(world: World) -> None:
    live("event: partner.silent", subject="partner", due="opened+5bd")
    record_facts([(world.fjord.pk, "partner.days_since_contact", 75)], as_of=AT, source="crm")
    nightly(at=AT)
    tick(at=AT)
    assert [one.subscription.partner for one in occurrences()] == [world.fjord]


def test_an_exit_rule_over_facts_is_judged_at_night(world: World) -> None:
    live("event: deal.submitted, exit: partner.deals_open == 0")
    record_facts([(world.bergmann.pk, "partner.pipeline_open", 1.0)], as_of=AT, source="crm")
    submitted = submit_deal(world.bergmann, "Nordwind", Decimal(9000), "EUR", by=None, at=AT)
    find_facts(Partner.objects.all(), at=AT)
    tick(at=AT)
    nightly(at=AT + DAY)
    assert outcome(occurrences()[0]) is None
    type(submitted).objects.filter(pk=submitted.pk).update(stage="won")
    nightly(at=AT + 2 * DAY)
    assert outcome(occurrences()[0]) == "waived"
    assert not Occurrence.objects.open().exists()
