"""Webhook steps: told once, signed, tried again, uncertain when nobody can tell; checklists and files beside steps."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from drumbeat.apps.forms.actions import keep_file
from drumbeat.apps.routines.actions import lay_file, take_file_away, tick_point, untick_point
from drumbeat.apps.routines.models import StepFile, StepState, Tick
from drumbeat.apps.webhooks.actions import LEASE, add_endpoint, claim_deliveries, close_endpoint
from drumbeat.apps.webhooks.models import Delivery, Endpoint
from drumbeat.core.playbook import RoutineErrors
from drumbeat.core.refusal import Refused
from drumbeat.core.signing import is_signed
from drumbeat.integrations.fakes import HeldHooks, HeldStorage
from drumbeat.integrations.webhooks import Call, Declined, Lost, Verdict
from drumbeat.workflows.delivering import deliver_due, expire_deliveries, settle_delivery
from drumbeat.workflows.performers import perform_due
from tests.workflows.channel import DUE, HOUR, START, outcome, run, step_of, text_of
from tests.world import World

pytestmark = pytest.mark.django_db
HOOK = "{step: word, kind: webhook, title: Tell, endpoint: crm, due: 0}"
SECRET = "a-secret-of-some-length"


class Saying(HeldHooks):
    def __init__(self, *verdicts: Verdict) -> None:
        super().__init__()
        self.verdicts = list(verdicts)

    def post(self, call: Call) -> Verdict:
        super().post(call)
        return self.verdicts.pop(0)


def told(world: World):
    add_endpoint("crm", "https://hooks.example/x", SECRET, by=world.adam, at=START, headers={"X-Key": "1"})
    [occurrence] = run(text_of(HOOK), [world.bergmann], DUE)
    perform_due(at=DUE)
    perform_due(at=DUE)
    return occurrence


def test_it_is_told_once_signed_and_keeps_the_promise(world: World) -> None:
    occurrence = told(world)
    step = step_of(occurrence, "word")
    assert step.state == StepState.HANDED and Delivery.objects.count() == 1
    hooks = HeldHooks()
    assert deliver_due(None, at=DUE) == 0
    assert deliver_due(hooks, at=DUE) == 1 and deliver_due(hooks, at=DUE) == 0
    [call] = hooks.calls
    assert call.headers["Idempotency-Key"] == f"step:{step.pk}" and call.headers["X-Key"] == "1"
    stamp, signed = call.headers["Drumbeat-Timestamp"], call.headers["Drumbeat-Signature"]
    assert is_signed(SECRET, stamp, call.body, signed)
    body = json.loads(call.body)
    assert (body["routine"], body["step"], body["subject"]["key"]) == (
        "weekly-word",
        "word",
        world.bergmann.key,
    )
    assert outcome(occurrence) == "kept"


def test_what_is_not_taken_is_tried_again_under_its_key_and_ends_on_the_list(world: World) -> None:
    occurrence = told(world)
    at, hooks = DUE, Saying(*[Declined("503", 503)] * 7)
    for _ in range(7):
        deliver_due(hooks, at=at)
        at = max(at, Delivery.objects.get().next_attempt_at)
    assert {call.headers["Idempotency-Key"] for call in hooks.calls} == {Delivery.objects.get().key}
    step = step_of(occurrence, "word")
    assert (len(hooks.calls), step.state, step.error) == (7, StepState.FAILED, "503")


def test_a_lost_line_is_uncertain_until_a_person_says(world: World) -> None:
    occurrence = told(world)
    deliver_due(Saying(Lost("timed out")), at=DUE)
    assert step_of(occurrence, "word").state == StepState.UNCERTAIN
    settle_delivery(Delivery.objects.get(), False, by=world.adam, at=DUE + HOUR)
    assert step_of(occurrence, "word").state == StepState.HANDED
    deliver_due(Saying(Lost("again")), at=DUE + HOUR)
    settle_delivery(Delivery.objects.get(), True, by=world.adam, at=DUE + HOUR)
    assert step_of(occurrence, "word").state == StepState.DONE
    with pytest.raises(Refused, match="Nothing is open"):
        settle_delivery(Delivery.objects.get(), False, by=world.adam, at=DUE + HOUR)


def test_a_worker_that_dies_leaves_it_uncertain_never_sent_twice(world: World) -> None:
    occurrence = told(world)
    claim_deliveries(at=DUE, limit=9)
    hooks = HeldHooks()
    assert deliver_due(hooks, at=DUE + timedelta(minutes=1)) == 0
    assert expire_deliveries(at=DUE + LEASE) == 1
    assert step_of(occurrence, "word").state == StepState.UNCERTAIN and not hooks.calls


def test_endpoints_are_an_administrator_s_and_must_be_there(world: World) -> None:
    with pytest.raises(Refused, match="Only an administrator"):
        add_endpoint("crm", "https://x.example", SECRET, by=world.dora, at=START)
    with pytest.raises(Refused, match="too short"):
        add_endpoint("crm", "https://x.example", "short", by=world.adam, at=START)
    with pytest.raises(Refused, match="those of chat rooms"):
        add_endpoint("chat-team", "https://x.example", SECRET, by=world.adam, at=START)
    with pytest.raises(RoutineErrors, match="no endpoint crm"):
        run(text_of(HOOK), [world.bergmann], DUE)
    occurrence = told(world)
    close_endpoint(Endpoint.objects.get(), by=world.adam, at=DUE)
    deliver_due(HeldHooks(), at=DUE)
    assert step_of(occurrence, "word").error == "The endpoint was closed"


LIST = "{step: word, kind: task, title: Pack, checklist: [One, Two], due: 0}"


def test_points_are_ticked_one_by_one_by_whose_step_it_is(world: World) -> None:
    [occurrence] = run(text_of(LIST), [world.bergmann], DUE)
    step = step_of(occurrence, "word")
    for _ in range(2):
        tick_point(step, 1, points=2, by=world.alice, at=DUE)
    assert [(tick.point, tick.person) for tick in Tick.objects.all()] == [(1, world.alice)]
    for point, person, words in ((2, world.alice, "no such point"), (0, world.bob, "somebody else's")):
        with pytest.raises(Refused, match=words):
            tick_point(step, point, points=2, by=person, at=DUE)
    untick_point(step, 1, by=world.alice)
    assert not Tick.objects.exists()


def test_files_lie_beside_a_step_and_are_told_by_their_bytes(world: World) -> None:
    [occurrence] = run(text_of(LIST), [world.bergmann], DUE)
    step, storage = step_of(occurrence, "word"), HeldStorage()
    file = keep_file("a.exe", b"%PDF-1.4", world.olga, storage, at=DUE)
    laid = lay_file(step, file, at=DUE)
    assert file.media_type == "application/pdf" and storage.read(file.digest) == b"%PDF-1.4"
    with pytest.raises(Refused, match="Somebody else"):
        take_file_away(laid, by=world.bob, at=DUE)
    take_file_away(laid, by=world.olga, at=DUE)
    assert StepFile.objects.get().removed_at == DUE
    for content, words in (
        (b"", "is empty"),
        (b"MZ\0\0", "can't be taken"),
        (b"<svg onload=x>", "can't be taken"),
    ):
        with pytest.raises(Refused, match=words):
            keep_file("x.png", content, world.olga, storage, at=DUE)
