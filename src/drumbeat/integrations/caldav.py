"""Lays events on a calendar server (RFC 4791) and takes them away again. It knows names, texts and ETags; no meeting, no retry.

Each change names the version that it replaces (If-Match, If-None-Match), so that nothing which somebody changed over there
is overwritten. Redirects are not followed, and only addresses that the doors allow are spoken to.
"""

from __future__ import annotations

import base64
import http.client
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from drumbeat.core.refusal import Refused

from .doors import Doors, Line

TIMEOUT_SECONDS = 10.0
LARGEST_ANSWER = 1_000_000
LATER = (408, 423, 425, 429)


@dataclass(frozen=True, slots=True)
class Laid:
    """It lies there in this version."""

    etag: str


@dataclass(frozen=True, slots=True)
class Gone:
    """There is nothing of that name."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Something else lies there than the version named: it was changed, or taken away, by somebody else. Nothing was done."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies there now."""

    text: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Not done, or nobody knows. `concerns_all`: the server itself, or who may write there; else this one event alone."""

    reason: str
    concerns_all: bool = True
    may_retry: bool = True


class Shelf(Protocol):
    """A calendar of somebody's. It never raises for what a server or a network may do."""

    def look(self) -> Trouble | None:
        """Whether it is there and may be written to."""

    def put(self, name: str, text: bytes, *, replaces: str) -> Laid | Changed | Trouble:
        """`replaces` is the ETag of the version that this one replaces, empty for a new event."""

    def remove(self, name: str, *, replaces: str) -> Gone | Changed | Trouble:
        """Gone already is gone."""

    def get(self, name: str) -> Kept | Gone | Trouble: ...


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    etag: str
    body: bytes


class CalDavShelf:
    """The real one: `url` is that of the calendar itself."""

    def __init__(
        self,
        url: str,
        user: str,
        password: str,
        *,
        allowed: Sequence[str] = (),
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self.url, self.doors, self.timeout = url.rstrip("/") + "/", Doors(allowed), timeout
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        self.headers = {"Authorization": f"Basic {token}", "User-Agent": "Drumbeat", "Connection": "close"}

    def look(self) -> Trouble | None:
        answer = self._call("PROPFIND", "", {"Depth": "0"})
        if isinstance(answer, Trouble):
            return answer
        if answer.status == 207 and b"calendar" in answer.body:
            return None
        return _trouble(answer, "there is no calendar at this address")

    def put(self, name: str, text: bytes, *, replaces: str) -> Laid | Changed | Trouble:
        headers = {"Content-Type": "text/calendar; charset=utf-8", **_only(replaces)}
        answer = self._call("PUT", name, headers, text)
        if isinstance(answer, Trouble):
            return answer
        if answer.status in (200, 201, 204):
            return Laid(answer.etag) if answer.etag else self._version(name)
        return Changed() if answer.status == 412 else _trouble(answer)

    def remove(self, name: str, *, replaces: str) -> Gone | Changed | Trouble:
        answer = self._call("DELETE", name, _only(replaces))
        if isinstance(answer, Trouble):
            return answer
        if answer.status in (200, 204, 404, 410):
            return Gone()
        return Changed() if answer.status == 412 else _trouble(answer)

    def get(self, name: str) -> Kept | Gone | Trouble:
        answer = self._call("GET", name, {})
        if isinstance(answer, Trouble):
            return answer
        if answer.status in (404, 410):
            return Gone()
        return Kept(answer.body, answer.etag) if answer.status == 200 else _trouble(answer)

    def _version(self, name: str) -> Laid | Changed | Trouble:
        """Some servers tell it only when they are asked."""
        found = self.get(name)
        if isinstance(found, Kept):
            return Laid(found.etag)
        return Changed() if isinstance(found, Gone) else found

    def _call(
        self, method: str, name: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> _Answer | Trouble:
        try:
            door = self.doors.find(self.url + name)
        except Refused as refusal:
            return Trouble(str(refusal), may_retry=refusal.field == "lookup")
        line = Line(door, self.timeout)
        try:
            with line.at_most(2 * self.timeout):
                line.request(method, door.target, body=body, headers={**self.headers, **headers})
                answer = line.getresponse()
                found = _Answer(answer.status, answer.headers.get("ETag", ""), answer.read(LARGEST_ANSWER))
        except (OSError, http.client.HTTPException) as error:
            return Trouble(f"{door.host}: {error or type(error).__name__}")
        return Trouble(f"{door.host}: the answer took too long") if line.is_hung_up else found


def _only(replaces: str) -> dict[str, str]:
    return {"If-Match": replaces} if replaces else {"If-None-Match": "*"}


def _trouble(answer: _Answer, reason: str = "") -> Trouble:
    words = reason or " ".join(answer.body.decode("utf-8", "replace").split())[:120]
    said = f"{answer.status} {words}".strip()
    if answer.status in (401, 403):
        return Trouble(f"{answer.status}: the server does not let this user write there", may_retry=False)
    if 300 <= answer.status < 400:
        return Trouble(
            f"{answer.status}: it answered with a redirect, which is not followed", may_retry=False
        )
    is_later = answer.status >= 500 or answer.status in LATER
    return Trouble(said, concerns_all=is_later or bool(reason), may_retry=is_later)
