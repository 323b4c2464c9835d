"""The rows of the score: which routines or partners a page shows, each drawn on one axis with words for every mark."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.urls import reverse

from drumbeat.apps.partners.access import visible_to
from drumbeat.apps.partners.models import Assignment, Partner, PartnerSet, Tier
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.access import subscriptions_visible_to
from drumbeat.apps.routines.models import Routine, SubscriptionSet
from drumbeat.apps.routines.queries import ScoreCell, ScoreMark, Span, coming_marks, opened_marks, score_cells
from drumbeat.core.charts import Axis, Cell, Svg, draw_axis, draw_row
from drumbeat.core.charts.beatstrip import STATE_WORDS
from drumbeat.core.tally import Count
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.records import count_words, rate_words
from drumbeat.interfaces.kit.viewer import Viewer

PAGE = 40
COUNTED = ("kept", "late", "missed", "waived", "overdue", "in_grace")
TIER_PLACE = Case(*(When(tier=tier, then=Value(-place)) for place, tier in enumerate(Tier.values)))


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose occurrences are shown, as far as the viewer may see them, in rows of what."""

    viewer: Viewer
    rows: str
    group: str
    manager: int | None
    routine: str
    tier: str
    state: str
    partner: int | None

    def subscriptions(self) -> SubscriptionSet:
        seen = subscriptions_visible_to(self.viewer.person, self.viewer.at)
        if self.manager:
            seen = seen.filter(Q(partner__in=self._managed()) | Q(person=self.manager))
        named = {"routine__key": self.routine, "partner__tier": self.tier, "partner": self.partner}
        return seen.filter(**{name: value for name, value in named.items() if value})

    def partners(self) -> PartnerSet:
        """Those on some routine, each with its manager's name of today."""
        held = Assignment.objects.current(self.viewer.today).filter(partner=OuterRef("pk"))
        seen = visible_to(self.viewer.person, self.viewer.at)
        on_routine = seen.filter(pk__in=self.subscriptions().values("partner"))
        names = {name: Subquery(held.values(f"person__{name}")[:1]) for name in ("name", "sort_name")}
        return on_routine.annotate(manager_name=names["name"], manager_sort=names["sort_name"])

    def _managed(self) -> Any:
        return Assignment.objects.current(self.viewer.today).filter(person=self.manager).values("partner")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the page; `group` stands above the first of its kind."""

    name: str
    url: str
    group: str
    drawing: Svg
    count: Count
    rate: str
    rate_words: str
    rate_url: str


@dataclass(frozen=True, slots=True)
class Lines:
    lines: Sequence[Line]
    axis: Svg
    days: int
    total: int
    marks: int
    count: Count

    @property
    def rate(self) -> str:
        return rate_words(self.count)

    @property
    def told(self) -> str:
        return f"{self.marks:,} occurrence{'' if self.marks == 1 else 's'}"


Query = Callable[..., str]


def lines_of(scope: Scope, span: Span, page: int, query: Query) -> Lines:
    """One page of rows; of partners only those of the page are asked for."""
    shown, total = _shown(scope, span, page)
    subscriptions = scope.subscriptions()
    if scope.rows == "partners":
        subscriptions = subscriptions.filter(partner__in=[row.pk for row in shown])
    cells = score_cells(subscriptions, span, rows=scope.rows, state=scope.state)
    if scope.rows == "routines":
        shown = [row for row in shown if row.pk in cells]
        total = len(shown)
    axis = axis_of(span)
    lines = [_line(scope, span, axis, row, cells.get(row.pk, []), query) for row in shown]
    marks = sum(cell.size for row in shown for cell in cells.get(row.pk, []))
    return Lines(
        lines,
        draw_axis(axis),
        (axis.until - axis.since).days,
        total,
        marks,
        sum((line.count for line in lines), Count()),
    )


def _shown(scope: Scope, span: Span, page: int) -> tuple[list[Any], int]:
    if scope.rows == "routines":
        return list(Routine.objects.exclude(version=None)), 0
    partners = scope.partners()
    if scope.state:
        partners = partners.filter(_has_state(scope, span))
    place = TIER_PLACE if scope.group == "tier" else F("manager_sort").asc(nulls_last=True)
    arranged = partners.order_by(place, "sort_name", "pk")
    first = (page - 1) * PAGE
    return list(arranged[first : first + PAGE]), partners.count()


def _has_state(scope: Scope, span: Span) -> Q:
    subscriptions = scope.subscriptions()
    found = Q(pk__in=opened_marks(subscriptions, span, scope.state).values("subscription__partner"))
    if scope.state in ("due", "upcoming"):
        found |= Q(pk__in=coming_marks(subscriptions, span, scope.state).values("subscription__partner"))
    return found


def axis_of(span: Span) -> Axis:
    now = (span.at - span.since) / timedelta(days=1)
    is_shown = span.since <= span.at < span.until
    return Axis(span.from_on, span.until_on, 7 if span.unit == "week" else 1, now if is_shown else None)


def _line(scope: Scope, span: Span, axis: Axis, row: Any, cells: Sequence[ScoreCell], query: Query) -> Line:
    count = Count(**{state: sum(cell.counts.get(state, 0) for cell in cells) for state in COUNTED})
    drawn = [_cell(scope, span, axis, row, cell, query) for cell in cells]
    is_routine = isinstance(row, Routine)
    name = row.title if is_routine else row.name
    which = f"routine={row.key}" if is_routine else f"partner={row.pk}"
    return Line(
        name=name,
        url=reverse("routine" if is_routine else "partner", args=[row.key]),
        group="" if is_routine else _group(scope, row),
        drawing=draw_row(drawn, axis, title=name),
        count=count,
        rate=rate_words(count),
        rate_words=count_words(count),
        rate_url=f"{reverse('promises')}?{which}",
    )


def _group(scope: Scope, partner: Any) -> str:
    if scope.group == "tier":
        return str(Tier(partner.tier).label)
    return partner.manager_name or "No manager yet"


def _cell(scope: Scope, span: Span, axis: Axis, row: Any, cell: ScoreCell, query: Query) -> Cell:
    column = axis.column_of(cell.on)
    if cell.mark:
        return mark_cell(scope, span, column, cell.mark)
    told = ", ".join(f"{count} {STATE_WORDS[state]}" for state, count in cell.counts.items())
    when = _days(cell.on, span, scope.viewer.today)
    if cell.size == 1:  # not planned yet, so it leads nowhere
        return Cell(column, dict(cell.counts), f"{when}: to come, not planned yet", None)
    return Cell(column, dict(cell.counts), f"{when}: {told}", _closer(row, cell.on, query))


def mark_cell(scope: Scope, span: Span, column: int, mark: ScoreMark) -> Cell:
    """One occurrence alone: its words, and where it is read or moved."""
    viewer = scope.viewer
    told = f"{_what(scope, mark)} · {_due(mark.due_at, viewer)} · {STATE_WORDS[mark.state]}"
    if mark.moved_from:
        told += f", moved from {_due(mark.moved_from, viewer).removeprefix('due ')}"
    return Cell(
        column,
        {mark.state: 1},
        told,
        _address(mark),
        lateness=mark.lateness,
        on=mark.due_at.astimezone(span.zone).date(),
        moves=_moves(mark),
    )


def _what(scope: Scope, mark: ScoreMark) -> str:
    return mark.subject if scope.rows == "routines" else mark.routine


def _address(mark: ScoreMark) -> str:
    """An occurrence has a page; what is to come has the reason for its day, and the form that moves it."""
    if mark.occurrence_id:
        return reverse("occurrence", args=[mark.occurrence_id])
    return reverse("moment_date", args=[mark.moment_id])


def _moves(mark: ScoreMark) -> str | None:
    """Where what is still to come can be moved."""
    if mark.moment_id:
        return reverse("moment_date", args=[mark.moment_id])
    is_ahead = mark.state in ("due", "upcoming") and mark.occurrence_id
    return reverse("occurrence_date", args=[mark.occurrence_id]) if is_ahead else None


def _due(moment: datetime, viewer: Viewer) -> str:
    due = moment.astimezone(viewer.zone)
    return f"due {due:%a} {times.date_words(due.date(), viewer.today)} {due:%H:%M}"


def _days(on: date, span: Span, today: date) -> str:
    told = times.date_words(on, today)
    return f"Week of {told}" if span.unit == "week" else f"{on:%a} {told}"


def _closer(row: Any, on: date, query: Query) -> str:
    """Several at once: the month, told by the other kind of rows."""
    if isinstance(row, Routine):
        return query(rows="partners", routine=row.key, zoom="month", on=on.isoformat())
    assert isinstance(row, Partner | Account)
    return query(rows="routines", partner=row.pk, zoom="month", on=on.isoformat())
