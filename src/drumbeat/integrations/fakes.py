"""Stand-ins for what lies outside, shipped for demos and trials, held to the same tests as the real ones."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import date

from .caldav import Changed, Gone, Kept, Laid, Trouble
from .imap import Incoming, Place, Unreachable
from .letters import Accepted, Deferred, Envelope, Letter, Verdict
from .webhooks import Call, Declined, Delivered
from .webhooks import Verdict as HookVerdict
from .wire import ascii_address

KEPT = 1000


class OutboxPost:
    """Takes every letter and keeps the last thousand, unless it is down. They stay in the house: nobody receives them.

    Enclosed files are not made: the outbox page makes them when somebody looks.
    """

    def __init__(self) -> None:
        self.letters: deque[Letter] = deque(maxlen=KEPT)
        self.is_down = False

    @property
    def is_in_house(self) -> bool:
        return not self.is_down

    def seal(self, letter: Letter) -> Envelope:
        ascii_address(letter.recipient.email)
        return Envelope(letter, b"")

    def deliver(self, envelope: Envelope) -> Verdict:
        if self.is_down:
            return Deferred("outbox: switched off", concerns_all=True)
        self.letters.append(envelope.letter)
        return Accepted()

    def close(self) -> None:
        """Nothing is open."""


class HeldMailbox:
    """A mailbox in the house: holds what is put in, in order. `begin_anew` numbers its letters from 1 as servers do after
    a restored backup."""

    def __init__(self, name: str = "held") -> None:
        self.name = name
        self.letters: list[bytes] = []
        self.validity = 1
        self.is_down = False

    def put(self, text: bytes) -> None:
        self.letters.append(text)

    def begin_anew(self) -> None:
        self.validity += 1

    def after(self, place: Place | None, *, since: date, limit: int) -> Iterator[Incoming]:  # noqa: ARG002
        last = place.uid if place and place.validity == self.validity else 0
        for uid, text in list(enumerate(self.letters, 1))[last : last + limit]:
            if self.is_down:
                raise Unreachable("held: switched off")
            yield Incoming(Place(self.validity, uid), len(text), text)
        if self.is_down:
            raise Unreachable("held: switched off")

    def close(self) -> None:
        """Nothing is open."""


class HeldStorage:
    """Files in memory, as long as the process lives."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}

    def write(self, digest: str, content: bytes) -> None:
        self.contents.setdefault(digest, content)

    def read(self, digest: str) -> bytes | None:
        return self.contents.get(digest)


class HeldHooks:
    """Takes every call and keeps the last thousand, unless it is down. Nobody is told."""

    def __init__(self) -> None:
        self.calls: deque[Call] = deque(maxlen=KEPT)
        self.is_down = False

    def check(self, url: str) -> None:
        """Any address is good: nothing is sent there."""

    def post(self, call: Call) -> HookVerdict:
        if self.is_down:
            return Declined("held: switched off")
        self.calls.append(call)
        return Delivered(200)


class HeldShelf:
    """A calendar server's calendar in memory; `trouble` is what it answers while it is set."""

    def __init__(self) -> None:
        self.events: dict[str, Kept] = {}
        self.trouble: Trouble | None = None
        self._versions = 0

    def look(self) -> Trouble | None:
        return self.trouble

    def put(self, name: str, text: bytes, *, replaces: str) -> Laid | Changed | Trouble:
        if self.trouble:
            return self.trouble
        if replaces != (self.events[name].etag if name in self.events else ""):
            return Changed()
        self._versions += 1
        self.events[name] = Kept(text, f'"{self._versions}"')
        return Laid(self.events[name].etag)

    def remove(self, name: str, *, replaces: str) -> Gone | Changed | Trouble:
        if self.trouble:
            return self.trouble
        if name in self.events and self.events[name].etag != replaces:
            return Changed()
        self.events.pop(name, None)
        return Gone()

    def get(self, name: str) -> Kept | Gone | Trouble:
        if self.trouble:
            return self.trouble
        return self.events.get(name) or Gone()
