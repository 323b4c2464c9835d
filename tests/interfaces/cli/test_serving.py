"""The whole installation on an embedded database of its own: it answers, and `kill -9` leaves nothing behind."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from .test_supervisor import until

DRUMBEAT = Path(sys.executable).parent / "drumbeat"


@pytest.fixture
def home() -> Iterator[Path]:
    """Not under pytest's own folder: as root the database runs as another user, who may not enter there."""
    folder = Path(tempfile.mkdtemp(prefix="drumbeat-home-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if name != "DRUMBEAT_DATABASE_URL"}
    return {**own, "DRUMBEAT_HOME": str(home)}


def is_answering(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return json.load(answer) == {"well": True, "wrong": ""}
    except (URLError, OSError):
        return False


def those_of(home: Path) -> list[str]:
    """Command lines of the processes that know this home, by argument or by environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(home).encode() in (process / "cmdline").read_bytes() + (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


def test_it_serves_refuses_a_second_and_dies_without_trace(home) -> None:
    port = free_port()
    command = [DRUMBEAT, "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment(home), stderr=subprocess.DEVNULL)
    try:
        until(lambda: is_answering(port), seconds=60)
        until(lambda: len(those_of(home)) >= 5, seconds=30)  # supervisor, postgres, web, worker, clock
        second = subprocess.run(command, env=environment(home), capture_output=True, text=True, check=False)
        assert (second.returncode, second.stderr.splitlines()) == (
            1,
            [
                f"Error: Port {port} is taken by another program. Stop it, or choose another with --port.",
            ],
        )
        third = subprocess.run(
            [DRUMBEAT, "serve", "--port", str(free_port())],
            env=environment(home),
            capture_output=True,
            text=True,
            check=False,
        )
        assert third.returncode == 1 and "is in use. Stop the drumbeat that runs it first." in third.stderr
    finally:
        process.kill()
        process.wait()
    until(lambda: those_of(home) == [], seconds=30)
