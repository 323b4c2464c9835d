"""Response clocks in the house: what we promised rests while the partner has its turn, by the worked numbers of the field."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from drumbeat.apps.ledger.actions import make_months, rebuild_ledger
from drumbeat.apps.ledger.models import Entry, Standing
from drumbeat.apps.ledger.queries import on_time_record
from drumbeat.apps.messages.models import Reminder
from drumbeat.apps.routines.actions import complete_step, publish_version, start_routine
from drumbeat.apps.routines.models import Occurrence
from drumbeat.apps.routines.queries import today
from drumbeat.apps.routines.queries.clocks import clocks_of
from drumbeat.integrations.fakes import HeldStorage
from drumbeat.workflows.beating import tick
from drumbeat.workflows.filling import ask_form_again, fill_in
from drumbeat.workflows.performers import perform_due
from drumbeat.workflows.reminding import remind
from tests.workflows.channel import step_of
from tests.workflows.deals import happen, text_of
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
ASK = "{step: ask, kind: form, title: Missing, by: sales_lead, form: one-wish, ask: 40bh, pauses_clock: true, due: opened+4bh}"
LATER = "{step: note, kind: task, title: Note, minutes: 5, due: 0}"


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


START, ASKED, ANSWERED = at(5, 13, 11), at(5, 13, 15), at(5, 18, 10)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def world() -> World:
    built = build_world(at=at(5, 11, 9))
    make_months(datetime(2026, 5, 1).date(), datetime(2026, 8, 1).date())
    return built


def opened(world: World, *more: str, grace: str = "") -> Occurrence:
    text = text_of("event: deal.submitted", steps="\n".join((ASK, LATER, *more)))
    text = text.replace("miss_after", f"grace: {grace}\nmiss_after") if grace else text
    start_routine(publish_version(text, by=None, at=at(5, 11, 9)).routine, by=None, at=at(5, 11, 9))
    happen("deal.submitted", partner=world.bergmann, at=START)
    tick(at=START)
    return Occurrence.objects.get()


def answer(world: World, occurrence: Occurrence, when: datetime, key: str = "ask") -> None:
    told = {"wish": "It is there", "about": "leads"}
    fill_in(step_of(occurrence, key), told, {}, by=world.sven, storage=HeldStorage(), at=when)


def due(occurrence: Occurrence) -> datetime:
    return Standing.objects.get(promise=occurrence.promise_id).due_at


def kinds(occurrence: Occurrence) -> Sequence[str]:
    return list(Entry.objects.filter(promise_id=occurrence.promise_id).order_by("id").values_list("kind", flat=True))  # fmt: skip


def test_a_question_to_the_partner_stops_our_clock_until_the_answer(world: World) -> None:
    occurrence = opened(world)
    assert due(occurrence) == at(5, 18, 11), "without a pause"
    perform_due(at=ASKED)
    answer(world, occurrence, ANSWERED)
    assert due(occurrence) == at(5, 19, 14)
    assert step_of(occurrence, "note").due_at == at(5, 19, 14)
    clocks = clocks_of(occurrence.promise, ANSWERED)
    assert clocks and (clocks.ours.used, clocks.ours.due_at, clocks.theirs) == (4 * HOUR, at(5, 19, 14), 11 * HOUR)  # fmt: skip
    complete_step(step_of(occurrence, "word"), by=world.alice, at=at(5, 19, 13))
    assert kinds(occurrence) == ["promised", "rested", "resumed", "kept"]
    assert rebuild_ledger() == 0


def test_while_it_rests_it_is_neither_overdue_nor_missed(world: World) -> None:
    occurrence = opened(world)
    perform_due(at=ASKED)
    late = at(7, 1, 9)  # long after forty business hours
    tick(at=late)
    assert not Standing.objects.overdue(late).exists() and kinds(occurrence) == ["promised", "rested"]
    record = on_time_record(side="vendor", at=late, from_on=START.date(), until_on=late.date(), partner=world.bergmann)  # fmt: skip
    assert (record.people.overdue, record.people.missed) == (0, 0)
    lists = today(world.alice, late)
    assert "Decide" in {item.title for item in lists.waiting.items}
    assert not lists.overdue.items
    assert rebuild_ledger() == 0


def test_whoever_decides_without_the_answer_is_on_time(world: World) -> None:
    occurrence = opened(world)
    perform_due(at=ASKED)
    complete_step(step_of(occurrence, "word"), by=world.alice, at=at(6, 1, 9))
    assert kinds(occurrence) == ["promised", "rested", "kept"]
    answer(world, occurrence, at(6, 1, 10))
    assert kinds(occurrence)[-1] == "kept", "an answer that comes later changes nothing"
    assert rebuild_ledger() == 0


def test_what_was_late_before_the_question_stays_late(world: World) -> None:
    occurrence = opened(world)
    perform_due(at=at(5, 18, 12))
    answer(world, occurrence, at(5, 20, 10))
    assert due(occurrence) == at(5, 18, 11)
    complete_step(step_of(occurrence, "word"), by=world.alice, at=at(5, 20, 11))
    assert kinds(occurrence)[-1] == "late"


def test_two_questions_rest_until_the_last_answer(world: World) -> None:
    occurrence = opened(world, ASK.replace("step: ask", "step: more"))
    perform_due(at=ASKED)
    answer(world, occurrence, at(5, 15, 10))
    assert Standing.objects.get(promise=occurrence.promise_id).rests_from == ASKED
    answer(world, occurrence, ANSWERED, key="more")
    assert due(occurrence) == at(5, 19, 14)


def test_asked_again_it_rests_again(world: World) -> None:
    occurrence = opened(world)
    perform_due(at=ASKED)
    answer(world, occurrence, ANSWERED)
    ask_form_again(step_of(occurrence, "ask"), by=world.alice, at=ANSWERED + HOUR)
    perform_due(at=ANSWERED + HOUR)
    answer(world, occurrence, ANSWERED + DAY + HOUR)
    assert due(occurrence) == at(5, 20, 14), "a working day more"
    assert rebuild_ledger() == 0


def test_nobody_is_reminded_while_it_rests_and_anew_when_it_goes_on(world: World) -> None:
    occurrence = opened(world)
    perform_due(at=ASKED)
    told = Reminder.objects.filter(promise=occurrence.promise_id, state=Reminder.State.TOLD)
    for hour in range(24 * 8):
        remind(at=ASKED + hour * HOUR)
    assert not told.exists()
    answer(world, occurrence, at(5, 27, 10))
    for hour in range(72):
        remind(at=at(5, 27, 10) + hour * HOUR)
    assert told.exists()


def test_the_promise_tells_both_clocks(world: World, client: Client) -> None:
    occurrence = opened(world)
    perform_due(at=ASKED)
    answer(world, occurrence, ANSWERED)
    complete_step(step_of(occurrence, "word"), by=world.alice, at=ANSWERED + HOUR)
    client.force_login(world.alice)
    page = client.get(f"/promises/{occurrence.promise_id}/").text
    assert "Our clock: 5 h of 16 h, the partner’s: 11 h, working time" in page
    assert "The other side&#x27;s turn" in page and "Our turn again" in page
