"""What somebody puts a report together from: metrics of the catalogue, what splits and narrows them, a window, another time
beside it, a chart. Says what makes no sense and how to mend it; knows neither people nor rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import Any

from drumbeat.core.refusal import Refused, insist

from .catalogue import METRICS
from .dimensions import DIMENSIONS, OF_PARTNERS
from .question import Asked, Question, insist_on_sense, is_windowed

ALL, GIVEN = "all", "given"
WINDOWS = {
    "last_month": "Last month",
    "this_month": "This month so far",
    "last_quarter": "Last quarter",
    "this_quarter": "This quarter so far",
    "twelve_months": "Twelve months until last month",
    "this_year": "This year so far",
    "last_year": "Last year",
    ALL: "All that is known",
    GIVEN: "Days that I give",
}
AGAINST = {"": "nothing", "before": "the time before", "year_before": "the same time a year before"}
BARS, LINES = "bars", "lines"
CHARTS = {"": "none", BARS: "bars of the first figure", LINES: "lines over time of the first figure"}
CALENDAR = ("year", "quarter", "month")
MOST_METRICS, MOST_SPLITS, MOST_FILTERS, MOST_ROWS = 8, 2, 4, 200
Where = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Blueprint:
    """`by` are dimensions in the order of the columns; `from_on` and `until_on` (exclusive) count where the window is given;
    `most` is how many rows are shown."""

    metrics: tuple[str, ...]
    by: tuple[str, ...] = ()
    where: Where = ()
    window: str = "last_month"
    from_on: date | None = None
    until_on: date | None = None
    against: str = ""
    chart: str = ""
    most: int = 25

    @property
    def question(self) -> Question:
        """Without its window."""
        return Question(_asked(self.metrics), _asked(self.by), where=self.where)

    @property
    def is_of_partners(self) -> bool:
        """Counted over rows of partners, so that it can be told of some of them alone."""
        return all(base in OF_PARTNERS for base in self.question.bases)

    @property
    def period(self) -> str:
        """The first dimension that parts time, or nothing."""
        return next((name for name in self.by if DIMENSIONS[name].is_period), "")


def _asked(names: tuple[str, ...]) -> tuple[Asked, ...]:
    return tuple(Asked(name, name) for name in names)


def kept_blueprint(blueprint: Blueprint) -> dict[str, Any]:
    """As plain JSON."""
    days = {
        name: day.isoformat() if day else None
        for name, day in (("from_on", blueprint.from_on), ("until_on", blueprint.until_on))
    }
    return {
        "metrics": list(blueprint.metrics),
        "by": list(blueprint.by),
        "where": [list(one) for one in blueprint.where],
        "window": blueprint.window,
        **days,
        "against": blueprint.against,
        "chart": blueprint.chart,
        "most": blueprint.most,
    }


def blueprint_of(kept: Mapping[str, Any]) -> Blueprint:
    """What `kept_blueprint` made of it."""
    from_on, until_on = (
        date.fromisoformat(kept[name]) if kept[name] else None for name in ("from_on", "until_on")
    )
    where = tuple((dimension, value) for dimension, value in kept["where"])
    told = {name: kept[name] for name in ("window", "against", "chart", "most")}
    return Blueprint(
        tuple(kept["metrics"]), tuple(kept["by"]), where, from_on=from_on, until_on=until_on, **told
    )


def insist_on_blueprint(blueprint: Blueprint) -> None:
    """Raises Refused, with the field it is about, for the first thing that makes no sense."""
    _insist_on_metrics(blueprint)
    _insist_on_splits(blueprint)
    _insist_on_filters(blueprint)
    _insist_on_window(blueprint)
    _insist_on_comparison(blueprint)
    _insist_on_chart(blueprint)
    insist_on_sense(blueprint.question)


def _insist_on_metrics(blueprint: Blueprint) -> None:
    names = blueprint.metrics
    insist(bool(names), "No figure is picked", "Pick at least one", "metrics")
    insist(
        len(names) <= MOST_METRICS,
        f"{len(names)} figures are picked",
        f"Pick {MOST_METRICS} at most",
        "metrics",
    )
    for name in names:
        _insist_on_name(name, METRICS, "metric", "metrics")
        insist(names.count(name) == 1, f"{METRICS[name].title} is picked twice", "Leave one out", "metrics")
        insist(
            METRICS[name].unit != "keys",
            f"{METRICS[name].title} are no figure",
            "Pick active_partners",
            "metrics",
        )


def _insist_on_name(name: str, known: Mapping[str, Any], noun: str, field: str) -> None:
    if name not in known:
        near = get_close_matches(name, known, n=1)
        mend = f"Did you mean {near[0]}?" if near else "`drumbeat figures --list` names them all"
        raise Refused(f"There is no {noun} {name!r}", mend, field=field)


def _insist_on_splits(blueprint: Blueprint) -> None:
    names = blueprint.by
    insist(
        len(names) <= MOST_SPLITS,
        f"It is split by {len(names)} dimensions",
        f"Split by {MOST_SPLITS} at most",
        "by",
    )
    for name in names:
        _insist_on_name(name, DIMENSIONS, "dimension", "by")
        insist(names.count(name) == 1, f"It is split by {name} twice", "Leave one out", "by")
        back = [METRICS[one].title for one in blueprint.metrics if not is_windowed(one)]
        insist(
            not (back and DIMENSIONS[name].is_period),
            f"{', '.join(back)} isn't counted over days of the window and has no {spoken(name)}",
            "Leave it out, or don't split over time",
            "by",
        )
        insist(
            name != "window",
            "Windows of one's own have no place here",
            "Split by month, quarter or year",
            "by",
        )
        _insist_on_fit(blueprint, name, "split", "by")


def _insist_on_filters(blueprint: Blueprint) -> None:
    insist(
        len(blueprint.where) <= MOST_FILTERS,
        f"There are {len(blueprint.where)} filters",
        f"Keep {MOST_FILTERS}",
        "where",
    )
    for name, value in blueprint.where:
        _insist_on_name(name, DIMENSIONS, "dimension", "where")
        insist(bool(value.strip()), f"{spoken(name).capitalize()} is to be nothing", "Say which one", "where")
        insist(
            "|" not in value,
            f"{value!r} has a bar in it",
            "Narrow by the key or the name without it",
            "where",
        )
        insist(
            not DIMENSIONS[name].is_period,
            f"{spoken(name).capitalize()} parts time",
            "Choose the window instead",
            "where",
        )
        _insist_on_fit(blueprint, name, "narrowed", "where")


def _insist_on_fit(blueprint: Blueprint, dimension: str, how: str, field: str) -> None:
    """Every metric must know the dimension of its rows."""
    for base, metrics in blueprint.question.bases.items():
        if base not in DIMENSIONS[dimension].bases:
            title = METRICS[metrics[0].name].title
            fitting = ", ".join(
                spoken(name) for name in fitting_dimensions(replace(blueprint, metrics=(metrics[0].name,)))
            )
            mend = f"It can be split by {fitting}" if fitting else "It is one figure; leave the dimension out"
            raise Refused(f"{title} can't be {how} by {spoken(dimension)}", mend, field=field)


def fitting_dimensions(blueprint: Blueprint) -> list[str]:
    """What all its metrics can be split by."""
    bases = set(blueprint.question.bases)
    return [name for name, one in DIMENSIONS.items() if name != "window" and bases <= set(one.bases)]


def _insist_on_window(blueprint: Blueprint) -> None:
    insist(
        blueprint.window in WINDOWS,
        f"There is no window {blueprint.window!r}",
        f"Use one of {', '.join(WINDOWS)}",
        "window",
    )
    if blueprint.window == GIVEN:
        from_on, until_on = blueprint.from_on, blueprint.until_on
        if not (from_on and until_on):
            raise Refused("A day of the window is missing", "Give its first day and its last", field="window")
        insist(
            from_on < until_on,
            f"The window ends before it begins: its first day is {from_on}",
            "Give a last day that isn't before the first",
            "window",
        )
        insist(
            from_on.year >= 2000 and until_on.year <= 2049,
            "The window leaves the calendar",
            "Stay in 2000 to 2049",
            "window",
        )
    insist(1 <= blueprint.most <= MOST_ROWS, f"{blueprint.most} rows", f"Show 1 to {MOST_ROWS}", "most")


def _insist_on_comparison(blueprint: Blueprint) -> None:
    insist(
        blueprint.against in AGAINST,
        f"Nothing is compared with {blueprint.against!r}",
        "Use before or year_before",
        "against",
    )
    if not blueprint.against:
        return
    insist(blueprint.window != ALL, "All that is known has no time before it", "Choose a window", "against")
    if not blueprint.period:
        return
    insist(
        blueprint.against == "year_before",
        f"Rows of a {spoken(blueprint.period)} have no row in the time before",
        "Compare with the same time a year before, or split by something else",
        "against",
    )
    insist(
        all(name in CALENDAR for name in blueprint.by if DIMENSIONS[name].is_period),
        f"Rows of a {spoken(blueprint.period)} can't be found again a year before",
        "Split by month, quarter or year, or compare with nothing",
        "against",
    )


def _insist_on_chart(blueprint: Blueprint) -> None:
    insist(blueprint.chart in CHARTS, f"There is no chart {blueprint.chart!r}", "Use bars or lines", "chart")
    insist(
        not blueprint.chart or bool(blueprint.by),
        "A chart of one figure shows nothing",
        "Split it by a dimension",
        "chart",
    )
    insist(
        blueprint.chart != LINES or bool(blueprint.period),
        "Lines go over time",
        "Split by month, quarter or year",
        "chart",
    )


def spoken(dimension: str) -> str:
    return dimension.removesuffix("_name").replace("_", " ")
