"""How values become a score: weight × how far between floor and full; unknown parts leave and the rest is scaled to 100."""

from __future__ import annotations

from fractions import Fraction

from .model import Points, Score, Template, Values


def score(template: Template, values: Values) -> Score:
    """Values by the key of the part; one that is missing is unknown. Below `needed` percent of known weight: no score."""
    found = [(part, values.get(part.key)) for part in template.parts]
    weight = sum((part.weight for part, value in found if value is not None), Fraction(0))
    parts = tuple(
        Points(part, value, None if value is None else part.earned(value) * 100 / weight)
        for part, value in found
    )
    known = 100 * weight / template.weight
    is_scored = weight > 0 and known >= template.needed
    total = sum((one.points or Fraction(0) for one in parts), Fraction(0)) if is_scored else None
    return Score(parts, known, total, band_of(template, total))


def band_of(template: Template, total: Fraction | None) -> str:
    if total is None:
        return ""
    return next((band.name for band in template.bands if total >= band.least), "")
