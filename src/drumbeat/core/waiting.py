"""What waits to be done by a machine: how much, and for how long already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Waiting:
    """`since` is the moment (aware) from which the oldest could have been done; None when nothing waits."""

    count: int
    since: datetime | None

    def lag(self, at: datetime) -> timedelta:
        """How long the oldest waits at this moment; nothing when nothing waits."""
        return max(timedelta(), at - self.since) if self.since else timedelta()
