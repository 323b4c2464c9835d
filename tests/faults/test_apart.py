"""Three machines, each clock and worker, in networks of their own against one PostgreSQL over TCP. They are killed and cut off at
random: nothing is lost, nothing is done twice."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path

import psycopg
from aiosmtpd.controller import Controller
from psycopg.conninfo import make_conninfo

from drumbeat.config.database import UNSAFE_BUT_FAST, EmbeddedServer
from tests.faults.networks import Line, NoLine, permitted
from tests.integrations.servers import Sink, free_port

ROOT = Path(__file__).parents[2]
MACHINES, ROUNDS, PATIENCE_S = 3, 3, 60
KINDS = ("killed", "cut", "mended")
# A line that is down says nothing: both ends must ask. Seconds here, half a minute in the guide.
SERVER_ASKS = (
    "-c tcp_user_timeout=1500 -c tcp_keepalives_idle=1 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=2"
)
CLIENT_ASKS = {"tcp_user_timeout": 1500, "keepalives_idle": 1, "keepalives_interval": 1, "keepalives_count": 2, "connect_timeout": 2}  # fmt: skip
LEFT = """
SELECT (SELECT count(*) FROM routines_moment WHERE opens_at < '2026-06-02 08:00+00')
     + (SELECT count(*) FROM routines_step WHERE state IN ('open', 'handed'))
     + (SELECT count(*) FROM outbox_message WHERE state IN ('queued', 'sending'))
"""


class Machine:
    """A process at the end of a line; started anew when it was killed."""

    def __init__(self, line: Line | NoLine, smtp_port: int, began: float) -> None:
        self.line = line
        url = make_conninfo(
            host=line.ours, user="drumbeat", dbname="drumbeat", application_name=line.name,
            options=SERVER_ASKS, **CLIENT_ASKS,
        )  # fmt: skip
        self.environment = {**os.environ, "DRUMBEAT_DATABASE_URL": url}
        self.command = [*line.prefix, sys.executable, "-m", "tests.faults.apart", str(began), f"smtp://{line.ours}:{smtp_port}?tls=none"]  # fmt: skip
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, env=self.environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def cut(self, server_url: str) -> None:
        self.line.cut(server_url)


def strike(machines: list[Machine], kind: str, chance: random.Random, server_url: str) -> None:
    """Kills one, cuts one off, or mends all lines."""
    if kind == "mended":
        for machine in machines:
            machine.line.mend()
    elif kind == "killed":
        struck = chance.choice(machines)
        struck.kill()
        struck.start()
    else:
        chance.choice(machines).cut(server_url)


def test_machines_killed_and_cut_off_lose_and_double_nothing() -> None:
    apart = permitted()
    if not apart:
        print("no network namespaces here: machines are processes, cut off by the server")
    lines = [(Line if apart else NoLine)(n) for n in range(MACHINES)]
    sink, chance, blows = Sink(), random.Random(4), Counter[str]()
    with laid(lines), database(lines) as server, taking(sink, lines) as smtp_port:
        due = prepared(server.url())
        began = time.time()
        machines = [Machine(line, smtp_port, began) for line in lines]
        try:
            while left(server.url()) > due * 0.9:  # they are at work
                time.sleep(0.05)
            for kind in KINDS * ROUNDS:
                time.sleep(chance.uniform(0.05, 0.4))
                if not left(server.url()):
                    break
                strike(machines, kind, chance, server.url())
                blows[kind] += 1
            for machine in machines:
                machine.line.mend()
            finish(server.url())
        finally:
            for machine in machines:
                machine.kill()
        check(server.url(), sink, due)
    assert min(blows[kind] for kind in KINDS) > 0, f"the blows came too late: {blows}"


@contextmanager
def laid(lines: list[Line | NoLine]) -> Iterator[None]:
    try:
        for line in lines:
            line.lay()
        yield
    finally:
        for line in lines:
            line.remove()


@contextmanager
def database(lines: list[Line | NoLine]) -> Iterator[EmbeddedServer]:
    """On TCP for these lines alone, and on its socket for us."""
    place = Path(f"/tmp/drumbeat-apart-{os.getpid()}")
    hosts, hba = [line.ours for line in lines], place / "lines.conf"
    settings = (*UNSAFE_BUT_FAST, f"listen_addresses={','.join(hosts)}", f"hba_file={hba}")
    server = EmbeddedServer(place, settings)
    place.mkdir()
    hba.write_text("local all all trust\n" + "".join(f"host all all {host}/30 trust\n" for host in hosts))
    hba.chmod(0o644)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(place)


@contextmanager
def taking(sink: Sink, lines: list[Line | NoLine]) -> Iterator[int]:
    """One sink at our end of each line; the port."""
    port = free_port()
    controllers = [Controller(sink, hostname=line.ours, port=port) for line in lines]
    for controller in controllers:
        controller.start()
    try:
        yield port
    finally:
        for controller in controllers:
            controller.stop()


def prepared(url: str) -> int:
    """Tables and due moments; how many."""
    command = [sys.executable, "-m", "tests.faults.apart", "prepare"]
    environment = {**os.environ, "DRUMBEAT_DATABASE_URL": url}
    done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return int(done.stdout)


def left(url: str) -> int:
    return int(ask(url, LEFT)[0][0])


def ask(url: str, question: str) -> list[tuple]:
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchall()


def finish(url: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while left(url):
        assert time.monotonic() < deadline, ask(url, "SELECT pid, application_name, state, wait_event, query FROM pg_stat_activity")  # fmt: skip
        time.sleep(0.2)


def check(url: str, sink: Sink, due: int) -> None:
    assert ask(url, "SELECT count(*), count(DISTINCT subscription_id) FROM routines_occurrence") == [
        (due, due)
    ]
    assert ask(url, "SELECT count(*) FROM ledger_entry WHERE kind = 'promised'") == [(due,)]
    outcomes = "SELECT count(*), count(DISTINCT promise_id) FROM ledger_entry WHERE kind IN ('kept', 'late', 'missed')"
    assert len(set(ask(url, outcomes)[0])) == 1, "a promise has two outcomes"
    arrived = Counter(str(message_from_bytes(one.content)["Message-ID"]) for one in sink.accepted)
    assert set(arrived.values()) == {1}, "a mail arrived twice"
    states = dict(ask(url, "SELECT message_id, state FROM outbox_message"))
    assert len(states) == due
    assert set(states.values()) <= {"sent", "uncertain"}
    assert {name for name, state in states.items() if state == "sent"} <= set(arrived) <= set(states)
