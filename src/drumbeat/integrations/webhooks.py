"""Tells other systems by HTTP. It knows what an answer means and which addresses may be spoken to; no step, no retry.

A name is looked up once, every address it has must be allowed, and the connection goes to one of these: a second answer
of the name server can't lead inside the house. Redirects are not followed. Until the body begins to travel, a broken line
is harmless; from then until the answer nobody can tell whether the other side has it, and the verdict says so.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from drumbeat.core.refusal import Refused

TIMEOUT_SECONDS = 10.0
LARGEST_ANSWER = 65_536
LARGEST_PAYLOAD = 256_000
RETRIED = (408, 425, 429)
EXAMPLE = "Write https://hooks.example.com/drumbeat."
IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network


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


@dataclass(frozen=True, slots=True)
class _Place:
    scheme: str
    host: str
    port: int
    target: str


class HttpHooks:
    """The real one. `allowed` are networks inside the house that may be spoken to all the same, also without TLS."""

    def __init__(self, allowed: Sequence[str] = (), *, timeout: float = TIMEOUT_SECONDS) -> None:
        self.allowed = [ipaddress.ip_network(network) for network in allowed]
        self.timeout = timeout

    def check(self, url: str) -> None:
        place = _place_of(url)
        self._refuse_unless_open(place, _looked_up(place))

    def post(self, call: Call) -> Verdict:
        try:
            place = _place_of(call.url)
            addresses = _looked_up(place)
            self._refuse_unless_open(place, addresses)
        except Refused as refusal:
            return Declined(str(refusal), may_retry=refusal.field == "lookup")
        return self._sent(call, place, addresses[0])

    def _refuse_unless_open(self, place: _Place, addresses: Sequence[IPAddress]) -> None:
        """Every address of the name counts, so that one good one doesn't open the door for the others."""
        are_ours = all(self._is_ours(address) for address in addresses)
        for address in addresses:
            if not _is_public(address) and not self._is_ours(address):
                raise Refused(
                    f"{place.host} leads to {address}, which is inside a house",
                    "Name a public address, or allow the network by DRUMBEAT_WEBHOOK_NETWORKS.",
                    field="url",
                )
        if place.scheme != "https" and not are_ours:
            raise Refused("Without TLS everybody on the way reads along", EXAMPLE, field="url")

    def _is_ours(self, address: IPAddress) -> bool:
        return any(address.version == network.version and address in network for network in self.allowed)

    def _sent(self, call: Call, place: _Place, address: IPAddress) -> Verdict:
        began = time.monotonic()
        line = _Line(place, address, self.timeout)
        try:
            line.connect()
        except (OSError, ssl.SSLError) as error:
            return Declined(f"{place.host}: {error or type(error).__name__}")
        # Whoever answers a letter at a time would keep each wait short and the whole endless.
        watch = threading.Timer(2 * self.timeout, line.hang_up)
        watch.start()
        try:
            return self._answered(line, call, place, began)
        except (OSError, http.client.HTTPException) as error:
            return Lost(f"{place.host}: {error or type(error).__name__}")
        finally:
            watch.cancel()
            line.close()

    def _answered(self, line: _Line, call: Call, place: _Place, began: float) -> Verdict:
        headers = {
            **call.headers,
            "Content-Type": "application/json",
            "User-Agent": "Drumbeat",
            "Connection": "close",
        }
        line.request("POST", place.target, body=call.body, headers=headers)
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


class _Line(http.client.HTTPConnection):
    """A connection to the address that was judged, under the name that was asked for."""

    def __init__(self, place: _Place, address: IPAddress, timeout: float) -> None:
        super().__init__(place.host, place.port, timeout=timeout)
        self._place, self._address = place, address

    def connect(self) -> None:
        self.sock = socket.create_connection((str(self._address), self._place.port), self.timeout)
        if self._place.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self._place.host)

    def hang_up(self) -> None:
        if self.sock:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def _first_words(answer: http.client.HTTPResponse, until: float) -> str:
    """A little of what a refusal says; never more than a page of it, never longer than the time that is left."""
    read = b""
    while len(read) < LARGEST_ANSWER and time.monotonic() < until and (part := answer.read1(4096)):
        read += part
    return " ".join(read.decode("utf-8", "replace").split())[:120]


def _place_of(url: str) -> _Place:
    if any(ord(sign) <= 32 or ord(sign) == 127 for sign in url) or "\\" in url:
        raise Refused(f"{url[:60]!r} holds a blank or a sign that no address has", EXAMPLE, field="url")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused(f"The address can't be read: {error}", EXAMPLE, field="url") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refused(f"{url[:60]!r} is no address of a web server", EXAMPLE, field="url")
    if parts.username is not None or "@" in parts.netloc:
        raise Refused("The address carries a name or password", "Put it into a header.", field="url")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        target.encode("ascii")
        host = parts.hostname.rstrip(".").encode("idna").decode("ascii")
    except UnicodeError:
        raise Refused("The address holds letters that must be encoded", EXAMPLE, field="url") from None
    if not host:
        raise Refused(f"{url[:60]!r} names no server", EXAMPLE, field="url")
    return _Place(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), target)


def _looked_up(place: _Place) -> list[IPAddress]:
    """Every address of the name, once."""
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused(
            f"{place.host} can't be found: {error}", "Look at the address.", field="lookup"
        ) from None
    return list(dict.fromkeys(ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))


def _is_public(address: IPAddress) -> bool:
    """Also looked through: IPv4 that is carried inside IPv6 (mapped, 6to4, Teredo, NAT64)."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address in _COMPATIBLE:
            return False
        if any(one is not None and not _is_public(one) for one in inner):
            return False
        if address.ipv4_mapped is not None:
            return True
    return address.is_global and not address.is_multicast and not address.is_reserved


_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE = ipaddress.ip_network("::/96")
