"""Counts of outcomes and what they say: the on-time record of one side.

Knows the ledger rules (kept on time ÷ judged without waived); refuses to know where the counts come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Count:
    """Promises of one side whose due lies in a window. `overdue` are open past their deadline; `in_grace` are open
    and not yet judged. `late_seconds` is elapsed time from due to kept, late ones only."""

    kept: int = 0
    late: int = 0
    missed: int = 0
    waived: int = 0
    overdue: int = 0
    in_grace: int = 0
    late_seconds: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    @property
    def judged(self) -> int:
        """Promises with an outcome or a deadline passed, waived ones left out: the rate's denominator."""
        return self.kept + self.late + self.missed + self.overdue

    @property
    def rate(self) -> float | None:
        """Kept on time ÷ judged, 0 to 1; None when nothing is judged (a rate of nothing is not available)."""
        return self.kept / self.judged if self.judged else None

    @property
    def percent(self) -> int | None:
        return None if self.rate is None else round(100 * self.rate)

    def wilson(self) -> tuple[float, float] | None:
        """The 95 % interval of the rate (Wilson; NIST/SEMATECH e-Handbook 7.2.4.1)."""
        if self.rate is None:
            return None
        n, p = self.judged, self.rate
        middle = p + Z95**2 / (2 * n)
        spread = Z95 * sqrt(p * (1 - p) / n + Z95**2 / (4 * n * n))
        scale = 1 + Z95**2 / n
        return (middle - spread) / scale, (middle + spread) / scale


@dataclass(frozen=True, slots=True)
class OnTimeRecord:
    """People's promises first and the machine's beside them: automatic reports must not hide missed calls."""

    people: Count = Count()
    machine: Count = Count()

    def __add__(self, other: OnTimeRecord) -> OnTimeRecord:
        return OnTimeRecord(self.people + other.people, self.machine + other.machine)
