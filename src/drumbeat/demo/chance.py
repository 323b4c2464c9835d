"""Chance with a memory: the same seed and the same names always give the same luck, whatever happened in between.

So the year can be lived in one go or in parts and come out the same.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from zlib import crc32


@dataclass(frozen=True, slots=True)
class Chance:
    """Luck by name: `chance.of("pos", "fjordlys-data", month)` is one source of random numbers, always the same."""

    seed: int

    def of(self, *names: object) -> Random:
        return Random(f"{self.seed}/{'/'.join(map(str, names))}")

    def happens(self, probability: float, *names: object) -> bool:
        return self.of(*names).uniform(0, 1) < probability


@dataclass(frozen=True, slots=True)
class Share:
    """The part of all subjects that one of `of` processes looks after."""

    place: int = 0
    of: int = 1

    def has(self, subject: str) -> bool:
        return crc32(subject.encode()) % self.of == self.place


def poisson(mean: float, luck: Random) -> int:
    """How often something happens that happens `mean` times on average (Knuth's product of uniforms)."""
    limit, product, count = math.exp(-mean), luck.uniform(0, 1), 0
    while product > limit:
        product *= luck.uniform(0, 1)
        count += 1
    return count
