"""The clock's calls: which queue they are on, that none piles up, and that a refusal is one line of the log."""

from __future__ import annotations

import logging

import pytest
from procrastinate.contrib.django import app

from drumbeat.apps.operations.models import Pass, Process
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.clock import tasks
from drumbeat.interfaces.clock.watch import watched


@pytest.mark.parametrize(
    ("task", "queue", "cron"),
    [
        (tasks.tick, "clock", "* * * * *"),
        (tasks.work, "work", "* * * * *"),
        (tasks.night, "work", "7 * * * *"),
        (tasks.reminders, "work", "*/10 * * * *"),
        (tasks.tidying, "clock", "37 * * * *"),
    ],
)
def test_each_call_has_its_queue_and_hour(task, queue: str, cron: str) -> None:
    assert task.queue == queue
    assert [call.cron for call in app.periodic_registry.periodic_tasks.values() if call.task == task] == [
        cron
    ]


def test_at_most_one_call_of_a_kind_waits() -> None:
    locks = [task.queueing_lock for task in (tasks.tick, tasks.work, tasks.night, tasks.tidying)]
    assert None not in locks and len(set(locks)) == 4


@pytest.mark.django_db
def test_a_refusal_is_logged_and_does_not_fail_the_job(caplog) -> None:
    with caplog.at_level(logging.WARNING), watched("clock"):
        raise Refused("There is no vendor", "Set it up")
    assert caplog.messages == ["There is no vendor. Set it up"]
    assert Pass.objects.get().error == "There is no vendor. Set it up"


@pytest.mark.django_db
def test_a_pass_that_did_something_is_kept_and_an_idle_one_only_seen() -> None:
    with watched("worker") as told:
        told["moved"] = 0
    with watched("worker") as told:
        told["moved"] = 7
    [process] = Process.objects.all()
    [kept] = process.passes.all()
    assert (kept.kind, kept.done, kept.error) == ("worker", {"moved": 7}, "")
    assert abs(process.skew_ms) < 5_000, "the database runs on this machine"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["clock", "worker", "mailbox", "reminders", "night"])
def test_every_kind_of_pass_can_be_written_down(kind: str) -> None:
    with watched(kind) as told:
        told["done"] = 1
    assert Pass.objects.get().kind == kind


@pytest.mark.django_db
def test_a_fault_is_told_and_fails_the_job() -> None:
    with pytest.raises(ZeroDivisionError), watched("clock"):
        raise ZeroDivisionError("beats per second")
    assert Pass.objects.get().error == "ZeroDivisionError: beats per second"
