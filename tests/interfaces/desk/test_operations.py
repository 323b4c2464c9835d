"""Operations: complaints in words, the list of stuck steps, and trying again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from drumbeat.apps.operations.actions import Passed, record_pass
from drumbeat.apps.operations.models import Process
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.models import Step, StepState

from .scene import AT, Scene

Browser = Callable[[Account], Client]


def live(*kinds: str, wall_off: float = 0.0, **done: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        wall = float(cursor.fetchone()[0]) + wall_off
    for kind in kinds:
        record_pass(Passed(f"here {kind}", kind, 12, wall, done), at=AT)


def fail(step: Step, error: str) -> None:
    Step.objects.filter(pk=step.pk).update(
        state=StepState.FAILED, is_machine=True, attempts=7, error=error, recorded_at=AT
    )


def test_silence_is_complained_of(scene: Scene, client: Client) -> None:
    answer = client.get("/healthz/work")
    assert answer.status_code == 503
    assert "no clock was seen in the last 5 minutes" in answer.json()["wrong"]


def test_who_lives_and_keeps_up_is_well(scene: Scene, client: Client) -> None:
    live("clock", "worker")
    Step.objects.filter(is_machine=True, state=StepState.OPEN).update(starts_at=AT + timedelta(days=1))
    assert "seen" not in client.get("/healthz/work").json()["wrong"]


def test_a_wrong_clock_is_told(scene: Scene, browser: Browser) -> None:
    live("clock", "worker", wall_off=-40)
    page = browser(scene.world.adam).get("/operations/").content.decode()
    assert "the clock of here clock is -40.0 s off" in page.lower()


def test_a_failed_step_stands_with_its_error_and_is_tried_again(scene: Scene, browser: Browser) -> None:
    fail(scene.mine, "the typesetter is out of ink")
    olga = browser(scene.world.olga)
    assert "the typesetter is out of ink" in olga.get("/operations/steps/").content.decode()
    answer = olga.post("/operations/steps/attempts/", follow=True)
    assert "tried again" in answer.content.decode()
    scene.mine.refresh_from_db()
    assert (scene.mine.state, scene.mine.attempts, scene.mine.next_attempt_at) == (StepState.OPEN, 0, None)


def test_only_what_the_filters_leave_is_tried_again(scene: Scene, browser: Browser) -> None:
    fail(scene.mine, "out of ink")
    fail(scene.other, "out of paper")
    browser(scene.world.olga).post("/operations/steps/attempts/?q=paper")
    scene.mine.refresh_from_db()
    scene.other.refresh_from_db()
    assert (scene.mine.state, scene.other.state) == (StepState.FAILED, StepState.OPEN)


def test_the_administrator_sees_no_partner(scene: Scene, browser: Browser) -> None:
    fail(scene.mine, "out of ink")
    page = browser(scene.world.adam).get("/operations/steps/").content.decode()
    assert "out of ink" in page and scene.world.bergmann.name not in page
    assert scene.world.bergmann.name in browser(scene.world.olga).get("/operations/steps/").content.decode()


def test_more_stuck_steps_take_no_more_queries(scene: Scene, browser: Browser) -> None:
    olga = browser(scene.world.olga)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            olga.get("/operations/steps/")
        return len(captured)

    fail(scene.mine, "out of ink")
    few = queries()
    fail(scene.other, "out of paper")
    assert queries() == few


@pytest.mark.parametrize("path", ["/operations/", "/operations/steps/"])
def test_a_channel_manager_has_no_business_there(scene: Scene, browser: Browser, path: str) -> None:
    assert browser(scene.world.alice).get(path).status_code == 403


def test_processes_that_others_followed_are_folded_and_the_rare_are_not_missed(
    scene: Scene, browser: Browser
) -> None:
    live("clock", "worker", "night")
    Process.objects.filter(kind__in=("worker", "night")).update(seen_at=AT - timedelta(hours=9))
    Process.objects.create(name="there clock", kind="clock", seen_at=AT - timedelta(hours=2))
    context = browser(scene.world.adam).get("/operations/").context
    assert {(one["name"], one["is_missed"]) for one in context["processes"]} == {
        ("here clock", False), ("here worker", True), ("here night", False),
    }  # fmt: skip
    assert [one["name"] for one in context["ended"]] == ["there clock"]


def test_what_a_pass_did_is_told_in_words(scene: Scene, browser: Browser) -> None:
    live("night", passed=True, moved=1200, left=0)
    (told,) = browser(scene.world.adam).get("/operations/").context["passes"]
    assert set(told["done"].split(", ")) == {"passed", "1,200 moved"}
