"""A partner closes, is suspended, comes back, becomes part of another, and is split again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from drumbeat.apps.events.models import Event
from drumbeat.apps.ledger.actions import rebuild_ledger
from drumbeat.apps.ledger.models import Entry, Promise
from drumbeat.apps.messages.actions import write_message
from drumbeat.apps.messages.models import Message
from drumbeat.apps.partners.access import visible_to
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.routines.actions import open_due, subscribe
from drumbeat.apps.routines.models import Moment, Occurrence, Step, Subscription
from drumbeat.core.refusal import Refused
from drumbeat.workflows.closing import (
    close_partner,
    merge_partners,
    reopen_partner,
    split_partners,
    suspend_partner,
)
from drumbeat.workflows.performers import perform_due
from tests.apps.routines.calls import START, of, opened, started, step
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
AT = START + timedelta(hours=3)
LATER = START + timedelta(days=8)


@pytest.fixture
def world() -> World:
    world = build_world(at=START)
    started(world)
    open_due(at=AT)
    return world


def test_closing_waives_by_rule_what_is_open_and_stops_what_is_to_come(world: World) -> None:
    write_message("hello", to=world.petra, partner=world.bergmann, subject="Hello", text="Hello", at=AT)
    done = close_partner(world.bergmann, by=world.dora, at=AT)
    assert (done.wound_up.subscriptions, done.wound_up.occurrences) == (1, 1)
    assert done.messages == 1 and Message.objects.get(key="hello").state == "dropped"
    reasons = set(Entry.objects.filter(kind="waived").values_list("reason", flat=True))
    assert reasons == {"partner_closed"} and rebuild_ledger() == 0
    assert not Moment.objects.filter(subscription__partner=world.bergmann).exists()
    assert Event.objects.filter(kind="partner.closed").count() == 1
    close_partner(world.bergmann, by=world.dora, at=AT)
    assert Event.objects.filter(kind="partner.closed").count() == 1
    open_due(at=LATER)
    perform_due(at=LATER, limit=50)
    assert not Message.objects.filter(partner=world.bergmann, state="queued").exists()


def test_closing_may_let_what_is_open_be_finished_by_another(world: World) -> None:
    done = close_partner(world.bergmann, finish=True, heir=world.bob, by=world.dora, at=AT)
    assert (done.wound_up.subscriptions, done.wound_up.occurrences) == (1, 0)
    occurrence = opened(world.bergmann)
    assert occurrence.closed_at is None and step(occurrence, "call").assignee == world.bob
    assert occurrence.promise.standing.person == world.bob


def test_only_director_and_operations_close_and_merge(world: World) -> None:
    for verb in (
        lambda: close_partner(world.bergmann, by=world.alice, at=AT),
        lambda: suspend_partner(world.bergmann, by=world.alice, at=AT),
        lambda: merge_partners(world.fjord, world.bergmann, by=world.alice, at=AT),
    ):
        with pytest.raises(Refused, match="Only a director"):
            verb()


def test_suspended_it_leaves_at_once_and_comes_back(world: World) -> None:
    assert suspend_partner(world.bergmann, by=world.dora, at=AT) == 1
    assert not Moment.objects.filter(subscription__partner=world.bergmann).exists()
    assert opened(world.bergmann).closed_at is None
    world.bergmann.refresh_from_db()
    assert reopen_partner(world.bergmann, by=world.dora, at=AT) == 1
    assert Moment.objects.filter(subscription=of(world.bergmann)).exists()


def merged(world: World) -> tuple[Occurrence, Occurrence]:
    """Fjord goes up in Bergmann: the call of this week both have, that of Fjord's later week Bergmann hasn't."""
    twin, alone = Occurrence.objects.filter(subscription__partner=world.fjord).get(), None
    open_due(at=LATER)
    alone = Occurrence.objects.filter(subscription__partner=world.fjord).latest("nominal_on")
    Step.objects.filter(
        occurrence__subscription__partner=world.bergmann, occurrence__nominal_on=alone.nominal_on
    ).delete()
    Occurrence.objects.filter(subscription__partner=world.bergmann, nominal_on=alone.nominal_on).delete()
    return twin, alone


def test_merged_the_work_goes_over_without_doubles_and_the_history_stays(world: World) -> None:
    twin, alone = merged(world)
    merge = merge_partners(world.fjord, world.bergmann, by=world.dora, at=LATER)
    fjord = Partner.objects.get(pk=world.fjord.pk)
    assert (fjord.status, fjord.merged_into) == ("closed", world.bergmann)
    assert not Subscription.objects.running().filter(partner=fjord).exists()
    assert Subscription.objects.running().filter(partner=world.bergmann).count() == 1
    for one in (twin, alone):
        one.refresh_from_db()
    assert twin.closed_at == LATER and twin.promise.standing.outcome == "waived"
    assert alone.closed_at is None and alone.subscription == of(world.bergmann)
    assert step(alone, "call").assignee == world.alice
    assert merge.moved["doubled"] == [twin.pk]
    assert Promise.objects.filter(partner=fjord).count() == 4  # two calls and two notes, as they were made
    world.nils.refresh_from_db()
    assert world.nils.partner == world.bergmann
    assert {world.bergmann, fjord} <= set(visible_to(world.alice, LATER))
    assert Event.objects.get(kind="partner.merged").payload["into"] == world.bergmann.pk
    open_due(at=LATER + timedelta(days=7))
    assert Occurrence.objects.filter(nominal_on=date(2026, 6, 16), subscription__partner=fjord).count() == 0
    assert rebuild_ledger() == 0


def test_a_routine_that_only_the_lost_one_had_goes_over(world: World) -> None:
    from drumbeat.workflows.closing import end_subscriptions

    end_subscriptions([of(world.bergmann)], at=AT)
    occurrence = opened(world.fjord)
    merge_partners(world.fjord, world.bergmann, by=world.dora, at=AT)
    occurrence.refresh_from_db()
    assert occurrence.subscription == of(world.bergmann) and occurrence.closed_at is None
    assert Moment.objects.filter(subscription=of(world.bergmann)).exists()


def test_a_wrong_merge_is_split_with_what_is_still_open(world: World) -> None:
    twin, alone = merged(world)
    merge = merge_partners(world.fjord, world.bergmann, by=world.dora, at=LATER)
    for _ in range(2):
        split_partners(merge, by=world.dora, at=LATER)
        merge.refresh_from_db()
    fjord = Partner.objects.get(pk=world.fjord.pk)
    assert (fjord.status, fjord.merged_into) == ("active", None)
    alone.refresh_from_db()
    assert alone.subscription == of(fjord)
    assert Moment.objects.filter(subscription=of(fjord)).exists()
    world.nils.refresh_from_db()
    assert world.nils.partner == fjord
    twin.refresh_from_db()
    assert twin.promise.standing.outcome == "waived"  # what was waived stays waived
    assert merge_partners(fjord, world.bergmann, by=world.dora, at=LATER).pk != merge.pk


def test_what_can_not_be_merged(world: World) -> None:
    with pytest.raises(Refused, match="part of itself"):
        merge_partners(world.fjord, world.fjord, by=world.dora, at=AT)
    close_partner(world.kestrel, by=world.dora, at=AT)
    with pytest.raises(Refused, match="Kestrel Cloud is closed"):
        merge_partners(world.fjord, world.kestrel, by=world.dora, at=AT)
    merge_partners(world.fjord, world.bergmann, by=world.dora, at=AT)
    with pytest.raises(Refused, match="part of another partner already"):
        merge_partners(world.fjord, world.bergmann, by=world.dora, at=AT)
    world.fjord.refresh_from_db()
    with pytest.raises(Refused, match="is part of Bergmann Systemhaus"):
        close_partner(world.fjord, by=world.dora, at=AT)


def test_what_was_agreed_holds_when_a_partner_comes_back_on_a_routine(world: World) -> None:
    from drumbeat.apps.routines.actions import Agreement, agree_override, end_subscriptions

    agree_override(
        of(world.bergmann), Agreement("opt_out", AT.date(), "partner_asked"), by=world.alice, at=AT
    )
    routine = of(world.bergmann).routine
    end_subscriptions([of(world.bergmann)], at=AT)
    subscribe(routine, [world.bergmann], on=AT.date())
    assert of(world.bergmann).overrides.get().kind == "opt_out"
