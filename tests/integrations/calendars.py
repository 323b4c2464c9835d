"""A real CalDAV server on this machine: Radicale in a process of its own, with one user and one calendar."""

from __future__ import annotations

import base64
import http.client
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .servers import free_port

USER, PASSWORD = "alice", "secret"


class CalendarServer:
    """What other programs do to the same calendar, as they would do it."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/{USER}/meetings/"

    def start(self) -> None:
        options = {
            "server-hosts": f"127.0.0.1:{self.port}",
            "storage-filesystem-folder": str(self.folder / "storage"),
            "auth-type": "htpasswd",
            "auth-htpasswd-filename": str(self.folder / "users"),
            "auth-htpasswd-encryption": "plain",
            "auth-delay": "0",
        }
        command = [sys.executable, "-m", "radicale", "--config", ""]
        command += [word for name, value in options.items() for word in (f"--{name}", value)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._await()

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(timeout=10)
            self._process = None

    def call(self, method: str, name: str = "", body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        token = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        line.request(method, f"/{USER}/meetings/{name}", body, {"Authorization": f"Basic {token}", **headers})
        answer = line.getresponse()
        told = answer.status, answer.read()
        line.close()
        return told

    def texts(self) -> list[bytes]:
        """What lies there."""
        root = self.folder / "storage" / "collection-root" / USER / "meetings"
        return [file.read_bytes() for file in sorted(root.glob("*.ics"))]

    def names(self) -> list[str]:
        root = self.folder / "storage" / "collection-root" / USER / "meetings"
        return sorted(file.name for file in root.glob("*.ics"))

    def _await(self) -> None:
        ends = time.monotonic() + 15
        while time.monotonic() < ends and self._process and self._process.poll() is None:
            try:
                self.call("GET")
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("Radicale did not start")


@contextmanager
def calendar_server(folder: Path) -> Iterator[CalendarServer]:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n")
    server = CalendarServer(folder, free_port())
    server.start()
    try:
        assert server.call("MKCALENDAR")[0] == 201
        yield server
    finally:
        server.stop()
