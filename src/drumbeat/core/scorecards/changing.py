"""Why a score changed: a difference for each part, apart for its value and for the weights, which sum to the change exactly.
Knows no dates; the two scores come from outside."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .model import Part, Score, Template, Values
from .scoring import score


@dataclass(frozen=True, slots=True)
class Difference:
    """Points a part brought more or less: because values changed (its own, or which ones are known), and because a new
    version weighs otherwise."""

    part: Part
    before: Fraction | None
    after: Fraction | None
    by_value: Fraction
    by_weights: Fraction

    @property
    def points(self) -> Fraction:
        return self.by_value + self.by_weights


@dataclass(frozen=True, slots=True)
class Change:
    """`total` is None when one of the two scores is unknown; then nothing is explained."""

    before: Score
    after: Score
    total: Fraction | None
    parts: tuple[Difference, ...]


def change_between(then: Template, values_then: Values, now: Template, values_now: Values) -> Change:
    """In three steps: values that are known at both ends change; then what is known changes, which is told at the parts that
    came or went; then the weights. Each step's points are exact, so all of them sum to the change."""
    before, after = score(then, values_then), score(now, values_now)
    if before.total is None or after.total is None:
        return Change(before, after, None, ())
    alike = score(then, {part.key: _still(part, values_then, values_now) for part in then.parts})
    known_anew = score(then, values_now)
    # Where the old weights can't judge what is known now, the new weights tell all of the rest.
    middle = known_anew if known_anew.total is not None else alike
    turned = _turned(
        then, values_then, values_now, (middle.total or Fraction(0)) - (alike.total or Fraction(0))
    )
    parts = {part.key: part for part in (*then.parts, *now.parts)}
    told = tuple(
        Difference(
            part,
            values_then.get(key),
            values_now.get(key),
            _points(alike, key) - _points(before, key) + turned.get(key, Fraction(0)),
            _points(after, key) - _points(middle, key),
        )
        for key, part in parts.items()
    )
    return Change(before, after, after.total - before.total, told)


def _still(part: Part, then: Values, now: Values) -> Fraction | None:
    """The value of now, if it was known then and is; else what it was."""
    before, after = then.get(part.key), now.get(part.key)
    return after if before is not None and after is not None else before


def _turned(template: Template, then: Values, now: Values, points: Fraction) -> dict[str, Fraction]:
    """Points that came of knowing more or less, shared by weight among the parts that came or went."""
    parts = [part for part in template.parts if (then.get(part.key) is None) != (now.get(part.key) is None)]
    weight = sum((part.weight for part in parts), Fraction(0))
    return {part.key: points * part.weight / weight for part in parts}


def _points(found: Score, key: str) -> Fraction:
    return next((one.points or Fraction(0) for one in found.parts if one.part.key == key), Fraction(0))


def whole_points(change: Change) -> dict[str, int]:
    """The parts in whole points that sum to the change in whole points: those furthest from their own rounding give way."""
    if change.total is None:
        return {}
    floors = {one.part.key: one.points.numerator // one.points.denominator for one in change.parts}
    rest = round(change.total) - sum(floors.values())
    order = sorted(change.parts, key=lambda one: floors[one.part.key] - one.points)
    for one in order[:rest]:
        floors[one.part.key] += 1
    return floors


def told(change: Change) -> str:
    """`fell 8 points: certification −5, deals −3`; what moved less than half a point isn't named."""
    if change.total is None:
        return "not known at both days"
    points = whole_points(change)
    total = round(change.total)
    moved = sorted((one for one in change.parts if points[one.part.key]), key=lambda one: (-abs(points[one.part.key]), one.part.label))  # fmt: skip
    parts = ", ".join(f"{_named(one)} {_signed(points[one.part.key])}" for one in moved)
    verb = "rose" if total > 0 else "fell" if total < 0 else ""
    head = f"{verb} {_counted(abs(total))}" if verb else "unchanged"
    return f"{head}: {parts}" if parts else head


def _named(one: Difference) -> str:
    if one.before is not None and one.after is None:
        return f"{one.part.label} no longer known"
    if one.before is None and one.after is not None:
        return f"{one.part.label} now known"
    return f"{one.part.label}, weighed anew" if one.by_weights and not one.by_value else one.part.label


def _counted(points: int) -> str:
    return "1 point" if points == 1 else f"{points} points"


def _signed(points: int) -> str:
    return f"+{points}" if points > 0 else f"−{-points}"
