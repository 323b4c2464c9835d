"""How fast an announcement goes out: freezing its readers and queueing their letters, then letters/s to a mail server with one
worker and with two, beside the most that the same sink takes from as many clients that only pour, in the same run.

Usage: .venv/bin/python -m bench.announcement [readers]. Prints JSON lines.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time

from bench.beat import execute
from bench.database import fresh_database
from bench.execution import POURED, moment, pour, ready, together, work
from bench.pages import free_port, wait_for


def main() -> None:
    readers = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    port = free_port()
    with fresh_database() as server:
        taker = subprocess.Popen([sys.executable, "-m", "bench.execution", "sink", str(port)])
        try:
            wait_for(port)
            assert server.process
            measure(readers, port, {"database": server.process.pid, "sink": taker.pid})
        finally:
            taker.kill()
            taker.wait()


def measure(readers: int, port: int, others: dict[str, int]) -> None:
    ready(readers)
    for workers in (1, 2):
        seconds, busy = together(workers, pour, (port,), others)
        ceiling = workers * POURED / seconds
        report(f"sink alone, {workers} only pouring", workers * POURED, seconds, busy_share_of_machine=busy)
        begin = time.perf_counter()
        assert announce(readers) == readers
        report("frozen and queued", readers, time.perf_counter() - begin)
        execute("VACUUM ANALYZE outbox_message", {})
        seconds, busy = together(workers, work, (port,), others)
        share = round(readers / seconds / ceiling, 2)
        report(f"sent by {workers}", readers, seconds, share_of_ceiling=share, busy_share_of_machine=busy)
        verify(readers * workers)


def announce(readers: int) -> int:
    """One to all; without the pace that spares real servers."""
    from drumbeat.apps.messages.actions import send_announcement, set_letterhead, write_announcement
    from drumbeat.apps.people.models import Account, Role

    person, _ = Account.objects.get_or_create(
        email="olga@example.org", defaults={"name": "Olga", "role": Role.PARTNER_OPERATIONS}
    )
    head = {"colour": "#3a5bc7", "a_minute": readers, "needs_approval": False}
    set_letterhead(head, by=person, at=moment())
    values = {
        "title": "Bench",
        "topic": "news",
        "subject": "News for {{ partner.name }}",
        "text": "Hello {{ contact.first_name }},\n\n"
        + 10 * "a line that says little.\n\n"
        + "{{ manager.name }}",
        "audience": 'partner.status == "active"',
    }
    return send_announcement(write_announcement(values, by=person, at=moment()), by=person, at=moment())


def verify(letters: int) -> None:
    from drumbeat.apps.messages.models import Message

    found = Message.objects.filter(state="sent").count()
    assert found == letters, found


def report(what: str, count: int, seconds: float, **more: object) -> None:
    line = {"bench": "announcement", "what": what, "letters": count, "seconds": round(seconds, 1)}
    print(json.dumps({**line, "per_second": round(count / seconds), **more}), flush=True)


if __name__ == "__main__":
    main()
