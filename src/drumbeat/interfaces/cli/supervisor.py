"""Runs the parts of an installation as own children: started in order, revived when they fall, stopped in order.

Knows processes and signals; refuses to know what the parts do. Each child leads a group of its own and gets its last
signal from the kernel when this process dies, so that even after `kill -9` nothing is left behind (Linux).
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

PR_SET_PDEATHSIG = 1
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE = 8.0  # seconds until a child that should stop is killed
READY_WITHIN = 60.0
FALLS, WITHIN = 5, 60.0  # a child that falls so often within so many seconds is not revived


class Stopped(BaseException):
    """A signal asked for the end."""


class Fallen(RuntimeError):
    """A child can't be kept alive."""


@dataclass
class Child:
    """One part: a Python module with its words, and the process that runs it now.

    `last_signal` reaches it when the supervisor was killed: SIGTERM if it has children of its own to end, else SIGKILL,
    because the database goes at the same moment and a polite end would wait for it.
    """

    name: str
    words: Sequence[str]
    last_signal: signal.Signals = signal.SIGKILL
    process: subprocess.Popen[bytes] | None = None
    falls: list[float] = field(default_factory=list)

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", *self.words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # what they have to say goes to their log, on stderr
            start_new_session=True,
            preexec_fn=_end_with(os.getpid(), self.last_signal),
        )

    def has_fallen(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def revive(self, at: float) -> None:
        """Start it anew; Fallen when it fell too often."""
        self.kill_group()
        self.falls = [fall for fall in self.falls if at - fall < WITHIN] + [at]
        if len(self.falls) >= FALLS:
            raise Fallen(f"{self.name} ended {FALLS} times within a minute; its last words are above")
        self.start()

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def wait_or_kill(self, until: float) -> None:
        if self.process:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=max(0.0, until - time.monotonic()))
            self.kill_group()
            self.process.wait()

    def kill_group(self) -> None:
        """Whatever the child left behind goes too."""
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


@contextmanager
def until_signal() -> Iterator[None]:
    """SIGINT, SIGTERM and SIGHUP leave the block. Set explicitly: a shell's `&` starts us with SIGINT ignored."""
    before = {number: signal.signal(number, _stop) for number in SIGNALS}
    try:
        yield
    except Stopped:
        pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def supervise(
    children: Sequence[Child],
    *,
    is_well: Callable[[], bool],
    is_ready: Callable[[], bool],
    announce: Callable[[], None],
) -> None:
    """Run the children until a signal; the first must be ready before the others start, because somebody waits for it.

    Fallen when it does not get ready, one of them can't be kept alive, or all is not well.
    """
    first, *others = children
    try:
        first.start()
        _watch_until(is_ready, [first], is_well, READY_WITHIN, pause=0.05)
        for child in others:
            child.start()
        announce()
        _watch_until(lambda: False, children, is_well, float("inf"), pause=0.5)
    finally:
        _stop_all(children)


def _watch_until(
    is_over: Callable[[], bool],
    children: Sequence[Child],
    is_well: Callable[[], bool],
    patience: float,
    pause: float,
) -> None:
    until = time.monotonic() + patience
    while not is_over():
        if not is_well():
            raise Fallen("the database ended; its last words are in postgres.log")
        if time.monotonic() > until:
            raise Fallen(f"nothing answers after {patience:.0f} seconds")
        for child in children:
            if child.has_fallen():
                child.revive(time.monotonic())
        time.sleep(pause)


def _stop_all(children: Sequence[Child]) -> None:
    for child in children:
        child.ask_to_stop()
    until = time.monotonic() + PATIENCE
    for child in children:
        child.wait_or_kill(until)


def _stop(_number: int, _frame: object) -> None:
    """Once: what follows is the way out, and a second Ctrl-C shall not cut it short."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


def _end_with(parent: int, last_signal: signal.Signals) -> Callable[[], None]:
    def arrange() -> None:
        libc = ctypes.CDLL(None)
        if hasattr(libc, "prctl"):
            libc.prctl(PR_SET_PDEATHSIG, last_signal)
        if os.getppid() != parent:
            os._exit(1)

    return arrange
