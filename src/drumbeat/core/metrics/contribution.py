"""What a business unit leaves, from figures of the catalogue. Unknown stays unknown: nothing is guessed. (Contribution of
domain terms: margin less what serving partners cost and less funds paid.)"""

from __future__ import annotations


def contribution(margin: float | None, cost_to_serve: float | None, funds_paid: float | None) -> float | None:
    """margin − cost to serve − funds paid, in money; None while margin or cost is unknown. No fund row is no fund money."""
    if margin is None or cost_to_serve is None:
        return None
    return margin - cost_to_serve - (funds_paid or 0)


def times(earned: float | None, spent: float | None) -> float | None:
    """How many times what was spent came back; None where nothing was spent or either is unknown."""
    return earned / spent if earned is not None and spent else None
