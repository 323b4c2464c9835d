"""A clock and worker in a process of its own, which may end itself by SIGKILL right after any of its statements.

The processes are forked from one that has the house loaded already, so that a thousand deaths need no thousand starts.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any

NIGHT, DAY = "night", "day"
PATIENCE_S = 120


class Machine:
    """Lives through passes until one kills it; the next pass is done by a new process."""

    def __init__(self, smtp_url: str) -> None:
        self.smtp_url = smtp_url
        self._begin()

    def _begin(self) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.faults.days.loaded"])
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=live, args=(theirs, self.smtp_url), daemon=True)
        self.process.start()
        theirs.close()

    def start_pass(self, what: str, at: datetime, dies_after: int) -> None:
        """`dies_after` counts statements; 0 lives to the end."""
        self.pipe.send((what, at, dies_after))

    def end_pass(self) -> bool:
        """Whether the process survived. A fault in it is raised here."""
        assert self.pipe.poll(PATIENCE_S), "a pass does not end"
        try:
            fault = self.pipe.recv()
        except EOFError:
            self.process.join()
            assert self.process.exitcode == -signal.SIGKILL
            self._begin()
            return False
        assert not fault, fault
        return True

    def stop(self) -> None:
        self.process.kill()
        self.process.join()


def live(pipe: Connection, smtp_url: str) -> None:
    import tests.faults.days.loaded  # noqa: F401

    while True:
        try:
            told = pipe.recv()
        except EOFError:
            return
        pipe.send(_pass(smtp_url, *told))


def _pass(smtp_url: str, what: str, at: datetime, dies_after: int) -> str:
    import traceback

    from django.db import connection

    from drumbeat.integrations.smtp import SmtpPost
    from drumbeat.workflows import beating

    try:
        with connection.execute_wrapper(Death(dies_after)):
            if what == NIGHT:
                beating.pass_night(at=at)
            beating.tick(at=at)
            beating.work(at=at, post=SmtpPost(smtp_url))
    except Exception:
        return f"at {at}: {traceback.format_exc()}"
    return ""


class Death:
    """Comes right after the so-many-th statement: before its commit, or between two transactions."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        result = execute(sql, params, many, context)
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
