"""The marks of a score as a table, one line each: what is opened, then what is planned."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.http import StreamingHttpResponse
from django.urls import reverse

from drumbeat.apps.routines.queries import (
    ScoreMark,
    Span,
    coming_marks,
    iterate_coming,
    iterate_opened,
    opened_marks,
)
from drumbeat.core.charts.beatstrip import STATE_WORDS
from drumbeat.interfaces.kit.exports import rows_as_csv

from .score_rows import Scope

HEAD = ("Routine", "Partner or manager", "Due", "State", "Moved from", "Occurrence")


def marks_as_csv(scope: Scope, span: Span) -> StreamingHttpResponse:
    """Moments in the viewer's zone."""
    subscriptions = scope.subscriptions()
    opened = opened_marks(subscriptions, span, scope.state)
    marks: Iterator[ScoreMark] = iterate_opened(opened, span)
    if scope.state in ("", "due", "upcoming"):
        coming = coming_marks(subscriptions, span, scope.state)
        marks = chain(marks, iterate_coming(coming))
    rows = chain([HEAD], (_row(mark, span) for mark in marks))
    return rows_as_csv(f"score-{span.from_on}-{span.until_on}", rows)


def _row(mark: ScoreMark, span: Span) -> tuple[Any, ...]:
    moved = mark.moved_from.astimezone(span.zone) if mark.moved_from else ""
    address = reverse("occurrence", args=[mark.occurrence_id]) if mark.occurrence_id else ""
    return (
        mark.routine,
        mark.subject,
        mark.due_at.astimezone(span.zone),
        STATE_WORDS[mark.state],
        moved,
        address,
    )
