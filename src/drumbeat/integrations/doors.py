"""Which addresses of the web may be spoken to, and the line to one of them. Knows no method and no answer.

A name is looked up once, every address it has must be allowed, and the connection goes to one of these: a second answer
of the name server can't lead inside the house.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from drumbeat.core.refusal import Refused

EXAMPLE = "Write https://hooks.example.com/drumbeat."
IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class _Place:
    scheme: str
    host: str
    port: int
    target: str


@dataclass(frozen=True, slots=True)
class Door:
    """A place of the web with the address that was judged."""

    scheme: str
    host: str
    port: int
    target: str
    address: str


class Doors:
    """`allowed` are networks inside the house that may be spoken to all the same, also without TLS."""

    def __init__(self, allowed: Sequence[str] = ()) -> None:
        self.allowed = [ipaddress.ip_network(network) for network in allowed]

    def find(self, url: str) -> Door:
        """Looks the name up. Raises Refused when this address is none or may not be spoken to (`lookup`: it can't be found)."""
        place = _place_of(url)
        addresses = _looked_up(place)
        self._refuse_unless_open(place, addresses)
        return Door(place.scheme, place.host, place.port, place.target, str(addresses[0]))

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


class Line(http.client.HTTPConnection):
    """A connection to the address that was judged, under the name that was asked for."""

    def __init__(self, door: Door, timeout: float) -> None:
        super().__init__(door.host, door.port, timeout=timeout)
        self._door = door
        self.is_hung_up = False

    def connect(self) -> None:
        self.sock = socket.create_connection((self._door.address, self._door.port), self.timeout)
        if self._door.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self._door.host)

    @contextmanager
    def at_most(self, seconds: float) -> Iterator[None]:
        """Hangs up when the whole takes longer: whoever answers a letter at a time keeps each wait short, and the whole
        endless. Closed at the end."""
        watch = threading.Timer(seconds, self._hang_up)
        watch.start()
        try:
            yield
        finally:
            watch.cancel()
            self.close()

    def _hang_up(self) -> None:
        self.is_hung_up = True
        if self.sock:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


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
