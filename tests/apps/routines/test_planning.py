"""Planning by combinations: what it writes for many is what each subscription alone would get, and twice changes nothing."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from drumbeat.apps.partners.models import Partner
from drumbeat.apps.partners.queries import manager_of
from drumbeat.apps.people.queries import vendor
from drumbeat.apps.routines.actions import (
    Agreement,
    agree_override,
    open_due,
    plan_moments,
    publish_version,
    subscribe,
)
from drumbeat.apps.routines.actions.planning import HORIZON, Planned, as_wanted
from drumbeat.apps.routines.bridge import Settings, agreements_of, playbook_of
from drumbeat.apps.routines.models import Moment, Occurrence, Routine, Subscription
from drumbeat.core.planning import is_anchored, wanted_moments
from drumbeat.core.reconciling import reconcile
from tests.world import World, build_world

from .calls import CALL, START, started

pytestmark = pytest.mark.django_db
PLACES = (("DE", "Europe/Berlin"), ("US", "America/New_York"), ("JP", "Asia/Tokyo"), ("NO", "Europe/Oslo"))
SPREAD = CALL.replace("roll: following", "roll: following, spread: 4bd")


@pytest.fixture
def world() -> World:
    return build_world(at=START)


def many(world: World, routine: Routine) -> list[Partner]:
    partners = Partner.objects.bulk_create(
        Partner(key=f"p{n}", name=f"P {n}", sort_name=f"p {n}", type="var", status="active", country=country,
                zone=zone)
        for n in range(30)
        for country, zone in [PLACES[n % len(PLACES)]]
    )  # fmt: skip
    for start in range(3):
        subscribe(routine, partners[start::3], on=START.date() + timedelta(days=9 * start))
    return partners


def slow_twin(routine: Routine, at) -> tuple[dict, Planned]:
    """One by one through core's own reconcile: the moments that there should be then, and what that takes."""
    assert routine.version
    playbook, found, counts = playbook_of(routine.version), {}, Planned()
    settings = Settings(playbook, vendor())
    for one in routine.subscriptions.running():
        subject = one.partner or one.person
        manager = manager_of(one.partner, at.date()) if one.partner else one.person
        planned = one.planned_until
        since = max(one.started_on, min(at.date(), planned) - HORIZON) if planned else one.started_on
        anchor = one.started_on if is_anchored(playbook.cadence.rule) else date(2000, 1, 1)
        wanted = wanted_moments(
            playbook, settings.of(subject, manager), phase=one.phase, anchor=anchor, since=since,
            until=at.date() + HORIZON, overrides=agreements_of([one]).get(one.pk, ()),
        )  # fmt: skip
        rows = list(Moment.objects.filter(subscription=one))
        opened = Occurrence.objects.filter(subscription=one).values_list("nominal_on", flat=True)
        arranged = {row.nominal_on: (row.version_id, as_wanted(row)) for row in rows}
        changes = reconcile(
            {moment.nominal_on: (routine.version.pk, moment) for moment in wanted},
            arranged,
            touched={*opened, *(row.nominal_on for row in rows if row.touched_at)},
        )
        kept = {on: moment for on, moment in arranged.items() if on not in changes.cancel}
        found[one.pk] = kept | changes.create | changes.move
        counts += Planned(len(changes.create), len(changes.move), len(changes.cancel))
    return found, counts


def stored(routine: Routine) -> dict:
    found: dict = {pk: {} for pk in routine.subscriptions.running().values_list("pk", flat=True)}
    for row in Moment.objects.filter(subscription__routine=routine):
        found[row.subscription_id][row.nominal_on] = row.version_id, as_wanted(row)
    return found


def check_against_twin(routine: Routine, at) -> Planned:
    expected, counts = slow_twin(routine, at)
    assert plan_moments(at=at, routines=[routine]) == counts
    assert stored(routine) == expected
    assert plan_moments(at=at, routines=[routine]) == Planned()
    return counts


@pytest.mark.parametrize("rule", ["FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "every 7bd"])
def test_many_get_what_each_alone_would_get_through_all_that_may_happen(world: World, rule: str) -> None:
    text, dice = SPREAD.replace("FREQ=WEEKLY;BYDAY=TU", rule), Random(4)
    routine = started(world, text)
    many(world, routine)
    assert check_against_twin(routine, START).created > 100
    damage(routine, dice)
    open_due(at=START + timedelta(days=16))
    fixed = Subscription.objects.get(partner=world.bergmann, routine=routine)
    agreement = Agreement(kind="timing", from_on=START.date(), reason="partner_asked", weekday=3)
    agree_override(fixed, agreement, by=world.alice, at=START + timedelta(days=16))
    done = check_against_twin(routine, START + timedelta(days=17))
    assert done.created and done.moved and done.cancelled
    publish_version(text.replace('at: "10:00"', 'at: "11:00"'), by=None, at=START)
    routine.refresh_from_db()
    assert check_against_twin(routine, START + timedelta(days=45)).moved > 100


def damage(routine: Routine, dice: Random) -> None:
    """What a restored backup or a hand in the database leaves: gone, elsewhere, too many, and moved by a person."""
    moments = list(Moment.objects.filter(subscription__routine=routine).order_by("pk"))
    for row in dice.sample(moments, 40):
        match dice.randrange(4):
            case 0:
                row.delete()
            case 1:
                Moment.objects.filter(pk=row.pk).update(due_at=row.due_at + timedelta(hours=1))
            case 2:
                Moment.objects.filter(pk=row.pk).update(
                    touched_at=START, due_at=row.due_at + timedelta(days=1)
                )
            case 3:
                copy = as_wanted(row)
                moved = {
                    name: getattr(copy, name)
                    for name in ("opens_at", "due_at", "deadline_at", "miss_at", "why")
                }
                Moment.objects.create(
                    subscription_id=row.subscription_id, version_id=row.version_id,
                    nominal_on=row.nominal_on + timedelta(days=2), step_dues=row.step_dues,
                    step_deadlines=row.step_deadlines, **moved,
                )  # fmt: skip


def test_the_night_costs_the_same_queries_for_few_and_for_many(
    world: World, django_assert_max_num_queries
) -> None:
    routine = started(world, SPREAD)
    many(world, routine)
    with django_assert_max_num_queries(18):
        plan_moments(at=START, routines=[routine])


def test_moments_of_steps_are_stored_with_and_without_promises_of_their_own(world: World) -> None:
    routine = started(world, SPREAD)
    row = Moment.objects.filter(subscription__routine=routine).first()
    assert row and [deadline is None for deadline in row.step_deadlines] == [True, True, False]
