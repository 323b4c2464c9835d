"""Each pass of a process is timed and written down, so that operators see who lives, how long a pass takes and what failed."""

from __future__ import annotations

import logging
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager

from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit.clock import moment, wall_seconds

log = logging.getLogger(__name__)


@contextmanager
def watched(kind: str) -> Iterator[dict[str, int]]:
    """What the pass did goes into the dict. A refusal becomes one line of the log: nobody is there to read more."""
    began, done, error = time.perf_counter(), dict[str, int](), ""
    try:
        yield done
    except Refused as refusal:
        error = str(refusal)
        log.warning("%s", refusal)
    except Exception as fault:
        error = f"{type(fault).__name__}: {fault}"
        raise
    finally:
        _record(kind, time.perf_counter() - began, done, error)


def _record(kind: str, seconds: float, done: dict[str, int], error: str) -> None:
    from drumbeat.apps.operations.actions import Passed, record_pass

    name = f"{platform.node()} {kind} {os.getpid()}"
    record_pass(Passed(name, kind, round(1000 * seconds), wall_seconds(), done, error), at=moment())
