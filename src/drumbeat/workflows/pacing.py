"""Optional letters go to one mail domain no faster than the letterhead says, also after a downtime and when they are tried again.
What was agreed never waits for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from drumbeat.apps.messages import actions as mail
from drumbeat.apps.messages.models import Message

MINUTE = timedelta(minutes=1)


def in_their_turn(messages: Sequence[Message], a_minute: int, *, at: datetime) -> list[Message]:
    """Those that may leave in this minute; the others are given back, each for the minute in which its turn may come."""
    wanted = Counter(message.domain for message in messages if message.topic)
    turns = mail.take_turns(wanted, a_minute, at=at) if wanted else {}
    leaving: list[Message] = []
    late: dict[str, list[Message]] = {}
    for message in messages:
        if not message.topic:
            leaving.append(message)
        elif turns[message.domain] > 0:
            turns[message.domain] -= 1
            leaving.append(message)
        else:
            late.setdefault(message.domain, []).append(message)
    for domain, waiting in late.items():
        _hold(domain, waiting, a_minute, at.replace(second=0, microsecond=0) + MINUTE)
    return leaving


def _hold(domain: str, waiting: Sequence[Message], a_minute: int, until: datetime) -> None:
    why = f"held back: {a_minute:,} letters a minute to {domain}"
    for place, minuteful in enumerate(_parts(waiting, a_minute)):
        mail.hold_back(minuteful, why, until=until + place * MINUTE)


def _parts(waiting: Sequence[Message], size: int) -> Iterable[Sequence[Message]]:
    return (waiting[begin : begin + size] for begin in range(0, len(waiting), size))
