"""The score: how many occurrences each row has in each week or day, past from the ledger, coming from moments.

A row is a routine or a partner. A constant number of queries, whatever the number of occurrences; what lies beyond
the planned moments is asked of `beyond`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, DateField, F, Min, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Trunc

from drumbeat.apps.routines.models import Moment, Occurrence, Subscription, SubscriptionSet
from drumbeat.apps.routines.queries.beyond import beyond_horizon
from drumbeat.apps.routines.queries.spans import Span

ROWS = {"routines": "subscription__routine_id", "partners": "subscription__partner_id"}
# Rolls, offsets, spreads and redates carry a due day this far from its rule date.
MARGIN = timedelta(days=150)


@dataclass(frozen=True, slots=True)
class ScoreMark:
    """One occurrence (`occurrence_id`), or one to come (`moment_id`; neither when it is not planned yet)."""

    routine_key: str
    routine: str
    partner: str
    person: str
    due_at: datetime
    state: str
    occurrence_id: int | None = None
    moment_id: int | None = None
    lateness: float = 0.0
    moved_from: datetime | None = None

    @property
    def subject(self) -> str:
        return self.partner or self.person


@dataclass(slots=True)
class ScoreCell:
    """What one row has on the days from `on`: states with their numbers, and the mark when it is one alone."""

    on: date
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    occurrence_id: int | None = None
    moment_id: int | None = None
    mark: ScoreMark | None = None

    @property
    def size(self) -> int:
        return sum(self.counts.values())


Cells = dict[int, dict[date, ScoreCell]]


def score_cells(
    subscriptions: SubscriptionSet, span: Span, *, rows: str = "routines", state: str = ""
) -> dict[int, list[ScoreCell]]:
    """Row (id of routine or partner) -> its cells by day; with `state` only what stands so. At most six queries."""
    cells: Cells = defaultdict(dict)
    for row, on, name, count, first in _counted(opened_marks(subscriptions, span, state), span, ROWS[rows]):
        _add(cells, row, on, name, count).occurrence_id = first
    if state in ("", "due", "upcoming"):
        coming = coming_marks(subscriptions, span, state)
        for row, on, name, count, first in _counted(coming, span, ROWS[rows]):
            _add(cells, row, on, name, count).moment_id = first
    if state in ("", "upcoming"):
        for (row, due_on), count in beyond_horizon(subscriptions, span, rows=rows).items():
            _add(cells, row, _column(due_on, span), "upcoming", count)
    _tell_singles(cells, span)
    return {row: sorted(found.values(), key=lambda cell: cell.on) for row, found in cells.items()}


def opened_marks(subscriptions: SubscriptionSet, span: Span, state: str = "") -> QuerySet[Occurrence]:
    """Occurrences due in the span by their standing, each annotated with `due` and `state`."""
    standing = "promise__standing__"
    opened = Occurrence.objects.filter(
        subscription__in=subscriptions,
        nominal_on__gte=span.from_on - MARGIN,
        nominal_on__lt=span.until_on + MARGIN,
        **{f"{standing}due_at__gte": span.since, f"{standing}due_at__lt": span.until},
    )
    opened = opened.annotate(
        due=F(f"{standing}due_at"), state=Coalesce(f"{standing}outcome", _open_state(span))
    )
    return opened.filter(Q(state=state)) if state else opened


def _open_state(span: Span) -> Case:
    standing = "promise__standing__"
    return Case(
        When(
            **{f"{standing}due_at__gt": span.at, f"{standing}due_at__lt": span.today_until}, then=Value("due")
        ),
        When(**{f"{standing}due_at__gt": span.at}, then=Value("upcoming")),
        When(
            Q(**{f"{standing}deadline_at__gt": span.at}) | Q(**{f"{standing}rests_from__isnull": False}),
            then=Value("in_grace"),
        ),
        default=Value("overdue"),
    )


def coming_marks(subscriptions: SubscriptionSet, span: Span, state: str = "") -> QuerySet[Moment]:
    """Moments due in the span, each annotated with `due` and `state`."""
    is_due = When(due_at__lt=span.today_until, then=Value("due"))
    coming = Moment.objects.filter(
        subscription__in=subscriptions, due_at__gte=span.since, due_at__lt=span.until
    ).annotate(due=F("due_at"), state=Case(is_due, default=Value("upcoming")))
    return coming.filter(Q(state=state)) if state else coming


def _counted(marks: QuerySet[Any], span: Span, row: str) -> Iterator[tuple[int, date, str, int, int]]:
    column = Trunc("due", span.unit, output_field=DateField(), tzinfo=span.zone)
    grouped = marks.annotate(on=column).order_by().values_list(row, "on", "state")
    yield from grouped.annotate(Count("pk"), Min("pk"))


def _add(cells: Cells, row: int, on: date, state: str, count: int) -> ScoreCell:
    cell = cells[row].setdefault(on, ScoreCell(on))
    cell.counts[state] += count
    return cell


def _column(on: date, span: Span) -> date:
    return on - timedelta(days=on.weekday()) if span.unit == "week" else on


def _tell_singles(cells: Cells, span: Span) -> None:
    """Where a column holds one occurrence alone it is fetched, so that its mark can tell all."""
    alone = [cell for row in cells.values() for cell in row.values() if cell.size == 1]
    opened = marks_of_opened([cell.occurrence_id for cell in alone if cell.occurrence_id], span)
    coming = marks_of_coming([cell.moment_id for cell in alone if cell.moment_id], span)
    for cell in alone:
        if cell.occurrence_id:
            cell.mark = opened.get(cell.occurrence_id)
        elif cell.moment_id:
            cell.mark = coming.get(cell.moment_id)


NAMES = (
    "subscription__routine__key", "subscription__routine__title",
    "subscription__partner__name", "subscription__person__name",
)  # fmt: skip


def marks_of_opened(ids: list[int], span: Span) -> dict[int, ScoreMark]:
    """Those of occurrences, by id."""
    found = (
        opened_marks(Subscription.objects.all(), span).filter(pk__in=ids)
        if ids
        else Occurrence.objects.none()
    )
    return {mark.occurrence_id: mark for mark in iterate_opened(found, span) if mark.occurrence_id}


def marks_of_coming(ids: list[int], span: Span) -> dict[int, ScoreMark]:
    """Those of moments, by id."""
    found = (
        coming_marks(Subscription.objects.all(), span).filter(pk__in=ids) if ids else Moment.objects.none()
    )
    return {mark.moment_id: mark for mark in iterate_coming(found) if mark.moment_id}


def iterate_opened(opened: QuerySet[Occurrence], span: Span) -> Iterator[ScoreMark]:
    """Occurrences of `opened_marks` as marks, one by one."""
    if opened.query.is_empty():
        return
    standing = "promise__standing__"
    rows = opened.values_list(
        *NAMES,
        "due",
        "state",
        "pk",
        f"{standing}outcome_at",
        f"{standing}miss_at",
        "promise__original_due_at",
    )
    for key, routine, partner, person, due, state, pk, settled_at, miss_at, original in rows.order_by(
        F("due"), "pk"
    ).iterator():
        late = _lateness(due, settled_at or span.at, miss_at)
        moved_from = original if original != due else None
        yield ScoreMark(key, routine, partner or "", person or "", due, state, pk, None, late, moved_from)


def _lateness(due: datetime, until: datetime, miss_at: datetime) -> float:
    patience = (miss_at - due).total_seconds()
    return max(0.0, min(1.0, (until - due).total_seconds() / patience)) if patience > 0 else 0.0


def iterate_coming(coming: QuerySet[Moment]) -> Iterator[ScoreMark]:
    """Moments of `coming_marks` as marks, one by one."""
    if coming.query.is_empty():
        return
    rows = coming.values_list(*NAMES, "due", "state", "pk", "moved_from").order_by(F("due"), "pk")
    for key, routine, partner, person, due, state, pk, moved_from in rows.iterator():
        yield ScoreMark(key, routine, partner or "", person or "", due, state, None, pk, 0.0, moved_from)
