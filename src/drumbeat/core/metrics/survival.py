"""Time until something happens, where for some it hasn't yet: the median by Kaplan and Meier. Knows no partners."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction


def median_wait(waits: Iterable[int]) -> int | None:
    """The first day by which at least half have happened. A wait of n days that ended is n, one that still lasts is -1 - n;
    the latter count as long as they are known to have lasted. None when more than half last longer than any known end
    (Kaplan and Meier, Nonparametric Estimation from Incomplete Observations, 1958)."""
    found = list(waits)
    ended = Counter(wait for wait in found if wait >= 0)
    lasting = [-1 - wait for wait in found if wait < 0]
    share = Fraction(1)
    for day in sorted(ended):
        at_risk = sum(count for end, count in ended.items() if end >= day) + sum(n >= day for n in lasting)
        share *= 1 - Fraction(ended[day], at_risk)
        if share <= Fraction(1, 2):
            return day
    return None
