"""Questions about scores: what partners' measures are worth on a day, how partners stand, and why that changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache

from drumbeat.apps.figures.queries import figures_of_partners
from drumbeat.apps.partners.models import Fact
from drumbeat.apps.sales.queries import month_before
from drumbeat.core.scorecards import FACT, Change, Template, change_between, read_scorecard
from drumbeat.core.scorecards import Score as Scored
from drumbeat.core.scorecards import score as scored

from .models import Score, Scorecard, Version

Known = dict[str, Fraction]


@dataclass(frozen=True, slots=True)
class Standing:
    """A score beside the one before it."""

    score: Score
    change: Change | None
    since: date | None


def template_of(version: Version) -> Template:
    return _read(version.text)


@lru_cache(maxsize=64)
def _read(text: str) -> Template:
    return read_scorecard(text)


def values_of(template: Template, partner_ids: Collection[int], on: date) -> dict[int, Known]:
    """Partner id -> key of the part -> value, for what is known at the beginning of `on`: metrics over the twelve months
    before it, facts as they stand now."""
    found: dict[int, Known] = {pk: {} for pk in partner_ids}
    for part_key, values in _measured(template, partner_ids, on):
        for pk, value in values.items():
            if pk in found:
                found[pk][part_key] = value
    return found


def _measured(
    template: Template, partner_ids: Collection[int], on: date
) -> Iterable[tuple[str, Mapping[int, Fraction]]]:
    facts = _facts([part.measure for part in template.parts if part.measure.startswith(FACT)], partner_ids)
    sides = {part.side for part in template.parts}
    for side in sides:
        parts = [part for part in template.parts if part.side == side and not part.measure.startswith(FACT)]
        names = tuple(dict.fromkeys(part.measure for part in parts))
        where = (("side", side),) if side else ()
        told = figures_of_partners(names, from_on=_year_before(on), until_on=on, where=where)
        for part in parts:
            yield part.key, told[part.measure]
    for part in template.parts:
        if part.measure.startswith(FACT):
            yield part.key, facts.get(part.measure, {})


def _year_before(on: date) -> date:
    return month_before(on.replace(day=1), 12).replace(day=min(on.day, 28))


def _facts(names: list[str], partner_ids: Collection[int]) -> dict[str, dict[int, Fraction]]:
    found: dict[str, dict[int, Fraction]] = {}
    rows = Fact.objects.filter(name__in=names, partner__in=partner_ids) if names else Fact.objects.none()
    for name, pk, value in rows.values_list("name", "partner_id", "value"):
        if isinstance(value, int | float):
            found.setdefault(name, {})[pk] = Fraction(str(float(value)))
    return found


def standings(scores: Collection[Score]) -> list[Standing]:
    """Each score beside its partner's latest before that day, by the same scorecard; two queries for all."""
    earlier = _before(scores)
    return [_standing(score, earlier.get((score.scorecard_id, score.partner_id))) for score in scores]


def _before(scores: Collection[Score]) -> dict[tuple[int, int], Score]:
    if not scores:
        return {}
    days = {score.on for score in scores}
    older = Score.objects.filter(
        scorecard__in={score.scorecard_id for score in scores},
        partner__in={score.partner_id for score in scores},
        on__lt=max(days),
    )
    latest = older.order_by("scorecard_id", "partner_id", "-on").distinct("scorecard_id", "partner_id")
    return {(score.scorecard_id, score.partner_id): score for score in latest.select_related("version")}


def _standing(score: Score, before: Score | None) -> Standing:
    return Standing(score, explained(before, score) if before else None, before.on if before else None)


def standings_of(scores: Sequence[Score]) -> list[tuple[Score, Change | None]]:
    """Scores of one partner by day, each with the change since the one before it in this list."""
    pairs = zip([None, *scores], scores, strict=False)
    return [(now, explained(then, now) if then else None) for then, now in pairs]


def explained(before: Score, after: Score) -> Change:
    """Why the score of a partner changed between two days."""
    return change_between(
        template_of(before.version), known(before), template_of(after.version), known(after)
    )


def known(score: Score) -> Known:
    return {key: Fraction(text) for key, text in score.values.items()}


def points_of(score: Score) -> Scored:
    return scored(template_of(score.version), known(score))


def latest_day(scorecard: Scorecard) -> date | None:
    return scorecard.scores.order_by("-on").values_list("on", flat=True).first()


def is_scored(scorecard: Scorecard, on: date) -> bool:
    return scorecard.scores.filter(on=on).exists()
