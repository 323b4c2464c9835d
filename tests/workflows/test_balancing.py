"""Capacity from live routines, and phases that lower a peak: suggested, moved as one act, put back; what is fixed stays."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from drumbeat.apps.partners.actions import assign_manager
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.routines.actions import (
    Agreement,
    agree_override,
    plan_moments,
    publish_version,
    smooth_phases,
    start_routine,
    subscribe,
    undo_smoothing,
)
from drumbeat.apps.routines.models import Moment, Subscription
from drumbeat.core.refusal import Refused
from drumbeat.library import routine_texts
from drumbeat.workflows.balancing import holdings, suggest_phases
from tests.world import World, build_world

START = datetime(2026, 6, 1, 6, tzinfo=UTC)
QUARTER = {"from_on": date(2026, 7, 1), "until_on": date(2026, 10, 1)}

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """Ten gold partners of Alice with a quarterly review each, all in the same phase."""
    world = build_world(at=START)
    partners = [
        Partner.objects.create(key=f"g{n}", name=f"G {n}", type="var", status="active", tier="gold", country="DE",
                               zone="Europe/Berlin")
        for n in range(10)
    ]  # fmt: skip
    for partner in partners:
        assign_manager(partner, world.alice, START.date(), by=None, at=START)
    routine = publish_version(routine_texts()["quarter-review"], by=None, at=START).routine
    start_routine(routine, by=None, at=START)
    subscribe(routine, partners, on=START.date())
    Subscription.objects.update(phase=0)
    plan_moments(at=START)
    return world


def phases() -> dict[int, int]:
    return dict(Subscription.objects.values_list("pk", "phase"))


def test_the_peak_comes_down_and_the_total_stays(world: World) -> None:
    found = suggest_phases(world.alice, **QUARTER, at=START)
    assert found.smoothed.is_better and found.shifts
    assert found.smoothed.after.max() < 0.75 * found.smoothed.before.max()
    assert found.smoothed.after.sum() == pytest.approx(found.smoothed.before.sum())
    assert all(0 <= shift.becomes <= 10 for shift in found.shifts)


def test_what_is_suggested_is_done_at_once_and_put_back_at_once(world: World) -> None:
    before, dues = phases(), list(Moment.objects.order_by("pk").values_list("due_at", flat=True))
    found = suggest_phases(world.alice, **QUARTER, at=START)
    smoothing = smooth_phases(found.phases, world.alice, by=world.dora, at=START)
    assert phases() == before | found.phases
    after = suggest_phases(world.alice, **QUARTER, at=START).smoothed
    assert after.before == pytest.approx(found.smoothed.after)  # planned as it was shown
    assert sorted(Moment.objects.values_list("due_at", flat=True)) != sorted(dues)
    assert undo_smoothing(smoothing, by=world.dora, at=START) == len(found.shifts)
    assert undo_smoothing(smoothing, by=world.dora, at=START) == 0
    assert phases() == before
    assert sorted(Moment.objects.values_list("due_at", flat=True)) == sorted(dues)


def test_agreed_and_moved_ones_stay_and_a_phase_outside_the_spread_is_refused(world: World) -> None:
    agreed, moved, *_ = Subscription.objects.order_by("pk")
    agreement = Agreement(kind="timing", from_on=START.date(), reason="partner_asked", weekday=3)
    agree_override(agreed, agreement, by=world.alice, at=START)
    Moment.objects.filter(subscription=moved).update(touched_at=START)
    found = suggest_phases(world.alice, **QUARTER, at=START)
    assert found.shifts and not {agreed.pk, moved.pk} & set(found.phases)
    with pytest.raises(Refused, match="10 working days"):
        smooth_phases({moved.pk: 11}, world.alice, by=None, at=START)
    with pytest.raises(Refused, match="nothing to move"):
        smooth_phases({}, world.alice, by=None, at=START)


def test_capacity_comes_from_live_routines_and_the_partners_as_they_are_assigned(world: World) -> None:
    held = holdings(from_on=START.date(), at=START)
    alice = next(one for one in held.managers if one.person == world.alice)
    assert alice.partners["gold"] == 11 and held.needs["gold"] == pytest.approx(
        10 * 11.0 / 11
    )  # four reviews of 165 minutes
    assert alice.fit.fixed == 0 and 1700 < alice.hours < 2100
    assert alice.fit.partners and alice.fit.partners > 60
    assert held.everybody.partners.total() == sum(one.partners.total() for one in held.managers)
