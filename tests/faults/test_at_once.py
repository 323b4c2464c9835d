"""Two at once, each on a connection of its own: one outcome, and for the second a word that says what happened."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection, transaction

from drumbeat.apps.forms.models import Answer
from drumbeat.apps.ledger.actions import rebuild_ledger
from drumbeat.apps.ledger.models import Entry
from drumbeat.apps.people.actions import open_account
from drumbeat.apps.routines.actions import Opinion, lapse_steps
from drumbeat.apps.routines.models import Decision, Occurrence, Step, StepState
from drumbeat.core.refusal import Refused
from drumbeat.integrations.fakes import HeldStorage
from drumbeat.workflows.approving import decide
from drumbeat.workflows.filling import fill_in
from drumbeat.workflows.performers import perform_due
from tests.workflows.channel import DAY, DUE, HOUR, START, run, step_of, text_of
from tests.world import World, build_world

pytestmark = pytest.mark.django_db(transaction=True)
AT = DUE - 2 * HOUR
APPROVED = "{step: word, kind: approval, title: The text, approvers: [director], due: 0}"
WISH = "{step: word, kind: form, title: One wish, by: sales_lead, form: one-wish, due: 0}"
LEFT = """
{step: word, kind: task, title: Word, due: 0}
{step: one, kind: task, title: One, due: +1h}
{step: other, kind: task, title: Other, due: +1h}
"""


def opened(steps: str) -> tuple[World, Occurrence]:
    world = build_world(at=START)
    [occurrence] = run(text_of(steps), [world.bergmann], AT if "task" not in steps else DUE)
    perform_due(at=AT)
    return world, occurrence


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """What each gave or refused, begun together."""
    barrier = Barrier(len(deeds))

    def do(deed: Callable[[], Any]) -> Any:
        try:
            barrier.wait(10)
            return deed()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def kinds(occurrence: Occurrence) -> list[str]:
    return list(Entry.objects.filter(promise_id=occurrence.promise_id).order_by("id").values_list("kind", flat=True))  # fmt: skip


def test_two_directors_decide_at_once_and_one_decision_counts() -> None:
    world, occurrence = opened(APPROVED)
    other = open_account("dirk@polaris.example", "Dirk Dahl", "director", "Europe/Berlin", "DE", by=None, at=START)  # fmt: skip
    step = step_of(occurrence, "word")
    yes, no = Opinion("approved"), Opinion("declined", note="Too long")
    given = at_once(
        lambda: decide(step, yes, by=world.dora, at=AT), lambda: decide(step, no, by=other, at=AT)
    )
    [decision] = Decision.objects.all()
    [refusal] = [one for one in given if isinstance(one, Refused)]
    assert f"{decision.who} has decided this already: {decision.outcome}" in str(refusal)
    assert step_of(occurrence, "word").answer == decision.outcome
    assert kinds(occurrence) == ["promised", "kept"]
    assert rebuild_ledger() == 0


def test_one_approver_clicking_twice_decides_once() -> None:
    world, occurrence = opened(APPROVED)
    step = step_of(occurrence, "word")
    given = at_once(*[lambda: decide(step, Opinion("approved"), by=world.dora, at=AT)] * 3)
    assert {decision.pk for decision in given} == {Decision.objects.get().pk}
    assert kinds(occurrence) == ["promised", "kept"]


def test_two_contacts_answer_one_form_at_once_and_the_second_sees_who_was_first() -> None:
    world, occurrence = opened(WISH)
    step = step_of(occurrence, "word")

    def answer(contact: Any) -> Callable[[], Any]:
        told = {"wish": contact.name, "about": "leads"}
        return lambda: fill_in(step, told, {}, by=contact, storage=HeldStorage(), at=AT)

    given = at_once(answer(world.sven), answer(world.petra))
    assert [type(one).__name__ for one in given] == ["Filled", "Filled"]
    assert sorted(one.is_first for one in given) == [False, True]
    standing = Answer.objects.get()
    assert standing.contact and standing.values and standing.values["wish"] == standing.contact.name
    assert {one.answer.contact_id for one in given} == {standing.contact_id}
    assert kinds(occurrence) == ["promised", "kept"]


def test_two_clocks_let_the_last_steps_lapse_at_once_and_the_occurrence_closes() -> None:
    """The first is held up before it commits; the second takes the other step meanwhile."""
    _, occurrence = opened(LEFT)
    Step.objects.filter(pk=step_of(occurrence, "word").pk).update(state=StepState.DONE)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_standing SET outcome = 'kept', outcome_at = due_at")
    taken, may_go = Event(), Event()
    late = DUE + 60 * DAY

    def held_up() -> int:
        with transaction.atomic():
            count = lapse_steps(at=late, limit=1)
            taken.set()
            may_go.wait(10)
        return count

    def follower() -> int:
        taken.wait(10)
        with ThreadPoolExecutor(1) as releasing:
            releasing.submit(may_go.set)
            return lapse_steps(at=late)

    assert at_once(held_up, follower) == [1, 1]
    occurrence.refresh_from_db()
    assert occurrence.closed_at == late
