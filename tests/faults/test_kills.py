"""Killed in mid-batch twenty times at random points: everything opened once, every mail sent once or told as uncertain."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from drumbeat.apps.ledger.actions import rebuild_ledger
from drumbeat.apps.messages.models import Message
from drumbeat.apps.partners.actions import add_contact, add_partners
from drumbeat.apps.routines.actions import plan_moments, publish_version, start_routine, subscribe
from drumbeat.apps.routines.models import Moment, Occurrence, Step
from tests.integrations.servers import Sink, listening
from tests.world import build_world

KILLS = 20
PARTNERS = 400
START = datetime(2026, 6, 1, 6, tzinfo=UTC)
DUE = datetime(2026, 6, 2, 8, tzinfo=UTC)

TEXT = """
routine: weekly-letter
title: Weekly letter
purpose: Both sides know.
subject: partner
promise: {by: vendor, to: partner, text: We write every Tuesday., kept_by: letter}
owner: channel_manager
goals: [trust]
audience: partner.status == "active"
calendar: partner
cadence: {rule: FREQ=WEEKLY;BYDAY=TU, at: "10:00", zone: partner, roll: following}
grace: 1bd
steps:
  - {step: letter, kind: mail, title: Letter, to: [sales_lead], template: newsletter, due: 0}
"""


@pytest.mark.django_db(transaction=True)
def test_twenty_kills_lose_and_double_nothing() -> None:
    due = prepare()
    chance = random.Random(20)
    sink = Sink()
    with listening(sink) as address:
        # Later each time, so that what a killed process held in lease is taken over.
        struck = [
            beat_until_killed(DUE + timedelta(hours=n), address, after_s=chance.uniform(0.0, 0.25))
            for n in range(KILLS)
        ]
        beat_to_the_end(DUE + timedelta(hours=KILLS), address)
    assert sum(struck) >= KILLS / 2, "too few kills hit a process at work"
    assert Occurrence.objects.count() == due
    assert Step.objects.count() == due
    assert rebuild_ledger() == 0
    arrived = Counter(message_from_bytes(envelope.content)["Message-ID"] for envelope in sink.accepted)
    assert set(arrived.values()) <= {1}, "a mail arrived twice"
    told = dict(Message.objects.values_list("message_id", "state"))
    assert len(told) == due
    assert set(told.values()) <= {"sent", "uncertain"}
    assert {name for name, state in told.items() if state == "sent"} <= set(arrived)
    assert set(arrived) <= set(told)
    uncertain = Step.objects.filter(state="uncertain").count()
    assert uncertain == sum(state == "uncertain" for state in told.values()) < KILLS + 1
    assert Step.objects.filter(state="done").count() == due - uncertain


def prepare() -> int:
    """A routine of one mail for some hundred partners, planned; how many moments are due."""
    world = build_world(at=START)
    rows = [
        {"name": f"Partner {n}", "type": "var", "country": "DE", "status": "active"} for n in range(PARTNERS)
    ]
    partners = add_partners(rows, by=None, at=START)
    for n, partner in enumerate(partners):
        person = {
            "name": f"Person {n}",
            "email": f"p{n}@example.org",
            "roles": ["sales_lead"],
            "joined_on": START.date(),
        }
        add_contact(partner, person, by=None, at=START)
    routine = publish_version(TEXT, by=None, at=START).routine
    start_routine(routine, by=None, at=START)
    subscribe(routine, [*partners, world.bergmann], on=START.date())
    plan_moments(at=START)
    Moment.objects.filter(opens_at__gt=DUE).delete()
    return Moment.objects.count()


def beat_until_killed(at: datetime, smtp_url: str, *, after_s: float) -> bool:
    """Whether the kill hit: the process was still at work."""
    process = started(at, smtp_url)
    try:
        process.wait(timeout=after_s)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    process.stdout.close()
    return process.wait() == -signal.SIGKILL


def beat_to_the_end(at: datetime, smtp_url: str) -> None:
    process = started(at, smtp_url)
    assert process.wait(timeout=120) == 0
    process.stdout.close()


def started(at: datetime, smtp_url: str) -> subprocess.Popen[str]:
    settings = connection.settings_dict
    url = make_conninfo(
        dbname=settings["NAME"], user=settings["USER"], host=settings["HOST"], port=settings["PORT"] or None,
        password=settings["PASSWORD"] or None,
    )  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.beating", at.isoformat(), smtp_url],
        env={**os.environ, "DRUMBEAT_DATABASE_URL": url},
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "ready\n"
    return process
