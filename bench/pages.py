"""How fast the daily pages are at size, signed in, beside an empty signed-in page of the same server in the same run.

10,000 partners, 30,000 contacts, 50,000 open items, 1 million ledger entries; two server processes; 1 and 8 clients.
Usage: .venv/bin/python -m bench.pages [scale]. Prints JSON lines: p50 and p95 in ms, requests/s, times the empty page.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench import scene
from bench.database import fresh_database

EMPTY = "/keyboard/"
CLIENTS = (1, 8)
REQUESTS = 200


def main() -> None:
    scale = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    with fresh_database():
        os.environ["DRUMBEAT_SECRET_KEY"] = "only-for-benchmarks"
        os.environ["DRUMBEAT_CLOCK_OFFSET"] = str(scene.clock_offset())
        cookie, partner = ready(scale)
        measure(cookie, partner)


def ready(scale: float, *, weeks: int = 50, a_week: int = 1) -> tuple[str, str]:
    """A filled database, a session of one manager with 200 partners, and the key of one of them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "drumbeat.config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from drumbeat.apps.routines.actions import publish_version
    from drumbeat.library import routine_texts

    call_command("migrate", verbosity=0)
    for text in routine_texts().values():
        publish_version(text, by=None, at=scene.AT)
    scene.fill(
        partners=int(10_000 * scale), managers=max(1, int(50 * scale)), items=int(50_000 * scale), weeks=weeks, a_week=a_week
    )  # fmt: skip
    return signed_in()


def signed_in() -> tuple[str, str]:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from drumbeat.apps.partners.models import Assignment
    from drumbeat.apps.people.models import Account

    person = Account.objects.order_by("pk")[0]
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return session.session_key or "", Assignment.objects.filter(person=person).order_by("pk")[0].partner.key


def measure(cookie: str, partner: str) -> None:
    pages = {"empty page": EMPTY, "today": "/today/", "partner list": "/partners/", "partner page": f"/partners/{partner}/"}  # fmt: skip
    with web() as port:
        for clients in CLIENTS:
            empty_p50 = 0.0
            for name, path in pages.items():
                times, seconds = run(port, path, cookie, clients)
                empty_p50 = empty_p50 or quantile(times, 0.5)
                report(name, clients, times, seconds, empty_p50)


@contextmanager
def web() -> Iterator[int]:
    """The port of two server processes, as `drumbeat serve` starts one."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "4",
               "--port", str(port), "--log-level", "warning", "drumbeat.config.wsgi:application"]  # fmt: skip
    server = subprocess.Popen(command, start_new_session=True)
    try:
        wait_for(port)
        yield port
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=15)


def run(port: int, path: str, cookie: str, clients: int) -> tuple[list[float], float]:
    fetch(port, path, cookie, 10)
    times: list[float] = []
    threads = [
        threading.Thread(target=lambda: times.extend(fetch(port, path, cookie, REQUESTS // clients)))
        for _ in range(clients)
    ]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, time.perf_counter() - begin


def fetch(port: int, path: str, cookie: str, count: int) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times = []
    for _ in range(count):
        begin = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": f"sessionid={cookie}", "Host": "127.0.0.1"})
        response = connection.getresponse()
        response.read()
        times.append(1000 * (time.perf_counter() - begin))
        assert response.status == 200, (path, response.status)
    connection.close()
    return times


def quantile(times: list[float], share: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def report(name: str, clients: int, times: list[float], seconds: float, empty_p50: float) -> None:
    line = {
        "bench": "pages",
        "page": name,
        "clients": clients,
        "p50_ms": round(quantile(times, 0.5), 1),
        "p95_ms": round(quantile(times, 0.95), 1),
        "per_second": round(len(times) / seconds, 1),
        "times_the_empty_page": round(quantile(times, 0.5) / empty_p50, 1),
    }
    print(json.dumps(line), flush=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the web server does not answer")


if __name__ == "__main__":
    main()
