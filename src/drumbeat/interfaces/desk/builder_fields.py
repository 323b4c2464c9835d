"""The fields of the report builder: what a browser sends as a blueprint, and what each field offers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import QueryDict

from drumbeat.apps.figures.queries import answer
from drumbeat.core.metrics import DIMENSIONS, METRICS, Asked, Question
from drumbeat.core.metrics import metric as bases
from drumbeat.core.metrics.blueprint import (
    AGAINST,
    CHARTS,
    MOST_FILTERS,
    MOST_METRICS,
    MOST_SPLITS,
    WINDOWS,
    Blueprint,
    fitting_dimensions,
    spoken,
)
from drumbeat.core.metrics.dimensions import OF_PARTNERS
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit.forms import day_from

GROUPS = {
    "What was sold": (bases.SALES,),
    "Partners who buy and stay away": (bases.LIFE, bases.CHANNEL, bases.BEGUN),
    "Deals": (bases.DEALS, bases.INFLUENCE),
    "Promises": (bases.PROMISES,),
    "Work and cost": (bases.WORK,),
    "Funds": (bases.FUNDS,),
    "Forecasts": (bases.FORECAST,),
    "Quotas of sellers": (bases.WINDOWS, bases.LABELS),
    "Coverage": (bases.CELLS,),
    "Quality of the data": (bases.WHOLE,),
}
MOST_VALUES = 200
Options = list[tuple[str, str]]


def blueprint_sent(sent: QueryDict) -> Blueprint:
    """What the fields say, whether it makes sense or not. Empty ones are left out."""
    pairs = zip(sent.getlist("dimension"), sent.getlist("value"), strict=False)
    last_on = day_from(sent.get("last_on", ""))
    return Blueprint(
        metrics=_filled(sent.getlist("metric")),
        by=_filled(sent.getlist("by")),
        where=tuple((name, value.strip()) for name, value in pairs if name),
        window=sent.get("window", "last_month"),
        from_on=day_from(sent.get("from_on", "")),
        until_on=last_on + timedelta(days=1) if last_on else None,
        against=sent.get("against", ""),
        chart=sent.get("chart", ""),
        most=int(most) if (most := str(sent.get("most", ""))).isdecimal() else 25,
    )


def _filled(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for word in words if word)


def sent_again(blueprint: Blueprint) -> Options:
    """Names and values that send the same blueprint."""
    where = [pair for name, value in blueprint.where for pair in (("dimension", name), ("value", value))]
    days = [("from_on", _day(blueprint.from_on)), ("last_on", _day(_last(blueprint)))]
    rest = [(name, str(getattr(blueprint, name))) for name in ("window", "against", "chart", "most")]
    named = [("metric", one) for one in blueprint.metrics] + [("by", one) for one in blueprint.by]
    return [*named, *where, *(pair for pair in days if pair[1]), *rest]


def _last(blueprint: Blueprint) -> date | None:
    return blueprint.until_on - timedelta(days=1) if blueprint.until_on else None


def _day(on: date | None) -> str:
    return on.isoformat() if on else ""


@dataclass(frozen=True, slots=True)
class Choices:
    """Groups of metrics, dimensions that fit, and one empty place more than are filled."""

    metrics: list[tuple[str, Options]]
    picked: list[str]
    dimensions: Options
    splits: list[str]
    filters: list[dict[str, Any]]
    windows: Options
    against: Options
    charts: Options
    from_on: str
    last_on: str


def choices_of(
    blueprint: Blueprint, *, is_whole_seen: bool, partners: frozenset[int] | None, today: date
) -> Choices:
    known = _known(blueprint)
    dimensions = [
        (name, spoken(name)) for name in (fitting_dimensions(known) if known.metrics else DIMENSIONS)
    ]
    strange = [
        (name, name)
        for name in (*blueprint.by, *(one for one, _ in blueprint.where))
        if name not in dict(dimensions)
    ]
    filters = [
        {"dimension": name, "value": value, "values": _values(known, name, partners, today)}
        for name, value in blueprint.where
    ]
    return Choices(
        metrics=_groups(blueprint, is_whole_seen),
        picked=_with_room(blueprint.metrics, MOST_METRICS),
        dimensions=[*dimensions, *strange],
        splits=_with_room(blueprint.by, MOST_SPLITS),
        filters=[*filters, *({"dimension": "", "value": "", "values": []} for _ in range(len(filters) < MOST_FILTERS))],
        windows=list(WINDOWS.items()),
        against=list(AGAINST.items()),
        charts=list(CHARTS.items()),
        from_on=_day(blueprint.from_on),
        last_on=_day(_last(blueprint)),
    )  # fmt: skip


def _known(blueprint: Blueprint) -> Blueprint:
    return Blueprint(tuple(name for name in blueprint.metrics if name in METRICS))


def _with_room(names: tuple[str, ...], most: int) -> list[str]:
    return [*names, *([""] if len(names) < most else [])]


def _groups(blueprint: Blueprint, is_whole_seen: bool) -> list[tuple[str, Options]]:
    """What the viewer may count; what was picked although there is none stays to be seen."""
    found = [
        (
            title,
            [
                (name, one.title)
                for name, one in METRICS.items()
                if one.bases[0] in group
                and one.unit != "keys"
                and (is_whole_seen or one.bases[0] in OF_PARTNERS)
            ],
        )
        for title, group in GROUPS.items()
    ]
    offered = {name for _, options in found for name, _ in options}
    strange = [(name, name) for name in blueprint.metrics if name not in offered]
    return [(title, options) for title, options in [*found, ("Not offered", strange)] if options]


def _values(blueprint: Blueprint, dimension: str, partners: frozenset[int] | None, today: date) -> list[str]:
    """What the dimension has been in the last year, among the partners that the viewer sees."""
    if not blueprint.metrics:
        return []
    first = blueprint.metrics[0]
    question = Question(
        (Asked(first, first),),
        (Asked(dimension, dimension),),
        until_on=today,
        partners=partners,
        limit=MOST_VALUES,
    )
    try:
        return [str(row[0]) for row in answer(question, today=today).rows if row[0] is not None]
    except Refused:
        return []
