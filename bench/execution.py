"""How many mail steps a second workers render and hand to a mail server, with one worker and with two, the better of two turns each.

The server is a sink in a process of its own on this machine; what it takes at most from two clients that only pour is measured
in the same run. Usage: .venv/bin/python -m bench.execution [steps]. Prints JSON lines: steps/s, the ratio to one worker, and
which share of the machine's time workers, database and sink used: when together they use all of it, the machine is the limit.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import smtplib
import subprocess
import sys
import time
from multiprocessing.synchronize import Barrier
from pathlib import Path

from bench.beat import CAST, django_ready, empty, execute, open_all
from bench.database import fresh_database
from bench.pages import free_port, wait_for

AT = "2026-06-09T12:00+00:00"
POURED, ROUNDS = 2000, 2
TICKS = os.sysconf("SC_CLK_TCK")
CORES = os.cpu_count() or 1
TEXT = """
routine: bench-0
title: Bench
purpose: A routine to measure with.
subject: partner
promise: {by: vendor, to: partner, text: We write., kept_by: letter}
owner: channel_manager
goals: [trust]
audience: partner.status == "active"
cadence: {rule: FREQ=WEEKLY;BYDAY=TU, at: "10:00", zone: partner}
grace: 1bd
steps:
  - {step: ahead, kind: mail, title: Ahead, to: [sales_lead], template: newsletter, due: -1bd}
  - {step: letter, kind: mail, title: Letter, to: [sales_lead], template: newsletter, due: 0}
"""
CONTACTS = """
INSERT INTO partners_contact (partner_id, name, sort_name, email, phone, roles, language, joined_on)
SELECT id, 'Person ' || id, 'person ' || id, 'c' || id || '@example.com', '', ARRAY['sales_lead'], '', '2024-01-01'
FROM partners_partner
"""


def main() -> None:
    if sys.argv[1:2] == ["sink"]:
        sink(int(sys.argv[2]))
        return
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 6000
    port = free_port()
    with fresh_database() as server:
        taker = subprocess.Popen([sys.executable, "-m", "bench.execution", "sink", str(port)])
        try:
            wait_for(port)
            assert server.process
            measure(steps // 2, port, {"database": server.process.pid, "sink": taker.pid})
        finally:
            taker.kill()
            taker.wait()


def sink(port: int) -> None:
    """Takes every letter and keeps none."""
    import asyncio

    from aiosmtpd.smtp import SMTP

    class Taker:
        async def handle_DATA(self, *_: object) -> str:  # noqa: N802
            return "250 OK"

    async def listen() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(Taker()), "127.0.0.1", port)
        await server.serve_forever()

    asyncio.run(listen())


def measure(occurrences: int, port: int, others: dict[str, int]) -> None:
    ready(occurrences)
    ceiling = together(2, pour, (port,), others)
    report("sink alone, two clients that only pour", 2 * POURED, *ceiling)
    ones, twos = [], []
    for workers, seen in ((1, ones), (2, twos)) * ROUNDS:
        empty(occurrences)
        open_all_at_once()
        seconds, busy = together(workers, work, (port,), others)
        seen.append(seconds)
        verify(2 * occurrences)
        report(f"{workers} worker{'s' * (workers > 1)}", 2 * occurrences, seconds, busy)
    print(
        json.dumps({"bench": "execution", "two_workers_times_one": round(min(ones) / min(twos), 2)}),
        flush=True,
    )


def ready(occurrences: int) -> None:
    django_ready()
    from django.core.management import call_command

    from drumbeat.apps.people.actions import set_up_vendor
    from drumbeat.apps.routines.actions import publish_version

    call_command("migrate", verbosity=0)
    at = moment()
    set_up_vendor(name="Bench", country="DE", zone="Europe/Berlin", mail_from="bench@example.org", at=at)
    publish_version(TEXT, by=None, at=at)
    execute(CAST, {"partners": occurrences, "count": occurrences})
    execute(CONTACTS, {})


def open_all_at_once() -> None:
    """The moments of the scene become occurrences, a letter for the day before and one for the day."""
    open_all()
    execute("VACUUM ANALYZE", {})


def together(
    processes: int, task, arguments: tuple, others: dict[str, int]
) -> tuple[float, dict[str, float]]:  # type: ignore[no-untyped-def]
    """Seconds from the moment when all are ready until the last is done; and who was busy for which share of the machine."""
    context = multiprocessing.get_context("spawn")
    gate, spent = context.Barrier(processes + 1), context.SimpleQueue()
    children = [context.Process(target=task, args=(gate, spent, *arguments)) for _ in range(processes)]
    for child in children:
        child.start()
    gate.wait()
    before, begin = {name: cpu_seconds(pid) for name, pid in others.items()}, time.perf_counter()
    own = sum(spent.get() for _ in children)
    seconds = time.perf_counter() - begin
    used = {name: cpu_seconds(pid) - before[name] for name, pid in others.items()}
    for child in children:
        child.join()
        assert child.exitcode == 0, "a process failed"
    shares = {"workers": own, **used}
    return seconds, {name: round(value / seconds / CORES, 2) for name, value in shares.items()}


def work(gate: Barrier, spent, port: int) -> None:  # type: ignore[no-untyped-def]
    django_ready()
    from django.db import connection

    from drumbeat.integrations.smtp import SmtpPost
    from drumbeat.workflows import beating

    connection.ensure_connection()
    gate.wait()
    before = time.process_time()
    beating.work(at=moment(), post=SmtpPost(f"smtp://127.0.0.1:{port}?tls=none"))
    spent.put(time.process_time() - before)


def pour(gate: Barrier, spent, port: int) -> None:  # type: ignore[no-untyped-def]
    """The same letter again and again."""
    text = "Subject: Bench\r\n\r\n" + 40 * ("A line of a letter that says nothing new." + "\r\n")
    client = smtplib.SMTP("127.0.0.1", port)
    gate.wait()
    before = time.process_time()
    for _ in range(POURED):
        client.sendmail("bench@example.org", ["c@example.com"], text)
    spent.put(time.process_time() - before)
    client.quit()


def cpu_seconds(pid: int) -> float:
    """Of a process, its children, and those that it has buried."""
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, rest = stat.read_text().split(" (", 1)
        except OSError:
            continue
        words = rest.rpartition(") ")[2].split()
        if int(number) == pid:
            total += sum(map(int, words[11:15]))
        elif int(words[1]) == pid:
            total += sum(map(int, words[11:13]))
    return total / TICKS


def verify(letters: int) -> None:
    from drumbeat.apps.messages.models import Message
    from drumbeat.apps.routines.models import Step

    found = (Message.objects.filter(state="sent").count(), Step.objects.filter(state="done").count())
    assert found == (letters, letters), found


def moment():  # type: ignore[no-untyped-def]
    from datetime import datetime

    return datetime.fromisoformat(AT)


def report(what: str, count: int, seconds: float, busy: dict[str, float]) -> None:
    line = {"bench": "execution", "what": what, "steps": count, "seconds": round(seconds, 1), "per_second": round(count / seconds),
            "busy_share_of_machine": busy}  # fmt: skip
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
