"""A step opens another routine for the same subject: once, linked, done when opened or when it closes."""

from __future__ import annotations

import pytest

from drumbeat.apps.messages.models import Message
from drumbeat.apps.routines.actions import complete_step, publish_version
from drumbeat.apps.routines.models import Occurrence, Step
from drumbeat.core.explaining import explain
from drumbeat.core.playbook import RoutineErrors
from drumbeat.workflows.beating import beat
from tests.workflows.channel import DAY, HOUR, step_of
from tests.workflows.deals import AT, happen, live, text_of
from tests.world import World

pytestmark = pytest.mark.django_db
WATCH = (
    "{step: watch, kind: subroutine, title: Watch, routine: deal-watch, when: deal.approved, due: opened+1h}"
)
WAITS = WATCH.replace("routine: deal-watch,", "routine: deal-watch, wait: true,")


def prepared(steps: str, due: str = "deal.protected_until -10bd") -> None:
    live("event: deal.approved", due=due, key="deal-watch")
    live("event: deal.submitted", steps=steps)


def parent_and_child() -> tuple[Occurrence, Occurrence]:
    parent, child = Occurrence.objects.order_by("pk")
    return parent, child


def test_the_child_is_opened_for_the_same_deal_and_linked(world: World) -> None:
    prepared(WATCH)
    happen("deal.submitted", partner=world.bergmann, approved=True, protected_until="2026-09-12")
    beat(at=AT, post=None)
    assert Occurrence.objects.count() == 1
    for hours in (1, 2):
        beat(at=AT + hours * HOUR, post=None)
    parent, child = parent_and_child()
    step = step_of(parent, "watch")
    assert (step.state, step.answer) == ("done", "opened")
    assert child.opened_by == step
    assert (child.subscription.partner, child.event_id) == (world.bergmann, parent.event_id)
    assert f"{child.due_at:%Y-%m-%d}" == "2026-08-31"
    assert explain(child.why).startswith(
        "the routine deal-word on Mon 1 Jun 2026, 10:00 UTC → its protected until"
    )


def test_a_condition_leaves_it_out(world: World) -> None:
    prepared(WATCH)
    happen("deal.submitted", partner=world.bergmann)
    for hours in range(3):
        beat(at=AT + hours * HOUR, post=None)
    assert Occurrence.objects.count() == 1
    assert Step.objects.get(kind="subroutine").state == "skipped"


def test_it_may_wait_until_the_child_closes(world: World) -> None:
    prepared(WAITS)
    happen("deal.submitted", partner=world.bergmann, approved=True, protected_until="2026-09-12")
    for hours in range(5):
        beat(at=AT + hours * HOUR, post=None)
    parent, child = parent_and_child()
    assert step_of(parent, "watch").state == "open"
    complete_step(step_of(child, "word"), by=world.alice, at=AT + 5 * HOUR)
    beat(at=AT + 6 * HOUR, post=None)
    step = step_of(parent, "watch")
    assert (step.state, step.answer, step.done_at) == ("done", "closed", AT + 5 * HOUR)


def test_a_routine_that_is_open_already_is_not_opened_twice(world: World) -> None:
    prepared(WATCH, due="opened+5bd")
    happen("deal.submitted", partner=world.bergmann, approved=True)
    beat(at=AT, post=None)
    Occurrence.objects.update(closed_at=None)
    other = Occurrence.objects.get()
    event = happen("deal.approved", partner=world.bergmann)
    beat(at=AT, post=None)
    Occurrence.objects.filter(event_id=event.pk).update(event_id=other.event_id)
    for hours in (1, 2):
        beat(at=AT + hours * HOUR, post=None)
    assert Occurrence.objects.count() == 2
    assert step_of(other, "watch").answer == "open already"


@pytest.mark.parametrize(
    ("is_live", "error"), [(False, "is not live"), (True, "deal.protected_until is not known")]
)
def test_what_keeps_it_from_opening_is_told_on_the_step(world: World, is_live: bool, error: str) -> None:
    if is_live:
        prepared(WATCH)
    else:
        publish_version(text_of("event: deal.approved", key="deal-watch"), by=None, at=AT)
        live("event: deal.submitted", steps=WATCH)
    happen("deal.submitted", partner=world.bergmann, approved=True)
    for hours in range(2):
        beat(at=AT + hours * HOUR, post=None)
    step = Step.objects.get(kind="subroutine")
    assert step.state == "open"
    assert error in step.error


def test_a_circle_is_refused_when_it_is_published(world: World) -> None:
    prepared(WATCH)
    back = "{step: back, kind: subroutine, title: Back, routine: deal-word, due: opened+1h}"
    with pytest.raises(RoutineErrors, match="deal-watch → deal-word → deal-watch"):
        publish_version(text_of("event: deal.approved", key="deal-watch", steps=back), by=None, at=AT)


# --- what events tell, inside an occurrence ------------------------------------------------------------------------------


def test_a_wait_is_done_at_the_moment_of_the_event_that_ends_it(world: World) -> None:
    live("event: lead.assigned", subject="lead",
         steps="{step: yes, kind: wait, title: An answer, until: lead.answered, timeout: 5bd, due: opened+8bh}")  # fmt: skip
    happen("lead.assigned", "L-1", partner=world.bergmann)
    happen("lead.assigned", "L-2", partner=world.bergmann)
    beat(at=AT, post=None)
    beat(at=AT + 2 * HOUR, post=None)
    happen("lead.accepted", "L-1", partner=world.bergmann, at=AT + 2.5 * HOUR)
    beat(at=AT + 2.6 * HOUR, post=None)  # no hour has passed since the last look
    states = Step.objects.filter(kind="wait").order_by("occurrence__event_id").values_list("state", "done_at")
    assert list(states) == [("done", AT + 2.5 * HOUR), ("open", None)]


def test_a_mail_goes_to_who_submitted(world: World) -> None:
    live(
        "event: deal.submitted",
        steps="{step: tell, kind: mail, title: Tell, to: [submitter], template: pos-reminder, due: opened}",
    )
    happen("deal.submitted", "D-1", partner=world.bergmann, submitter=world.sven.email.upper())
    happen("deal.submitted", "D-2", partner=world.bergmann)  # nobody told: better somebody hears it
    beat(at=AT, post=None)
    assert sorted(Message.objects.values_list("to_address", flat=True)) == sorted(
        [world.sven.email, world.petra.email]
    )
    assert Step.objects.filter(kind="mail", error="").count() == 2


def test_days_pass_without_a_second_opening(world: World) -> None:
    prepared(WATCH)
    happen("deal.submitted", partner=world.bergmann, approved=True, protected_until="2026-09-12")
    for days in range(4):
        beat(at=AT + days * DAY, post=None)
    assert Occurrence.objects.count() == 2
