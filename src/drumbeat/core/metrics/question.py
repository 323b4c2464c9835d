"""A question about figures: which metrics, split by what, over which window, as of when. Says what makes no sense; knows
neither how figures are computed nor how they are shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches

from drumbeat.core.refusal import Refused, insist

from .catalogue import METRICS
from .dimensions import DIMENSIONS, OF_PARTNERS, RANK
from .metric import SALES

RELATIVE = "relative to --as-of"
# Open deals have no day of closing yet and lie outside every window: they are counted as they stand.
OPEN_DEALS = frozenset({"deals_open", "pipeline_open", "open_deals_without_customer"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A metric or dimension under the name of its column; `digits` rounds it."""

    column: str
    name: str
    digits: int | None = None


@dataclass(frozen=True, slots=True)
class Fiscal:
    """The first month of a fiscal year, and whether the year is named by its beginning or its end."""

    first_month: int
    is_named_by_end: bool


@dataclass(frozen=True, slots=True)
class Question:
    """`until_on` is exclusive: rows of that day and later don't exist yet. `as_of` is the day that ages are reckoned to.
    `whole` names one more period, the whole window. `top` keeps the first of each period by the first metric. Where
    `partners` are named, by their ids, only their rows count."""

    metrics: tuple[Asked, ...]
    by: tuple[Asked, ...] = ()
    from_on: date | None = None
    until_on: date | None = None
    as_of: date | None = None
    known_at: datetime | None = None
    where: tuple[tuple[str, str], ...] = ()
    whole: str = ""
    top: int = 0
    sort: str = ""
    limit: int = 0
    fiscal: Fiscal | None = None
    windows: tuple[date, ...] = ()
    partners: frozenset[int] | None = None

    @property
    def dimensions(self) -> tuple[Asked, ...]:
        return tuple(one for one in self.by if one.name != RANK)

    @property
    def bases(self) -> dict[str, list[Asked]]:
        """The rows to count over, each with its metrics: as few bases as will do."""
        sure = {METRICS[one.name].bases[0] for one in self.metrics if len(METRICS[one.name].bases) == 1}
        found: dict[str, list[Asked]] = {}
        for one in self.metrics:
            bases = METRICS[one.name].bases
            base = next((base for base in bases if base in sure), bases[0])
            found.setdefault(base, []).append(one)
        return found


def asked(texts: Iterable[str]) -> tuple[Asked, ...]:
    """`name`, `column=name`, `column=name:digits`; several with commas where no column's name holds one."""
    found = []
    for text in texts:
        parts = text.split(",")
        plain = all(
            part.rpartition("=")[2].partition(":")[0].strip() in {*METRICS, *DIMENSIONS, RANK}
            for part in parts
        )
        found += [_one(part.strip()) for part in (parts if plain else [text])]
    return tuple(found)


def _one(text: str) -> Asked:
    column, _, rest = text.rpartition("=")
    name, _, digits = rest.partition(":")
    insist(not digits or (digits.isdigit() and int(digits) < 16), f"{digits!r} are no digits", "Write name:2")
    return Asked(column or name, name, int(digits) if digits else None)


def is_windowed(metric: str) -> bool:
    """Counted over the days of the window: neither reckoned back from the last day, nor of what is open now."""
    return not is_relative(metric) and metric not in OPEN_DEALS


def is_relative(metric: str) -> bool:
    """Reckoned back from the last day, whatever the window's first."""
    return METRICS[metric].window == RELATIVE


def by_window(metrics: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """Those counted over the window, those reckoned back from its last day, and those of what is open, told as it stands."""
    back = [name for name in metrics if is_relative(name)]
    windowed = [name for name in metrics if is_windowed(name)]
    return windowed, back, [name for name in metrics if name not in (*windowed, *back)]


def insist_on_sense(question: Question) -> None:
    """Raises Refused for unknown names, and for dimensions that a metric's rows don't know."""
    for one in question.metrics:
        _known(one.name, METRICS, "metric")
    for name in [*(one.name for one in question.dimensions), *(name for name, _ in question.where)]:
        _known(name, DIMENSIONS, "dimension")
        for base, metrics in question.bases.items():
            if base not in DIMENSIONS[name].bases:
                fitting = (
                    ", ".join(key for key, value in DIMENSIONS.items() if base in value.bases) or "nothing"
                )
                raise Refused(f"{metrics[0].name} can't be split by {name}", f"Its dimensions: {fitting}")
    _insist_on_times(question)
    aloof = [metrics[0].name for base, metrics in question.bases.items() if base not in OF_PARTNERS]
    insist(question.partners is None or not aloof, f"{aloof[:1]} isn't counted by partner", "Ask it of all")
    columns = [one.column for one in (*question.by, *question.metrics)]
    twice = next((column for column in columns if columns.count(column) > 1), "")
    insist(not twice, f"Two columns are called {twice}", "Name one otherwise: column=name")
    insist(
        not question.sort or question.sort.lstrip("-") in columns,
        f"There is no column {question.sort}",
        "Sort by a column of the answer",
    )


def _insist_on_times(question: Question) -> None:
    in_order = not (question.from_on and question.until_on) or question.from_on < question.until_on
    insist(in_order, "--until isn't after --from", "--until is the first day that isn't in it any more")
    relative = [one.name for one in question.metrics if is_relative(one.name)]
    insist(
        not relative or not question.from_on,
        f"{relative[:1]} reckons back from the as-of day",
        "Leave --from out",
    )
    periods = [one for one in question.dimensions if DIMENSIONS[one.name].is_period]
    insist(
        not question.whole or len(periods) == 1, "The whole window is one more period", "Split by one period"
    )
    insist(
        not question.whole or set(question.bases) == {SALES},
        "The whole window is told for metrics of sales",
        "Ask without --by",
    )
    insist(
        bool(question.windows) or all(one.name != "window" for one in periods),
        "There are no windows",
        "Give --windows 2012-01-01,2012-04-01",
    )


def _known(name: str, known: Iterable[str], noun: str) -> None:
    names = list(known)
    if name not in names:
        near = get_close_matches(name, names, n=1)
        raise Refused(
            f"There is no {noun} {name!r}", f"Did you mean {near[0]}?" if near else "--list names them all"
        )
