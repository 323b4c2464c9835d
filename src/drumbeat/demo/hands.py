"""Who does the work of a slot: one process, or two that share it. What is done is the same; two are sooner ready."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection

from drumbeat.apps.messages.queries import unsent
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.routines.queries import due_by_kind
from drumbeat.integrations.fakes import OutboxPost
from drumbeat.workflows.performers import perform_kind
from drumbeat.workflows.posting import send_queued

from .actors import Actors, Agenda
from .chance import Chance, Share
from .trade import Incident, incidents, take_in

# What has come and what is decided, what is built and arranged, what is written, what is sent.
KINDS = ("wait", "condition", "branch", "report", "meeting", "form", "approval", "mail", "post")
# Two processes take half of a kind each, and no more than this at once.
MOST = 100
# The mail server of the story is down for some hours of one day.
OUTAGE = (timedelta(days=131, hours=5), timedelta(days=131, hours=11))
SECOND = "import sys, django; django.setup(); from drumbeat.demo.second import serve; serve(*sys.argv[1:])"


class OwnHands:
    """This process, for its share of the subjects."""

    def __init__(
        self, first: datetime, since: datetime, until: datetime, chance: Chance, share: Share
    ) -> None:
        self.first, self.share = first, share
        self.post = OutboxPost()
        self.actors = Actors(Agenda(chance, first.date(), share, lived_until=since))
        self.chance, self.until = chance, until
        self.last_partner = 0
        self.coming: list[Incident] = []

    def _meet_newcomers(self, since: datetime) -> None:
        """What comes from partners that were not there at the last look; the latest stands first, to be taken from the end."""
        new = Partner.objects.filter(pk__gt=self.last_partner).select_related("territory").order_by("pk")
        if not new:
            return
        self.last_partner = new[len(new) - 1].pk
        mine = [partner for partner in new if self.share.has(partner.key)]
        self.coming += incidents(mine, self.first.date(), self.chance, since=since, until=self.until)
        self.coming.sort(key=lambda one: (one.at, one.partner.pk, one.kind), reverse=True)

    def act(self, since: datetime, until: datetime) -> int:
        """What comes in and what people do in [since, until); how much that is."""
        self._meet_newcomers(since)
        before = len(self.coming)
        while self.coming and self.coming[-1].at < until:
            take_in(self.coming.pop())
        return before - len(self.coming) + self.actors.act(since, until)

    def work(self, at: datetime) -> None:
        """What the machine has to do by `at`, until nothing moves any more."""
        while (due := due_by_kind(at) | due_messages(at)) and self.go_through(at, due):
            pass

    def go_through(self, at: datetime, counts: Mapping[str, int]) -> int:
        """Once through all kinds, in their order; how many. `counts` tells about how many there are of each."""
        self.post.is_down = OUTAGE[0] <= at - self.first < OUTAGE[1]
        due = (kind for kind in KINDS if kind in counts)
        return sum(self._perform_all(at, kind, chunk_of(counts[kind], self.share)) for kind in due)

    def _perform_all(self, at: datetime, kind: str, chunk: int) -> int:
        total = done = self._perform_chunk(at, kind, chunk)
        while done == chunk:
            done = self._perform_chunk(at, kind, chunk)
            total += done
        return total

    def _perform_chunk(self, at: datetime, kind: str, chunk: int) -> int:
        if kind == "post":
            return send_queued(self.post, at=at, limit=chunk).total
        return perform_kind(kind, at=at, limit=chunk)


class TwoHands(OwnHands):
    """This process and a second one, which is told what to do and answers when it is done."""

    def __init__(
        self,
        first: datetime,
        since: datetime,
        until: datetime,
        chance: Chance,
        other: subprocess.Popen[str],
    ) -> None:
        super().__init__(first, since, until, chance, Share(0, 2))
        self.other = other

    def act(self, since: datetime, until: datetime) -> int:
        self._tell("act", since.isoformat(), until.isoformat())
        return super().act(since, until) + self._hear()

    def go_through(self, at: datetime, counts: Mapping[str, int]) -> int:
        self._tell("go_through", at.isoformat(), counts)
        return super().go_through(at, counts) + self._hear()

    def _tell(self, *words: str | Mapping[str, int]) -> None:
        assert self.other.stdin, "opened with pipes"
        self.other.stdin.write(json.dumps(words) + "\n")
        self.other.stdin.flush()

    def _hear(self) -> int:
        assert self.other.stdout, "opened with pipes"
        answer = self.other.stdout.readline()
        if not answer:
            raise RuntimeError("The second process of the demo ended; its words are above.")
        return int(answer)


def chunk_of(count: int, share: Share) -> int:
    """How many to take at once of so many."""
    return min(MOST, -(-count // share.of))


def due_messages(at: datetime) -> dict[str, int]:
    count = unsent(at).count
    return {"post": count} if count else {}


@contextmanager
def two_hands(first: datetime, since: datetime, until: datetime, chance: Chance) -> Iterator[TwoHands]:
    """Both processes, until the block ends. The second ends by itself when its input does, whatever happens here."""
    command = [sys.executable, "-c", SECOND, str(chance.seed)]
    moments = [moment.isoformat() for moment in (first, since, until)]
    with subprocess.Popen([*command, *moments], stdin=-1, stdout=-1, text=True) as other:  # noqa: S603
        try:
            yield TwoHands(first, since, until, chance, other)
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
