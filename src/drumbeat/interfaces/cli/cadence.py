"""`drumbeat cadence`: what dates a rule gives, and why a routine falls due when it does."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import BinaryIO

import click

LONGEST_LINE = 1_000_000


@click.group()
def cadence() -> None:
    """Ask rules for their dates, and due moments for their reasons."""


@cadence.command()
def expand() -> None:
    """Answer cases read as JSON lines from standard input, each at once with one line.

    A case gives kind, dtstart, tz, rrule, rdate, exdate, from, until_window, count; working days also calendar,
    weekend and holidays. The answer is {"id": …, "dates": […]} or {"id": …, "refused": "why"}. No database is needed.
    """
    from drumbeat.interfaces.cli.answers import answer

    for line in _lines(sys.stdin.buffer):
        reply = answer(line) if line else {"id": None, "refused": f"The line is over {LONGEST_LINE:,} bytes"}
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Line by line as they come; one beyond all measure is passed over and stands as an empty one."""
    while line := stream.readline(LONGEST_LINE):
        yield line if line.endswith(b"\n") or len(line) < LONGEST_LINE else b""
        while len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE)
