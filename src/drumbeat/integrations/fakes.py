"""Stand-ins for what lies outside, shipped for demos and trials, held to the same tests as the real ones."""

from __future__ import annotations

from collections import deque

from .letters import Accepted, Deferred, Envelope, Letter, Verdict, ascii_address

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
