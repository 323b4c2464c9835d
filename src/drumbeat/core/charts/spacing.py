"""Keeps neighbours on a line readable: moves them apart by as little as possible. It knows nothing of what they mean."""

from collections.abc import Sequence


def spread(wanted: Sequence[float], *, gap: float, low: float, high: float) -> list[float]:
    """Places within [low, high], at least `gap` apart, in the order given (which must be ascending).

    Least squares: with y_i = wanted_i - i * gap the task is isotonic regression, solved by pooling adjacent
    violators; clamping its result to the bounds keeps it the best. Raises ValueError when they can't all fit.
    """
    room = high - low - gap * (len(wanted) - 1)
    if wanted and room < -1e-9:
        raise ValueError(f"{len(wanted)} places {gap} apart don't fit between {low} and {high}: take fewer")
    pooled = _pooled([place - index * gap for index, place in enumerate(wanted)])
    return [min(max(place, low), low + max(room, 0.0)) + index * gap for index, place in enumerate(pooled)]


def capacity(*, gap: float, low: float, high: float) -> int:
    """How many places `gap` apart fit within [low, high]."""
    return max(int((high - low) / gap + 1e-9) + 1, 1)


def _pooled(values: Sequence[float]) -> list[float]:
    blocks: list[tuple[float, int]] = []
    for value in values:
        total, count = value, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            before, members = blocks.pop()
            total, count = total + before, count + members
        blocks.append((total, count))
    return [total / count for total, count in blocks for _ in range(count)]
