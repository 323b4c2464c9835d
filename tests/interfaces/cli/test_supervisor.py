"""The supervisor leaves nothing behind, whichever way it ends, and revives what falls, within reason."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def until(is_so: Callable[[], bool], seconds: float = 10) -> None:
    over = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < over, "it never came so"
        time.sleep(0.01)


def is_running(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def pids(folder: Path) -> list[int]:
    return [int(word) for word in (folder / "pids").read_text().split()]


@pytest.fixture
def supervised(tmp_path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def start(kind: str = "hold", **options: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.interfaces.cli.parts", "supervise", str(tmp_path), kind]
        process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, **options)
        started.append(process)
        until((tmp_path / "announced").exists)
        return process

    yield start
    for process in started:
        process.terminate()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_and_the_exit_is_clean(supervised, tmp_path, number: int) -> None:
    process = supervised()
    process.send_signal(number)
    assert process.wait(timeout=10) == 0
    assert not any(map(is_running, pids(tmp_path)))


def test_the_interrupt_counts_also_when_a_shell_had_it_ignored(supervised, tmp_path) -> None:
    process = supervised(preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=10) == 0


def test_a_killed_supervisor_takes_its_children_along(supervised, tmp_path) -> None:
    process = supervised()
    process.kill()
    until(lambda: not is_running(pids(tmp_path)[0]))
    os.kill(
        pids(tmp_path)[1], signal.SIGKILL
    )  # a part of ours ends its own children; this one has none to do so


def test_a_killed_child_is_revived_and_its_remains_are_removed(supervised, tmp_path) -> None:
    supervised()
    child, grandchild = pids(tmp_path)
    os.kill(child, signal.SIGKILL)
    until(lambda: pids(tmp_path)[0] != child)
    assert not is_running(grandchild)


def test_a_child_that_keeps_falling_ends_it_with_a_word(supervised, tmp_path) -> None:
    process = supervised("fall")
    assert process.wait(timeout=20) == 1
    assert "part ended 5 times within a minute" in process.stderr.read()
    assert (tmp_path / "falls").read_text() == "xxxxx"
