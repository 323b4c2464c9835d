"""Scorecards: how partners stand by the latest scores, and one partner's score with its parts, its past and why it changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from drumbeat.apps.partners.access import visible_to
from drumbeat.apps.sales.queries import month_before
from drumbeat.apps.scorecards.models import Score, Scorecard
from drumbeat.apps.scorecards.queries import latest_day, points_of, standings, standings_of, template_of
from drumbeat.core.charts import Line, draw_lines
from drumbeat.core.facts import FACTS
from drumbeat.core.metrics import METRICS
from drumbeat.core.scorecards import Change, Points, told
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.filters import choice, search
from drumbeat.interfaces.kit.lists import Cell, Column, Empty, Listing, show_list
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of

MONTHS = 24


@for_business
def scorecards(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    cards = list(Scorecard.objects.exclude(version=None).select_related("version"))
    rows = Score.objects.filter(_latest(cards), partner__in=visible_to(viewer.person, viewer.at))
    listing = score_listing(viewer, cards)
    return show_list(
        request, listing, rows.select_related("partner", "scorecard", "version"), "desk/scorecards.html"
    )


def _latest(cards: Sequence[Scorecard]) -> Q:
    """Scores of each scorecard's latest day."""
    found = Q(pk=None)
    for card in cards:
        found |= Q(scorecard=card, on=latest_day(card))
    return found


def score_listing(viewer: Viewer, cards: Sequence[Scorecard]) -> Listing:
    bands = dict.fromkeys(
        band.name for card in cards if card.version for band in template_of(card.version).bands
    )
    return Listing(
        name="scores",
        nouns=("score", "scores"),
        sort="total",
        columns=(
            Column("partner", "Partner", _partner, ("partner__sort_name",)),
            Column("total", "Score", _total, ("total",), "num rate", may_be_empty=True),
            Column("band", "Band", lambda row: Cell(row.band.capitalize() or "too little known"), ("band",), "soft"),
            Column("change", "Why it changed", lambda row: Cell(_why(row.standing)), look="full"),
            Column("card", "Scorecard", lambda row: Cell(row.scorecard.title), ("scorecard__title",), "soft"),
            Column("on", "As of", lambda row: Cell(times.date_words(row.on, viewer.today), value=row.on), ("on",), "num soft"),
        ),
        filters=(
            search("Partner", "partner__sort_name__contains"),
            choice("card", "Scorecard", [(card.key, card.title) for card in cards], lambda rows, key: rows.filter(scorecard__key=key)),
            choice("band", "Band", [(name, name.capitalize()) for name in bands]),
        ),
        prepare=_with_standings,
        empty=Empty(
            "No scores yet",
            "A scorecard weighs several measures of a partner into one figure that adds up. Publish one by `drumbeat scorecards "
            "publish partner-health`; the night of each month's first day scores all partners, `drumbeat scorecards score` does it now.",
        ),
    )  # fmt: skip


def _with_standings(rows: list[Any]) -> list[Any]:
    for row, standing in zip(rows, standings(rows), strict=True):
        row.standing = standing
    return rows


def _partner(row: Score) -> Cell:
    url = reverse("scorecard", args=[row.scorecard.key, row.partner.key])
    return Cell(row.partner.name, url, note=row.partner.city)


def _total(row: Score) -> Cell:
    return Cell(
        "–" if row.total is None else f"{row.total:.0f}", value="" if row.total is None else row.total
    )


def _why(standing: Any) -> str:
    return told(standing.change) if standing.change else "first score"


@for_business
def scorecard(request: HttpRequest, key: str, partner: str) -> HttpResponseBase:
    viewer = viewer_of(request)
    whose = get_object_or_404(visible_to(viewer.person, viewer.at), key=partner)
    card = get_object_or_404(Scorecard.objects.exclude(version=None), key=key)
    since = month_before(viewer.today.replace(day=1), MONTHS)
    found = card.scores.filter(partner=whose, on__gte=since, on__lte=viewer.today)
    scores = list(found.select_related("version").order_by("on"))
    past = [_moved(viewer, one) for one in reversed(standings_of(scores))]
    context = {
        "partner": whose,
        "card": card,
        "score": scores[-1] if scores else None,
        "template": template_of(scores[-1].version) if scores else None,
        "parts": _parts(scores[-1], past[0]["change"]) if scores else [],
        "drawing": _drawing(scores),
        "past": past,
    }
    return render(request, "desk/scorecard.html", context)


def _moved(viewer: Viewer, one: tuple[Score, Change | None]) -> dict[str, Any]:
    score, change = one
    return {
        "on": times.date_words(score.on, viewer.today),
        "total": score.total,
        "band": score.band,
        "change": change,
        "why": told(change) if change else "first score",
        "version": score.version.number,
    }


def _parts(score: Score, change: Change | None) -> list[dict[str, Any]]:
    moved = {one.part.key: one.points for one in change.parts} if change else {}
    return [_part(one, moved.get(one.part.key)) for one in points_of(score).parts]


def _part(one: Points, moved: Fraction | None) -> dict[str, Any]:
    return {
        "label": one.part.label,
        "measure": _meaning(one.part.measure),
        "value": "unknown" if one.value is None else _number(one.value),
        "scale": f"{_number(one.part.floor)} → {_number(one.part.full)}",
        "weight": _number(one.part.weight),
        "points": "" if one.points is None else f"{float(one.points):.2f}",
        "moved": f"{float(moved):+.2f}".replace("-", "−") if moved else "",
    }


def _meaning(measure: str) -> str:
    text = METRICS[measure].definition if measure in METRICS else FACTS[measure].meaning
    return text[:1].upper() + text[1:]


def _number(number: Fraction) -> str:
    return f"{float(number):,.2f}".rstrip("0").rstrip(".").replace("-", "−")


def _drawing(scores: Sequence[Score]) -> Any:
    values = tuple(score.total for score in scores)
    if sum(value is not None for value in values) < 2:
        return ""
    labels = [_label(score.on, n) for n, score in enumerate(scores)]
    return draw_lines(
        [Line("Score", values, strong=True)],
        labels=labels,
        width=620,
        height=170,
        title="Score by month",
        unit="",
    )


def _label(on: date, n: int) -> str:
    return f"{on:%b %Y}" if n == 0 or on.month == 1 else f"{on:%b}"
