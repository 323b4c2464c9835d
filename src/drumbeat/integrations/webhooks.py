"""Tells other systems by HTTP. It knows what an answer means and which addresses may be spoken to; no step, no retry.

Redirects are not followed. Until the body begins to travel, a broken line is harmless; from then until the answer nobody
can tell whether the other side has it, and the verdict says so.
"""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from drumbeat.core.refusal import Refused

from .doors import Door, Doors, Line

TIMEOUT_SECONDS = 10.0
LARGEST_ANSWER = 65_536
LARGEST_PAYLOAD = 256_000
RETRIED = (408, 425, 429)


@dataclass(frozen=True, slots=True)
class Delivered:
    """The other side said 2xx."""

    status: int


@dataclass(frozen=True, slots=True)
class Declined:
    """It was not taken; `may_retry` when it may be taken later."""

    reason: str
    status: int | None = None
    may_retry: bool = True


@dataclass(frozen=True, slots=True)
class Lost:
    """The line broke, or the time was over, while the other side may have had it."""

    reason: str


Verdict = Delivered | Declined | Lost


@dataclass(frozen=True, slots=True)
class Call:
    """One POST: the body as JSON text and headers that go along."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class Hooks(Protocol):
    def check(self, url: str) -> None:
        """Raises Refused when this address may not be spoken to."""

    def post(self, call: Call) -> Verdict:
        """What became of it; never raises for what the other side does."""


class HttpHooks:
    """The real one. `allowed` are networks inside the house that may be spoken to all the same, also without TLS."""

    def __init__(self, allowed: Sequence[str] = (), *, timeout: float = TIMEOUT_SECONDS) -> None:
        self.doors = Doors(allowed)
        self.timeout = timeout

    def check(self, url: str) -> None:
        self.doors.find(url)

    def post(self, call: Call) -> Verdict:
        try:
            door = self.doors.find(call.url)
        except Refused as refusal:
            return Declined(str(refusal), may_retry=refusal.field == "lookup")
        return self._sent(call, door)

    def _sent(self, call: Call, door: Door) -> Verdict:
        began = time.monotonic()
        line = Line(door, self.timeout)
        try:
            line.connect()
        except (OSError, ssl.SSLError) as error:
            return Declined(f"{door.host}: {error or type(error).__name__}")
        try:
            with line.at_most(2 * self.timeout):
                return self._answered(line, call, door.target, began)
        except (OSError, http.client.HTTPException) as error:
            return Lost(f"{door.host}: {error or type(error).__name__}")

    def _answered(self, line: Line, call: Call, target: str, began: float) -> Verdict:
        headers = {
            **call.headers,
            "Content-Type": "application/json",
            "User-Agent": "Drumbeat",
            "Connection": "close",
        }
        line.request("POST", target, body=call.body, headers=headers)
        answer = line.getresponse()
        status = answer.status
        if 200 <= status < 300:
            return Delivered(status)
        words = _first_words(answer, began + self.timeout)
        if 300 <= status < 400:
            return Declined(
                f"{status}: it answered with a redirect, which is not followed", status, may_retry=False
            )
        return Declined(f"{status} {words}".strip(), status, may_retry=status >= 500 or status in RETRIED)


def _first_words(answer: http.client.HTTPResponse, until: float) -> str:
    """A little of what a refusal says; never more than a page of it, never longer than the time that is left."""
    read = b""
    while len(read) < LARGEST_ANSWER and time.monotonic() < until and (part := answer.read1(4096)):
        read += part
    return " ".join(read.decode("utf-8", "replace").split())[:120]
