"""Events open what listens to them, once each, and it is written down what became of every one."""

from __future__ import annotations

from datetime import date

import pytest

from drumbeat.apps.events.actions import event_of, record_event
from drumbeat.apps.events.models import Event
from drumbeat.apps.ledger.actions import rebuild_ledger
from drumbeat.apps.ledger.models import Entry, Standing
from drumbeat.apps.routines.models import Moment, Occurrence, Override, Reaction, Subscription
from drumbeat.core.explaining import explain
from drumbeat.workflows.beating import tick
from drumbeat.workflows.triggering import take_events
from tests.workflows.channel import DAY, HOUR, outcome, step_of
from tests.workflows.deals import AT, happen, live, occurrences, verdicts
from tests.world import World

pytestmark = pytest.mark.django_db


def test_an_event_opens_an_occurrence_with_its_promise(world: World) -> None:
    live("event: deal.submitted")
    event = happen("deal.submitted", partner=world.bergmann, amount=9000)
    done = tick(at=AT)
    (occurrence,) = occurrences()
    assert done.opened == 1
    assert occurrence.event_id == event.pk
    assert occurrence.subscription.partner == world.bergmann
    assert occurrence.due_at == AT + 2 * DAY  # 16 business hours from Monday 11:00
    assert occurrence.promise.person == world.alice
    assert explain(occurrence.why).startswith(
        "deal.submitted on Mon 1 Jun 2026, 09:00 UTC → +16 business hours"
    )
    assert step_of(occurrence, "word").assignee == world.alice
    assert verdicts() == ["opened"]
    assert not Event.objects.waiting().exists()


def test_the_same_events_taken_again_change_nothing(world: World) -> None:
    live("event: deal.submitted")
    happen("deal.submitted", partner=world.bergmann)
    tick(at=AT)
    Event.objects.update(is_waiting=True)
    tick(at=AT + HOUR)
    assert len(occurrences()) == 1
    assert Moment.objects.count() == 0
    assert Entry.objects.count() == 1


def test_who_is_not_meant_is_told_why(world: World) -> None:
    live("event: deal.submitted, when: deal.amount >= 1000.0", audience='partner.tier == "gold"')
    happen("deal.submitted", "D-1", partner=world.kestrel, amount=5000)  # silver
    happen("deal.submitted", "D-2", partner=world.bergmann, amount=500)
    happen("deal.submitted", "D-3", partner=world.bergmann)
    nobody = happen("deal.submitted", "D-4", partner=world.bergmann, amount=5000)
    Event.objects.filter(pk=nobody.pk).update(partner_id=None)
    assert tick(at=AT).opened == 0
    assert verdicts() == ["outside", "unmet", "unknown", "ownerless"]
    assert "deal.amount" in Reaction.objects.get(verdict="unknown").detail


def test_other_kinds_wait_for_nobody(world: World) -> None:
    live("event: deal.submitted")
    happen("lead.assigned", "L-1", partner=world.bergmann)
    assert take_events(at=AT).events == 0
    assert not Event.objects.waiting().exists()
    assert not Reaction.objects.exists()


# --- the same matter again -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize(
    ("reentry", "told", "open_ones", "closed"),
    [
        ("ignore", ["opened", "ignored"], 1, 0),
        ("beside", ["opened", "opened"], 2, 0),
        ("restart", ["opened", "restarted"], 1, 1),
    ],
)
def test_a_second_event_of_one_deal(world: World, reentry, told, open_ones, closed, together) -> None:
    live(f"event: deal.submitted, reentry: {reentry}")
    happen("deal.submitted", partner=world.bergmann)
    if not together:
        tick(at=AT)
    happen("deal.submitted", partner=world.bergmann, at=AT + HOUR)
    tick(at=AT + HOUR)
    if reentry == "restart" and together:
        told, closed = ["overtaken", "restarted"], 0
    assert verdicts() == told
    assert Occurrence.objects.open().count() == open_ones
    assert Occurrence.objects.exclude(closed_at=None).count() == closed
    assert rebuild_ledger() == 0


def test_restarting_waives_what_was_promised_and_leaves_its_steps_out(world: World) -> None:
    live(
        "event: deal.submitted, reentry: restart",
        steps="{step: tell, kind: task, title: Tell, promised: true, due: +1d}",
    )
    happen("deal.submitted", partner=world.bergmann)
    tick(at=AT)
    happen("deal.submitted", partner=world.bergmann, at=AT + HOUR)
    tick(at=AT + HOUR)
    first, second = occurrences()
    assert (outcome(first), outcome(second)) == ("waived", None)
    assert {step.state for step in first.steps.all()} == {"skipped"}
    assert {step.state for step in second.steps.all()} == {"open"}
    reasons = Entry.objects.filter(kind="waived").values_list("reason", flat=True)
    assert list(reasons) == ["restarted", "restarted"]
    assert Standing.objects.filter(outcome=None).count() == 2


def test_two_deals_of_one_partner_are_two_matters(world: World) -> None:
    live("event: deal.submitted")
    happen("deal.submitted", "D-1", partner=world.bergmann)
    happen("deal.submitted", "D-2", partner=world.bergmann)
    tick(at=AT)
    assert len(occurrences()) == 2
    assert Subscription.objects.count() == 1


def test_a_routine_about_partners_takes_a_partner_as_one_matter(world: World) -> None:
    live("event: [deal.won, deal.lost]", subject="partner")
    happen("deal.won", "D-1", partner=world.bergmann)
    happen("deal.lost", "D-2", partner=world.bergmann)
    tick(at=AT)
    assert verdicts() == ["opened", "ignored"]


def test_debounce_counts_from_the_last_that_opened(world: World) -> None:
    live("event: deal.submitted, debounce: 2h, reentry: beside")
    for hours in (0, 1, 3):
        happen("deal.submitted", partner=world.bergmann, at=AT + hours * HOUR)
        tick(at=AT + hours * HOUR)
    assert verdicts() == ["opened", "debounced", "opened"]
    assert len(occurrences()) == 2


# --- the way out ---------------------------------------------------------------------------------------------------------


def test_an_exit_closes_its_own_matter_without_a_miss(world: World) -> None:
    live("event: deal.submitted, exit: deal.withdrawn")
    happen("deal.submitted", "D-1", partner=world.bergmann)
    happen("deal.submitted", "D-2", partner=world.bergmann)
    tick(at=AT)
    happen("deal.withdrawn", "D-1", partner=world.bergmann, at=AT + HOUR)
    tick(at=AT + HOUR)
    first, second = occurrences()
    assert (outcome(first), outcome(second)) == ("waived", None)
    assert Entry.objects.get(kind="waived").reason == "exit"
    assert verdicts() == ["opened", "opened", "closed"]
    tick(at=AT + 60 * DAY)
    assert (outcome(first), outcome(second)) == ("waived", "missed")


def test_an_exit_about_something_else_closes_all_of_the_partner(world: World) -> None:
    live("event: deal.submitted, exit: partner.closed")
    for key in ("D-1", "D-2"):
        happen("deal.submitted", key, partner=world.bergmann)
    happen("deal.submitted", "D-3", partner=world.fjord)
    tick(at=AT)
    record_event("partner.closed", ("partner", world.bergmann.pk), by_id=None, at=AT)
    tick(at=AT)
    assert [outcome(one) for one in occurrences()] == ["waived", "waived", None]


def test_an_exit_rule_is_judged_when_its_matter_stirs(world: World) -> None:
    live("event: deal.submitted, exit: deal.complete")
    happen("deal.submitted", partner=world.bergmann)
    tick(at=AT)
    happen("deal.moved", partner=world.bergmann, complete=False)
    tick(at=AT)
    assert outcome(occurrences()[0]) is None
    happen("deal.moved", partner=world.bergmann, complete=True)
    tick(at=AT)
    assert outcome(occurrences()[0]) == "waived"


def test_what_left_before_it_was_opened_is_never_opened(world: World) -> None:
    live("event: deal.submitted, exit: deal.withdrawn")
    happen("deal.submitted", partner=world.bergmann)
    happen("deal.withdrawn", partner=world.bergmann)
    tick(at=AT)
    assert occurrences() == []
    assert verdicts() == ["overtaken", "closed"]


# --- dates ---------------------------------------------------------------------------------------------------------------


def test_days_told_before_count_too(world: World) -> None:
    live("event: deal.approved", due="deal.protected_until -10bd")
    happen("deal.submitted", partner=world.bergmann, protected_until="2026-09-12")
    happen("deal.approved", partner=world.bergmann)
    tick(at=AT)
    assert occurrences()[0].due_at.date() == date(2026, 8, 31)


@pytest.mark.parametrize(("told", "verdict"), [(None, "dateless"), ("2026-05-01", "past")])
def test_a_day_that_is_not_told_or_over_opens_nothing(world: World, told, verdict) -> None:
    live("event: deal.approved", due="deal.protected_until")
    payload = {"protected_until": told} if told else {}
    happen("deal.approved", partner=world.bergmann, **payload)
    tick(at=AT)
    assert verdicts() == [verdict]


def test_downtime_is_caught_up_as_the_routine_says(world: World) -> None:
    live("event: deal.submitted")
    happen("deal.submitted", partner=world.bergmann)
    tick(at=AT + 5 * DAY)
    (occurrence,) = occurrences()
    assert occurrence.due_at == AT + 2 * DAY
    assert occurrence.opened_at == AT + 5 * DAY


# --- whom it concerns ----------------------------------------------------------------------------------------------------


def test_a_release_reaches_every_partner_of_the_audience(world: World) -> None:
    live("event: product.released", subject="product", due="product.released_on -5bd",
         audience='partner.tier in ["gold", "platinum"]', calendar="partner")  # fmt: skip
    event = event_of("product.released", ("product", 0), by_id=None, at=AT, released_on="2026-07-15")
    event.subject_key = "polaris-7"
    event.save()
    tick(at=AT)
    assert {one.subscription.partner.key for one in occurrences()} == {world.bergmann.key, world.fjord.key}
    assert verdicts() == ["opened", "opened"]


def test_a_leave_belongs_to_a_person(world: World) -> None:
    live(
        "event: leave.approved",
        subject="leave",
        due="leave.starts_on -3bd",
        audience="manager.on_duty",
        calendar="manager",
    )
    event = event_of(
        "leave.approved", ("leave", 0), by_id=None, at=AT, person=world.bob.pk, starts_on="2026-07-06"
    )
    event.subject_key = "leave-1"
    event.save()
    tick(at=AT)
    (occurrence,) = occurrences()
    assert occurrence.subscription.person == world.bob
    assert step_of(occurrence, "word").assignee == world.bob
    assert occurrence.due_at.date() == date(2026, 7, 1)


def test_who_opted_out_is_left_alone(world: World) -> None:
    live("event: deal.submitted")
    happen("deal.submitted", "D-1", partner=world.bergmann)
    tick(at=AT)
    Override.objects.create(
        subscription=Subscription.objects.get(),
        kind="opt_out",
        from_on=AT.date(),
        reason="partner_asked",
        agreed_at=AT,
    )
    happen("deal.submitted", "D-2", partner=world.bergmann)
    happen("deal.submitted", "D-3", partner=world.fjord)
    tick(at=AT)
    assert verdicts() == ["opened", "resting", "opened"]
