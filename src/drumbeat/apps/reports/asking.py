"""Questions of reports to the metric catalogue: about the partners of a scope, over its period or a window beside it, as
things were known at its moment. A reference such as `figure:sell_through|2026-10-01|2026-11-01|category=Bikes` says of a
figure which question it answers, so that its rows can be found again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from drumbeat.apps.figures.queries import Answer, Row, answer, compares_rows
from drumbeat.apps.sales.queries import month_before
from drumbeat.core.metrics import METRICS, Asked, Question
from drumbeat.core.metrics.dimensions import OF_PARTNERS

from .periods import Period, span_name
from .scope import Scope

FIGURE = "figure:"
Where = tuple[str, str]  # a dimension and its value


@dataclass(frozen=True, slots=True)
class Window:
    """Days [from_on, until_on); without them all that is known. `name` is how sentences call it."""

    name: str
    from_on: date | None
    until_on: date | None


def in_period(period: Period) -> Window:
    return Window(period.name, period.from_on, period.until_on)


def in_year(period: Period) -> Window:
    """Twelve whole months that end with the period's last one."""
    until = month_before(period.last, -1)
    return Window("12 months", month_before(until, 12), until)


def all_time(_: Period) -> Window:
    return Window("now", None, None)


def before(window: Window) -> Window:
    """As long, just before: whole months where the window has whole months."""
    if not (window.from_on and window.until_on):
        return window
    months = (window.until_on.year - window.from_on.year) * 12 + window.until_on.month - window.from_on.month
    if window.from_on.day == window.until_on.day == 1:
        first = month_before(window.from_on, months)
        return Window(span_name(month_before(window.from_on), months), first, window.from_on)
    days = window.until_on - window.from_on
    return Window("the time before", window.from_on - days, window.from_on)


def year_before(window: Window) -> Window:
    if not (window.from_on and window.until_on):
        return window
    from_on, until_on = (_year_before(on) for on in (window.from_on, window.until_on))
    return Window("a year before", from_on, until_on)


def _year_before(on: date) -> date:
    return on.replace(year=on.year - 1, day=28 if (on.month, on.day) == (2, 29) else on.day)


def ask(
    scope: Scope,
    names: Sequence[str],
    window: Window,
    *,
    by: Sequence[str] = (),
    where: Sequence[Where] = (),
    top: int = 0,
    sort: str = "",
) -> Answer:
    """The metrics over the window, split by dimensions; several sections that ask the same are answered once."""
    question = Question(
        metrics=tuple(Asked(name, name) for name in names),
        by=tuple(Asked(name, name) for name in by),
        from_on=window.from_on,
        until_on=window.until_on,
        as_of=None if window.until_on else scope.on + timedelta(days=1),
        known_at=scope.at,
        where=tuple(where),
        partners=scope.partner_ids if all(map(is_of_partners, names)) else None,
        limit=top,
        sort=sort,
    )
    return scope.shelf.once(question, lambda: _answered(scope, question))


def _answered(scope: Scope, question: Question) -> Answer:
    """Of one partner among several that are reported about together, from what was asked once for all of them."""
    is_shared = scope.partner and len(scope.shelf.partners) > 1 and question.partners is not None
    if not is_shared or question.limit or any(compares_rows(one.name) for one in question.metrics):
        return answer(question, today=scope.on)
    assert scope.partner
    rows = _rows_of_all(scope, question).get(scope.partner.external_id or scope.partner.key, [])
    nothing = replace(question, partners=frozenset())
    empty = scope.shelf.once(nothing, lambda: answer(nothing, today=scope.on))
    rows = rows or empty.rows
    return replace(empty, rows=rows, of=len(rows))


def _rows_of_all(scope: Scope, question: Question) -> dict[str, list[Row]]:
    """Key of the partner -> the rows that the question has for it, in their order."""
    whose = (Asked("whose", "partner"), *question.by)
    wide = replace(question, by=whose, partners=frozenset(scope.shelf.partners))

    def fetch() -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for key, *cells in answer(wide, today=scope.on).rows:
            found.setdefault(key, []).append(tuple(cells))
        return found

    return scope.shelf.once(wide, fetch)


def is_of_partners(name: str) -> bool:
    """Counted over rows of partners, which can be narrowed to some and shown."""
    return bool(set(METRICS[name].bases) & set(OF_PARTNERS))


def reference(name: str, window: Window, where: Sequence[Where] = ()) -> str:
    days = (day.isoformat() if day else "" for day in (window.from_on, window.until_on))
    return "|".join([f"{FIGURE}{name}", *days, *(f"{dimension}={value}" for dimension, value in where)])


def question_of(reference: str, *, partners: frozenset[int] | None, at: datetime) -> Question:
    """The question whose answer a figure is, as things were known at a moment."""
    name, from_on, until_on, *where = reference.removeprefix(FIGURE).split("|")
    return Question(
        metrics=(Asked(name, name),),
        from_on=date.fromisoformat(from_on) if from_on else None,
        until_on=date.fromisoformat(until_on) if until_on else None,
        where=tuple((dimension, value) for dimension, _, value in (one.partition("=") for one in where)),
        known_at=at,
        partners=partners,
    )
