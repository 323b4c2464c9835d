"""Promises, cost and return as figures: the worked numbers, the rules of zero and missing, and that parts make the whole."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drumbeat.apps.deals.models import Deal
from drumbeat.apps.figures.models import Act
from drumbeat.apps.figures.queries import answer, rows_behind
from drumbeat.apps.ledger.actions import keep_promises, miss_promises
from drumbeat.apps.ledger.models import Promise, Standing
from drumbeat.apps.ledger.queries import on_time_record
from drumbeat.apps.partners.actions import record_facts
from drumbeat.apps.partners.models import Partner, Territory
from drumbeat.apps.routines.actions import complete_step, open_due
from drumbeat.core.metrics import Question, asked
from tests.apps.intake.channel import load
from tests.apps.ledger.test_ledger import DEADLINE, DUE, JUNE, MISS, promised
from tests.apps.routines.calls import opened, started, step
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 1, 8, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    found = build_world(at=AT)
    for partner in (found.bergmann, found.kestrel, found.fjord):
        Partner.objects.filter(pk=partner.pk).update(external_id=partner.key)
    return found


def ask(metrics: str, by: str = "", **told: object) -> list[tuple[object, ...]]:
    question = Question(asked([metrics]), asked([by]) if by else (), **told)
    return answer(question, today=date(2026, 7, 1)).rows


def test_the_on_time_rate_of_the_worked_cohort(world):
    """24 due: 17 kept, 2 late, 1 missed, 1 overdue, 1 in grace, 2 waived: 17 of 21."""
    outcomes = [*["kept"] * 17, *["late"] * 2, "missed", None, None, *["waived"] * 2]
    promises = [
        Promise(
            routine="call", owing="vendor", owed="partner", kept_through="person", partner=world.bergmann, promised_at=AT,
            original_due_at=DUE, original_deadline_at=DEADLINE, original_miss_at=MISS,
        )
        for _ in outcomes
    ]  # fmt: skip
    Promise.objects.bulk_create(promises)
    for n, (promise, outcome) in enumerate(zip(promises, outcomes, strict=True)):
        grace = DEADLINE + timedelta(days=30 if n == 21 else 0)
        Standing.objects.create(
            promise=promise, partner=world.bergmann, due_at=DUE, deadline_at=grace, miss_at=MISS, outcome=outcome,
            outcome_at=DUE if outcome else None,
        )  # fmt: skip
    found = ask("promises_judged,on_time_rate:2,waiver_rate:2", as_of=date(2026, 6, 15))
    assert found == [(21, Decimal("80.95"), Decimal("8.70"))]


def test_records_as_figures_are_the_ledgers(world):
    made = [promised(world, owing=owing) for owing in ("vendor", "partner", "both", "both", "both", "team")]
    keep_promises([made[0].pk, made[2].pk], by=world.alice, at=DUE)
    keep_promises([made[1].pk], by=world.alice, at=DEADLINE + timedelta(hours=3))
    miss_promises([made[3].pk], by=world.alice, at=MISS, cause="partner")
    names = ("kept", "late", "missed", "waived", "overdue")
    metrics = ",".join(f"promises_{name}" for name in names)
    for side in ("vendor", "partner"):
        count = on_time_record(side=side, at=MISS + timedelta(days=1), **JUNE).people
        found = ask(metrics, "side", where=(("side", side),), as_of=date(2026, 7, 1), **JUNE)
        assert found == [(side, *(getattr(count, name) for name in names))]
    behind = rows_behind(Question(asked(["on_time_rate"]), **JUNE), today=date(2026, 7, 1))
    assert {row[behind.columns.index("promise")] for row in behind.rows} == {promise.pk for promise in made}


def test_the_worked_forecast(world):
    months = ("2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01")
    forecast = "".join(
        f"bergmann-systemhaus,{month},{amount}\n"
        for month, amount in zip(months, (100, 120, 90, 150), strict=True)
    )
    load("forecasts", "partner,month,amount\n" + forecast)
    sold = "".join(
        f"bergmann-systemhaus,O,{n},{month},1,{amount},EUR\n"
        for n, (month, amount) in enumerate(zip(months, (110, 100, 95, 120), strict=True))
    )
    load("lines", "partner,order,line,sold_on,quantity,amount,currency\n" + sold, hours=24 * 60)
    assert ask("forecast_error:2,forecast_bias:2") == [(Decimal("15.29"), Decimal("8.24"))]
    assert ask("forecast_error", until_on=date(2026, 1, 1)) == [(None,)]


def test_hours_cost_what_the_role_costs_that_day_and_are_unknown_without(world):
    started(world)
    open_due(at=datetime(2026, 6, 2, 7, tzinfo=UTC))
    call = step(opened(world.bergmann), "call")
    complete_step(call, by=world.alice, at=datetime(2026, 6, 2, 9, tzinfo=UTC), minutes=30)
    call = step(opened(world.kestrel), "call")
    complete_step(call, by=world.bob, at=datetime(2026, 6, 2, 10, tzinfo=UTC))
    metrics = "attention_hours:4,hours_only_planned,cost_to_serve"
    assert ask(metrics, "partner") == [
        ("bergmann-systemhaus", Decimal("0.5"), 0, None),
        ("kestrel-cloud", Decimal("0.3333"), 100, None),
    ]
    load("hours", "role,from_on,amount\nchannel_manager,2026-01-01,60\nchannel_manager,2026-06-03,90\n")
    load("costs", "key,partner,on,amount,what\n1,bergmann-systemhaus,2026-06-02,12.50,Train\n")
    assert ask("cost_to_serve,direct_cost", "partner") == [
        ("bergmann-systemhaus", Decimal("42.50"), Decimal("12.50")),
        ("kestrel-cloud", Decimal(20), 0),
    ]
    assert ask("cost_to_serve", "person") == [
        ("Alice Ahrens", 30),
        ("Bob Baker", 20),
        (None, Decimal("12.5")),
    ]


def deal(
    key: str, partner: Partner | None, amount: int, began: int, won: int, customer: str = "Acme"
) -> Deal:
    first = datetime(2026, 1, 1, 12, tzinfo=UTC)
    return Deal.objects.create(
        external_id=key, partner=partner, customer=customer, amount=amount, currency="EUR", stage="won",
        submitted_at=first + timedelta(days=began), moved_at=AT, closed_at=first + timedelta(days=won),
    )  # fmt: skip


def test_a_partner_brought_a_deal_or_had_a_hand_in_it_never_both(world):
    deal("A", None, 100, 10, 40)
    deal("B", world.bergmann, 70, 20, 50)  # the vendor knew the customer before
    deal("C", world.bergmann, 30, 5, 60, customer="Other")
    load(
        "acts",
        "key,deal,partner,on,what\n1,A,bergmann-systemhaus,2026-01-20,Demo\n2,A,kestrel-cloud,2026-01-30,Pilot\n"
        "3,A,kestrel-cloud,2026-02-02,Pilot\n4,A,fjord-data,2026-03-30,Too late\n5,C,fjord-data,2026-02-01,Demo\n",
    )
    assert ask("sourced_revenue,won_amount,sourced_share,influenced_revenue") == [(30, 200, 15, 100)]
    assert ask("influenced_revenue", "partner") == [("bergmann-systemhaus", 50), ("kestrel-cloud", 50)]


def test_funds_are_used_lapse_and_bring_revenue(world):
    rows = [("granted", 1000), ("reserved", 200), ("payable", 100), ("paid", 400), ("expired", 50)]
    text = "".join(
        f"{n},bergmann-systemhaus,2026-01-05,{state},{amount},fair\n"
        for n, (state, amount) in enumerate(rows)
    )
    load("funds", "key,partner,on,state,amount,activity\n" + text)
    deal("A", None, 800, 10, 40)
    deal("B", None, 900, 10, 220, customer="Late")
    load(
        "acts",
        "key,deal,partner,on,activity\n1,A,bergmann-systemhaus,2026-01-20,fair\n2,B,bergmann-systemhaus,2026-01-20,fair\n",
    )
    found = ask(
        "fund_utilisation,fund_spent,fund_expiry,fund_revenue,fund_multiple", until_on=date(2026, 12, 31)
    )
    assert found == [(70, 40, 5, 800, 2)]
    assert ask("fund_utilisation", until_on=date(2026, 1, 1)) == [(None,)]


def test_partners_are_activated_by_a_first_deal_in_ninety_days(world):
    Partner.objects.update(joined_on=date(2026, 1, 1))
    Partner.objects.filter(pk=world.outsider.pk).update(joined_on=date(2026, 6, 1))
    deal("A", world.bergmann, 1, 30, 40)
    deal("B", world.fjord, 1, 100, 110)
    told = ask("joined_partners,activation_rate:2,time_to_first_deal", as_of=date(2026, 7, 1))
    assert told == [(4, Decimal("33.33"), 100)]
    assert ask("time_to_first_deal", as_of=date(2026, 2, 15)) == [(None,)]


def test_cells_are_covered_by_active_partners_who_can(world):
    north = Territory.objects.create(key="north", name="North")
    Partner.objects.filter(pk=world.bergmann.pk).update(territory=north)
    load(
        "cells", "territory,vertical,capability\nnorth,health,cloud\nnorth,health,print\nnorth,trade,cloud\n"
    )
    record_facts(
        [
            (world.bergmann.pk, "partner.verticals", ["health"]),
            (world.bergmann.pk, "partner.capabilities", ["cloud", "print"]),
        ],
        as_of=AT,
        source="profile",
    )
    assert ask("coverage:1,able_partners", "vertical,capability") == [
        ("health", "cloud", 100, 1),
        ("health", "print", 100, 1),
        ("trade", "cloud", 0, 0),
    ]
    Partner.objects.update(status="suspended")
    assert ask("coverage") == [(0,)]


def test_leverage_counts_each_manager_once(world):
    rows = "".join(
        f"{key},O,{n},2026-01-15,1,100,EUR\n"
        for n, key in enumerate(("bergmann-systemhaus", "kestrel-cloud", "fjord-data"))
    )
    load("lines", "partner,order,line,sold_on,quantity,amount,currency\n" + rows)
    assert ask("leverage") == [(150,)]
    assert ask("leverage", "channel_manager") == [("Alice Ahrens", 200), ("Bob Baker", 100)]
    assert ask("partners_per_manager") == [(Decimal("1.5"),)]


ACT = st.tuples(st.integers(0, 3), st.sampled_from(["bergmann", "kestrel", "fjord"]), st.integers(-200, 60))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from([None, "bergmann", "kestrel"]), min_size=1, max_size=4),
    st.lists(ACT, max_size=8),
)
def test_sourced_and_influenced_never_pass_what_was_won_and_parts_are_the_whole(world, sellers, acts):
    from django.db import transaction

    with transaction.atomic():
        made = [
            deal(str(n), getattr(world, name) if name else None, 10 + n, n, 50 + n, customer=str(n % 2))
            for n, name in enumerate(sellers)
        ]
        for n, (which, name, day) in enumerate(acts):
            if which < len(made):
                on = date(2026, 2, 1) + timedelta(days=day)
                Act.objects.create(key=str(n), deal=made[which], partner=getattr(world, name), on=on)
        ((sourced, won, influenced),) = ask("sourced_revenue,won_amount,influenced_revenue")
        assert sourced + influenced <= won
        for split in ("partner", "type,month", "quarter,tier"):
            parts = ask("influenced_revenue", split)
            assert sum(row[-1] for row in parts) == pytest.approx(influenced)
        transaction.set_rollback(True)
