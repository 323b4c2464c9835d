"""Beats of the ledger as marks with words and addresses, drawn on one time axis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta

from drumbeat.apps.ledger.queries import Beat
from drumbeat.core.charts import Mark, Svg, draw_strip

from . import times
from .addresses import address
from .viewer import Viewer

BACK, AHEAD = timedelta(days=365), timedelta(days=45)


def window(viewer: Viewer) -> tuple[datetime, datetime]:
    """A year back and six weeks ahead: the axis of all strips of a page."""
    return viewer.at - BACK, viewer.at + AHEAD


def today_until(viewer: Viewer) -> datetime:
    """The end of the viewer's day: what is due before it is due today."""
    return datetime.combine(viewer.today + timedelta(days=1), time(), tzinfo=viewer.zone)


def marks_of(beats: Iterable[Beat], viewer: Viewer) -> list[Mark]:
    return [_mark(beat, viewer) for beat in beats]


def _mark(beat: Beat, viewer: Viewer) -> Mark:
    due = beat.due_at.astimezone(viewer.zone)
    return Mark(
        state=beat.state,
        at=beat.due_at,
        label=f"due {due:%a} {times.date_words(due.date(), viewer.today)} {due:%H:%M}",
        url=address("promise", beat.promise_id) if beat.promise_id else None,
        lateness=beat.lateness,
        moved_from=beat.moved_from,
    )


def year_strip(beats: Sequence[Beat], viewer: Viewer, *, title: str) -> Svg:
    since, until = window(viewer)
    return draw_strip(
        marks_of(beats, viewer), since=since, until=until, title=title, now=viewer.at, width=520
    )
