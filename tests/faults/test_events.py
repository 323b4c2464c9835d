"""Clocks that take events are killed in mid-batch, two of them at once: each event opens once, none is lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from drumbeat.apps.events.actions import event_of, write_events
from drumbeat.apps.events.models import Event
from drumbeat.apps.ledger.actions import rebuild_ledger
from drumbeat.apps.ledger.models import Entry
from drumbeat.apps.routines.models import Moment, Occurrence, Reaction
from tests.workflows.deals import AT, live
from tests.world import build_world

EVENTS, KILLS = 1500, 6


@pytest.mark.django_db(transaction=True)
def test_clocks_killed_in_mid_batch_lose_and_double_nothing() -> None:
    world = build_world(at=AT)
    live("event: deal.submitted, reentry: restart")
    write_events(
        [_submitted(n, (world.bergmann, world.fjord, world.kestrel)[n % 3].pk) for n in range(EVENTS)]
    )
    chance = random.Random(7)
    for kill in range(1, KILLS + 1):
        pair = [started(), started()]
        for process in pair:
            go(process)
        for process in pair:
            kill_when_left(process, EVENTS - kill * EVENTS // (KILLS + 2) - chance.randrange(40))
    assert Event.objects.waiting().exists(), "the kills came too late"
    last = started()
    go(last)
    assert last.wait(timeout=120) == 0
    close(last)
    assert_once()


def go(process: subprocess.Popen[str]) -> None:
    """Both have started up by then, so that none runs ahead while the other is still loading."""
    process.stdin.write("go\n")
    process.stdin.flush()


def kill_when_left(process: subprocess.Popen[str], left: int) -> None:
    """By how far they have come, not by the clock: however quick the machine is, the kill falls among the batches."""
    while Event.objects.waiting().count() > left and process.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    close(process)


def close(process: subprocess.Popen[str]) -> None:
    process.stdin.close()
    process.stdout.close()


def _submitted(n: int, partner: int) -> Event:
    event = event_of("deal.submitted", ("deal", 0), by_id=None, at=AT, partner=partner)
    event.subject_key = f"D-{n}"
    return event


def assert_once() -> None:
    assert not Event.objects.waiting().exists()
    assert not Moment.objects.exists()
    opened = Occurrence.objects.values_list("event_id", flat=True)
    assert len(opened) == len(set(opened)) == EVENTS
    assert Reaction.objects.filter(verdict="opened").count() == EVENTS
    assert Entry.objects.filter(kind="promised").count() == EVENTS
    assert rebuild_ledger() == 0


def started() -> subprocess.Popen[str]:
    settings = connection.settings_dict
    url = make_conninfo(
        dbname=settings["NAME"], user=settings["USER"], host=settings["HOST"], port=settings["PORT"] or None,
        password=settings["PASSWORD"] or None,
    )  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.hearing", AT.isoformat()],
        env={**os.environ, "DRUMBEAT_DATABASE_URL": url},
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "ready\n"
    return process
