"""A letter as a value, and what may become of it. Knows no server and no row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Address:
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class File:
    """An enclosed file, read or made only when the letter is sealed. One whose type is `text/calendar; method=REQUEST`
    is shown as an invitation, too."""

    name: str
    media_type: str
    load: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to one person. `at` becomes its date; `message_id` comes in angle brackets; `html` is told like the files
    only when the letter is sealed. `unsubscribe` is the address of one-click (RFC 8058), which optional mail has;
    `return_to` the envelope's sender, to which a server returns what it can't deliver."""

    message_id: str
    sender: Address
    recipient: Address
    subject: str
    text: str
    html: Callable[[], str]
    at: datetime
    reply_to: str = ""
    list_id: str = ""
    unsubscribe: str = ""
    return_to: str = ""
    logo: File | None = None
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Envelope:
    """A letter ready for the wire: `text` is its RFC 5322 form (empty where the post needs none)."""

    letter: Letter
    text: bytes


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server has taken the letter over and answers for it."""


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not now, and surely not accepted. `concerns_all`: the server itself can't be used, other letters neither."""

    reason: str
    concerns_all: bool = False


@dataclass(frozen=True, slots=True)
class Rejected:
    """Never: the server refuses this letter or its address for good."""

    reason: str


@dataclass(frozen=True, slots=True)
class LostContact:
    """The letter was on the wire when the line broke: accepted or not, nobody knows."""

    reason: str


Verdict = Accepted | Deferred | Rejected | LostContact


class Post(Protocol):
    """What takes letters away. It never raises for what a server or a network may do.

    `is_in_house`: it takes every sealed letter at once, and no wire lies between that could break.
    """

    @property
    def is_in_house(self) -> bool: ...

    def seal(self, letter: Letter) -> Envelope:
        """All that can be done and can fail before anything leaves the house. Raises ValueError."""

    def deliver(self, envelope: Envelope) -> Verdict:
        """Hands one letter in."""

    def close(self) -> None:
        """Ends the connection, if there is one; the next letter opens another."""
