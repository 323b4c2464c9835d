"""Who does the work of a slot: one process, or two that share it. What is done is the same; two are sooner ready."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Protocol

from django.db import connection

from drumbeat.apps.partners.models import Partner
from drumbeat.integrations.fakes import OutboxPost
from drumbeat.workflows.beating import work

from .actors import Actors, Agenda
from .chance import Chance, Share
from .trade import Incident, incidents, take_in

# Small chunks, so that two processes share what is due.
CHUNK = 40
# The mail server of the story is down for some hours of one day.
OUTAGE = (timedelta(days=131, hours=5), timedelta(days=131, hours=11))
SECOND = "import sys, django; django.setup(); from drumbeat.demo.second import serve; serve(*sys.argv[1:])"


class Hands(Protocol):
    def act(self, since: datetime, until: datetime) -> None:
        """What comes in and what people do in [since, until)."""

    def work(self, at: datetime) -> None:
        """What the machine has to do by `at`."""


class OwnHands:
    """This process, for its share of the subjects."""

    def __init__(
        self, first: datetime, since: datetime, until: datetime, chance: Chance, share: Share
    ) -> None:
        self.first, self.share = first, share
        self.post = OutboxPost()
        self.actors = Actors(Agenda(chance, first.date(), share, lived_until=since))
        self.coming = self._incidents(chance, since, until)

    def _incidents(self, chance: Chance, since: datetime, until: datetime) -> list[Incident]:
        """Latest first, to be taken from the end."""
        partners = Partner.objects.select_related("territory").order_by("pk")
        mine = [partner for partner in partners if self.share.has(partner.key)]
        found = incidents(mine, self.first.date(), chance, since=since, until=until)
        return sorted(found, key=lambda one: (one.at, one.partner.pk, one.kind), reverse=True)

    def act(self, since: datetime, until: datetime) -> None:
        while self.coming and self.coming[-1].at < until:
            take_in(self.coming.pop())
        self.actors.act(since, until)

    def work(self, at: datetime) -> None:
        self.post.is_down = OUTAGE[0] <= at - self.first < OUTAGE[1]
        work(at=at, post=self.post, chunk=CHUNK)


class TwoHands:
    """This process and a second one, which is told each slot and answers when it is done with it."""

    def __init__(self, own: OwnHands, other: subprocess.Popen[str]) -> None:
        self.own, self.other = own, other

    def act(self, since: datetime, until: datetime) -> None:
        self._tell("act", since, until)
        self.own.act(since, until)
        self._hear()

    def work(self, at: datetime) -> None:
        self._tell("work", at)
        self.own.work(at)
        self._hear()

    def _tell(self, word: str, *moments: datetime) -> None:
        assert self.other.stdin, "opened with pipes"
        self.other.stdin.write(json.dumps([word, *(moment.isoformat() for moment in moments)]) + "\n")
        self.other.stdin.flush()

    def _hear(self) -> None:
        assert self.other.stdout, "opened with pipes"
        if not self.other.stdout.readline():
            raise RuntimeError("The second process of the demo ended; its words are above.")


@contextmanager
def two_hands(first: datetime, since: datetime, until: datetime, chance: Chance) -> Iterator[TwoHands]:
    """Both processes, until the block ends. The second ends by itself when its input does, whatever happens here."""
    command = [sys.executable, "-c", SECOND, str(chance.seed)]
    moments = [moment.isoformat() for moment in (first, since, until)]
    with subprocess.Popen([*command, *moments], stdin=-1, stdout=-1, text=True) as other:  # noqa: S603
        own = OwnHands(first, since, until, chance, Share(0, 2))
        try:
            yield TwoHands(own, other)
        finally:
            assert other.stdin, "opened with pipes"
            other.stdin.close()


@contextmanager
def hurrying() -> Iterator[None]:
    """Commits don't wait for the disk: a demo lost in a crash is built anew. Rubbish is looked for seldom."""
    thresholds = gc.get_threshold()
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
        gc.set_threshold(50_000, 20, 50)
        yield
        gc.set_threshold(*thresholds)
        cursor.execute("RESET synchronous_commit")
