"""The clock's calls: which queue they are on, that none piles up, and that a refusal is one line of the log."""

from __future__ import annotations

import logging

import pytest
from procrastinate.contrib.django import app

from drumbeat.core.refusal import Refused
from drumbeat.interfaces.clock import tasks


@pytest.mark.parametrize(
    ("task", "queue", "cron"),
    [
        (tasks.tick, "clock", "* * * * *"),
        (tasks.work, "work", "* * * * *"),
        (tasks.night, "work", "7 * * * *"),
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


def test_a_refusal_is_logged_and_does_not_fail_the_job(caplog) -> None:
    with caplog.at_level(logging.WARNING), tasks.called_by_time():
        raise Refused("There is no vendor", "Set it up")
    assert caplog.messages == ["There is no vendor. Set it up"]
