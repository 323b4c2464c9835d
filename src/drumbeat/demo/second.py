"""The second process of a demo that is being lived: does its half when it is told to."""

from __future__ import annotations

import json
import sys
from datetime import datetime

from .chance import Chance, Share
from .hands import OwnHands, hurrying


def serve(seed: str, *moments: str) -> None:
    """Reads a task a line, answers each with how much it did, ends with its input."""
    first, since, until = map(datetime.fromisoformat, moments)
    with hurrying():
        hands = OwnHands(first, since, until, Chance(int(seed)), Share(1, 2))
        for line in sys.stdin:
            word, at, rest = json.loads(line)
            moment = datetime.fromisoformat(at)
            if word == "act":
                done = hands.act(moment, datetime.fromisoformat(rest))
            else:
                done = hands.go_through(moment, rest)
            sys.stdout.write(f"{done}\n")
            sys.stdout.flush()
