"""The second process of a demo that is being lived: does its half of each slot when it is told to."""

from __future__ import annotations

import json
import sys
from datetime import datetime

from .chance import Chance, Share
from .hands import OwnHands, hurrying


def serve(seed: str, *moments: str) -> None:
    """Reads a slot a line, answers each with a line, ends with its input."""
    first, since, until = map(datetime.fromisoformat, moments)
    with hurrying():
        hands = OwnHands(first, since, until, Chance(int(seed)), Share(1, 2))
        for line in sys.stdin:
            word, *slot = json.loads(line)
            getattr(hands, word)(*map(datetime.fromisoformat, slot))
            sys.stdout.write("done\n")
            sys.stdout.flush()
