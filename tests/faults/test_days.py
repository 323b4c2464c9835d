"""Days of everything at once: processes killed in mid-batch two at a time, clocks set forth and back, downtime, summer time in
five zones, leaves, versions, overrides, moves, events, mergers and closures. Each evening an auditor tells the ledger anew.

Twenty days run by default; `--days 1000` lives through all of them, `--seed` through others.
"""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from random import Random

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from drumbeat.apps.ledger.actions import rebuild_ledger
from drumbeat.apps.ledger.models import Entry, Standing
from drumbeat.apps.messages.models import Message
from drumbeat.apps.partners.actions import add_contact, add_partner
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.actions import open_account
from drumbeat.apps.routines.actions import plan_moments, publish_version, start_routine
from drumbeat.apps.routines.models import Moment
from drumbeat.workflows.beating import nightly
from drumbeat.workflows.handover import hand_over
from tests.faults.days.auditor import Auditor
from tests.faults.days.machine import DAY, NIGHT, Machine
from tests.faults.days.people import People
from tests.faults.days.texts import all_texts
from tests.integrations.servers import Sink, listening
from tests.world import World, build_world

START = datetime(
    2025, 3, 3, 4, tzinfo=UTC
)  # a Monday; summer time begins on the 9th in New York, on the 30th in Berlin
PLACES = (("US", "America/New_York"), ("AU", "Australia/Lord_Howe"), ("CL", "America/Santiago"))


@pytest.mark.django_db(transaction=True)
def test_after_every_day_the_book_is_whole(
    pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = Random(pytestconfig.getoption("--seed"))
    people = begin(chance)
    monkeypatch.setenv("DRUMBEAT_DATABASE_URL", url_of_database())
    sink, auditor = Sink(), Auditor()
    arrived = Arrived(sink)
    with listening(sink) as address, closing(Days(chance, address)) as days:
        for day in range(pytestconfig.getoption("--days")):
            if days.sleeps():
                continue
            for hour, what in ((1, NIGHT), (7, DAY), (15, DAY)):
                at = days.clock(day, hour)
                days.pass_pair(what, at)
                people.live(at + timedelta(minutes=40), arrived.ids())
            auditor.audit()
        end = days.clock(day + 3, 12)
        finish(days, end, people, arrived)
    auditor.audit()
    check_end(end, arrived.ids())
    days.check(day)
    print(f"{days}; {len(auditor.stories)} promises, {auditor.read_until} entries, {len(sink.accepted)} mails; {people.tried}, refused {people.refused}")  # fmt: skip


def begin(chance: Random) -> People:
    world = build_world(at=START)
    carla = open_account("carla@polaris.example", "Carla", "channel_manager", "Europe/Berlin", "DE", by=None, at=START)  # fmt: skip
    managers = [world.alice, world.bob, carla]
    far = [_far_partner(world, managers[n], *place) for n, place in enumerate(PLACES)]
    for text in all_texts():
        start_routine(publish_version(text, by=None, at=START).routine, by=None, at=START)
    nightly(at=START)
    return People(world, managers, [world.bergmann, world.kestrel, world.fjord, *far], chance)


def _far_partner(world: World, manager, country: str, zone: str) -> Partner:
    values = {"name": f"Far {country}", "type": "var", "country": country, "zone": zone, "status": "active", "joined_on": START.date()}  # fmt: skip
    partner = add_partner(values, by=None, at=START)
    for role in ("sales_lead", "principal"):
        person = {"name": f"{role} {country}", "email": f"{role}@{country.lower()}.example", "roles": [role], "joined_on": START.date()}  # fmt: skip
        add_contact(partner, person, by=None, at=START)
    hand_over(partner, manager, START.date(), by=world.dora, at=START)
    return partner


class Days:
    """The machine's side: what its clocks say, and which of its processes end where."""

    def __init__(self, chance: Random, smtp_url: str) -> None:
        self.chance, self.pair = chance, [Machine(smtp_url), Machine(smtp_url)]
        self.skew, self.asleep, self.passes, self.killed, self.slept = timedelta(), 0, 0, 0, 0

    def close(self) -> None:
        for machine in self.pair:
            machine.stop()

    def __str__(self) -> str:
        return f"{self.passes} passes, {self.killed} killed, {self.slept} days slept through"

    def sleeps(self) -> bool:
        """Now and then the whole house is down for days."""
        if not self.asleep and self.chance.random() < 0.05:
            self.asleep = self.chance.randint(1, 9)
        self.asleep, was = max(0, self.asleep - 1), bool(self.asleep)
        self.slept += was
        return was

    def clock(self, day: int, hour: int) -> datetime:
        """What the clocks show; sometimes they are set, forth or back."""
        if self.chance.random() < 0.1:
            self.skew = timedelta(minutes=self.chance.choice([0, 0, -170, -45, 45, 200, 1600]))
        return START + timedelta(days=day, hours=hour) + self.skew

    def pass_pair(self, what: str, at: datetime, deadly: float = 0.25) -> None:
        """Two processes at once, of which one, both or none is killed; their clocks differ by a minute."""
        for n, machine in enumerate(self.pair):
            end = self.chance.randint(1, 60) if self.chance.random() < deadly else 0
            machine.start_pass(what, at + timedelta(minutes=n), end)
        for machine in self.pair:
            self.killed += not machine.end_pass()
            self.passes += 1

    def check(self, days: int) -> None:
        assert self.killed > days / 4, "the kills came too late"


class Arrived:
    """The Message-IDs of what the sink took; each letter is read once, for there are thousands in the end."""

    def __init__(self, sink: Sink) -> None:
        self.sink, self._ids = sink, Counter[str]()

    def ids(self) -> Counter[str]:
        for envelope in self.sink.accepted[self._ids.total() :]:
            self._ids[str(message_from_bytes(envelope.content)["Message-ID"])] += 1
        return self._ids


def finish(days: Days, end: datetime, people: People, arrived: Arrived) -> None:
    """The last passes live: whatever was left behind is taken over when its lease is over. The house has the last word."""
    for hours in (0, 13):
        days.pass_pair(NIGHT, end + timedelta(hours=hours), deadly=0)
        people.live(end + timedelta(hours=hours), arrived.ids())
    days.pass_pair(NIGHT, end + timedelta(hours=26), deadly=0)


def check_end(end: datetime, arrived: Counter[str]) -> None:
    assert rebuild_ledger() == 0
    assert not Moment.objects.filter(opens_at__lte=end).exists(), "something due was not opened"
    assert not Standing.objects.open().filter(miss_at__lte=end, rests_from=None).exists()
    assert set(arrived.values()) == {1}, "a mail arrived twice"
    sent = set(Message.objects.filter(state=Message.State.SENT).values_list("message_id", flat=True))
    assert sent <= set(arrived), "a mail that was told as sent is lost"
    rest = Message.objects.filter(message_id__in=set(arrived) - sent)
    assert set(rest.values_list("state", flat=True)) <= {"uncertain", "sending"}
    at = end + timedelta(days=2)
    plan_moments(at=at)
    again = plan_moments(at=at)
    assert (again.created, again.moved, again.cancelled) == (0, 0, 0)
    assert {"promised", "kept", "missed"} <= set(Entry.objects.values_list("kind", flat=True))


def url_of_database() -> str:
    settings = connection.settings_dict
    return make_conninfo(
        dbname=settings["NAME"], user=settings["USER"], host=settings["HOST"], port=settings["PORT"] or None,
        password=settings["PASSWORD"] or None,
    )  # fmt: skip
