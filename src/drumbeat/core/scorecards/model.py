"""What a scorecard's version says, and what a score is. Points are exact fractions, so that sums of parts are the whole."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

Values = Mapping[str, Fraction | None]


@dataclass(frozen=True, slots=True)
class Part:
    """One measure. At `floor` it brings nothing, at `full` its whole weight; `full` may lie below `floor`."""

    key: str
    label: str
    measure: str
    weight: Fraction
    floor: Fraction
    full: Fraction
    side: str = ""

    def earned(self, value: Fraction) -> Fraction:
        share = (value - self.floor) / (self.full - self.floor)
        return self.weight * min(max(share, Fraction(0)), Fraction(1))


@dataclass(frozen=True, slots=True)
class Band:
    """Scores of at least `least` are called so, if no higher band takes them."""

    name: str
    least: Fraction


@dataclass(frozen=True, slots=True)
class Template:
    """`needed` percent of the weight must be known for a score. Bands stand highest first."""

    key: str
    title: str
    purpose: str
    parts: tuple[Part, ...]
    bands: tuple[Band, ...]
    needed: Fraction
    text: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def weight(self) -> Fraction:
        return sum((part.weight for part in self.parts), Fraction(0))


@dataclass(frozen=True, slots=True)
class Points:
    """What one part brings to the score of 100; None while its value is unknown."""

    part: Part
    value: Fraction | None
    points: Fraction | None


@dataclass(frozen=True, slots=True)
class Score:
    """`total` of 100; None while too little is known."""

    parts: tuple[Points, ...]
    known: Fraction
    total: Fraction | None
    band: str

    @property
    def rounded(self) -> Decimal | None:
        return None if self.total is None else two_places(self.total)


def two_places(number: Fraction) -> Decimal:
    """Half up, as people round."""
    scaled = number * 100
    whole = (2 * abs(scaled.numerator) + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if scaled >= 0 else -whole).scaleb(-2)
