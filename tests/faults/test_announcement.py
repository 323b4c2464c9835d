"""An announcement to many while its worker is killed five times, just before and just after a letter is taken: none twice, none
lost. `--recipients 10000` makes it as large as the product promises."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from drumbeat.apps.messages.actions import send_announcement, write_announcement
from drumbeat.apps.messages.models import LEASE, Announcement, Letterhead, Message
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.workflows.posting import expire_leases, settle_uncertain
from tests.integrations.servers import Sink, listening
from tests.world import World, build_world

AT = datetime(2026, 6, 2, 7, tzinfo=UTC)  # nine in Berlin
KILLS = 5
NEXT = LEASE + timedelta(minutes=1)


class Striker(Sink):
    """Kills the worker when so many letters have come: the even times before it answers, the odd times after."""

    victim: subprocess.Popen[str] | None = None
    marks: list[int] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        if self.marks and len(self.accepted) >= self.marks[0]:
            is_before_the_answer = len(self.marks) % 2 == 0
            self.marks.pop(0)
            assert self.victim
            self.victim.kill()
            if is_before_the_answer:
                self.victim.wait()
        return answer


@pytest.mark.django_db(transaction=True)
def test_five_kills_lose_and_double_nothing(request: pytest.FixtureRequest) -> None:
    count = int(request.config.getoption("--recipients"))
    world = build_world(at=AT)
    people(world, count)
    Letterhead.objects.create(id=1, a_minute=count, needs_approval=False)
    assert send_announcement(draft(world), by=world.olga, at=AT) == count
    sink = Striker()
    sink.marks = [count * (n + 1) // (KILLS + 1) for n in range(KILLS)]
    with listening(sink) as address:
        for n in range(KILLS):
            assert run_worker(sink, AT + n * NEXT, address) < 0, "the kill missed"
        last = AT + KILLS * NEXT
        assert run_worker(sink, last, address) == 0
        uncertain = expire_leases(at=last + NEXT)
        assert uncertain <= KILLS
        settle(sink, world, last + NEXT)
        assert run_worker(sink, last + 2 * NEXT, address) == 0
    arrived = Counter(envelope.rcpt_tos[0] for envelope in sink.accepted)
    assert max(arrived.values()) == 1, "a letter arrived twice"
    assert len(arrived) == count, "a letter is lost"
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


def people(world: World, count: int) -> None:
    """Many at one firm; the two of the world who fit the audience stay without address."""
    Contact.objects.exclude(email="").update(email="")
    Partner.objects.filter(pk=world.bergmann.pk).update(language="de")
    names = [f"Person {n:05d}" for n in range(count)]
    contacts = (
        Contact(
            partner=world.bergmann, name=name, sort_name=name.lower(), email=f"p{n}@example.org",
            roles=["sales_lead"], joined_on=AT.date(),
        )
        for n, name in enumerate(names)
    )  # fmt: skip
    Contact.objects.bulk_create(contacts, batch_size=1000)


def draft(world: World) -> Announcement:
    values = {
        "title": "Autumn release",
        "topic": "news",
        "subject": "News for {{ partner.name }}",
        "text": "Hello {{ contact.first_name }},\n\nthis is new.\n\n{{ manager.name }}",
        "audience": 'partner.status == "active"',
        "roles": ["sales_lead"],
    }
    return write_announcement(values, by=world.olga, at=AT)


def settle(sink: Sink, world: World, at: datetime) -> None:
    """A person looks at what arrived."""
    arrived = {message_from_bytes(envelope.content)["Message-ID"] for envelope in sink.accepted}
    for message in Message.objects.filter(state=Message.State.UNCERTAIN):
        settle_uncertain(message, message.message_id in arrived, by=world.olga, at=at)


def run_worker(sink: Striker, at: datetime, smtp_url: str) -> int:
    """How it ended; below zero: killed."""
    settings = connection.settings_dict
    url = make_conninfo(
        dbname=settings["NAME"], user=settings["USER"], host=settings["HOST"], port=settings["PORT"] or None,
        password=settings["PASSWORD"] or None,
    )  # fmt: skip
    command = [sys.executable, "-m", "tests.faults.sending", at.isoformat(), smtp_url]
    env = {**os.environ, "DRUMBEAT_DATABASE_URL": url}
    with subprocess.Popen(
        command, env=env, cwd=Path(__file__).parents[2], stdout=subprocess.DEVNULL, text=True
    ) as worker:
        sink.victim = worker
        return worker.wait(timeout=900)
