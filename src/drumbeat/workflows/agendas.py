"""What both sides should talk about: promises past their deadline first, then the usual points of the meeting."""

from __future__ import annotations

from drumbeat.apps.ledger.models import Standing
from drumbeat.apps.meetings.actions import Point
from drumbeat.apps.routines.models import Routine, Step
from drumbeat.core.playbook import AGENDAS

from .scene import Scene

OVERDUE_AT_MOST = 5
WHOSE = {"vendor": "we owe you", "partner": "you owe us", "both": "both owe", "team": "we owe each other"}


def points_for(step: Step, scene: Scene) -> list[Point]:
    """For the meeting of this step, as of the scene's moment."""
    agenda = scene.text(step).agenda
    usual = AGENDAS[agenda] if agenda else ()
    return [*_overdue(step, scene), *(Point(text) for text in usual)]


def _overdue(step: Step, scene: Scene) -> list[Point]:
    partner = scene.partner(step)
    if partner is None:
        return []
    standings = (
        Standing.objects.overdue(scene.at)
        .filter(promise__partner=partner)
        .exclude(promise=step.occurrence.promise_id)
    )
    oldest = list(standings.select_related("promise").order_by("due_at", "pk")[:OVERDUE_AT_MOST])
    keys = {standing.promise.routine for standing in oldest}
    titles = dict(Routine.objects.filter(key__in=keys).values_list("key", "title"))
    return [_point(standing, titles) for standing in oldest]


def _point(standing: Standing, titles: dict[str, str]) -> Point:
    promise, due = standing.promise, standing.due_at
    what = promise.text or titles.get(promise.routine, promise.routine)
    text = f"Overdue: {what}, due {due.day} {due:%B} ({WHOSE[promise.owing]})"
    return Point(text, promise.owing, promise.pk)
