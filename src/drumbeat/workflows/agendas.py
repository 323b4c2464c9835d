"""What both sides should talk about: promises past their deadline first, then open commitments, what was left over last
time, and the usual points of the meeting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Count

from drumbeat.apps.deals.models import Deal
from drumbeat.apps.ledger.models import Ask, Commitment, Standing
from drumbeat.apps.ledger.queries import open_commitments
from drumbeat.apps.meetings.actions import Point
from drumbeat.apps.meetings.queries import carried_points, last_meetings, said_words
from drumbeat.apps.partners.bridge import calendar_of
from drumbeat.apps.routines.models import Routine, Step
from drumbeat.core.calendars import add_working_days
from drumbeat.core.playbook import AGENDAS

from .scene import Scene

OVERDUE_AT_MOST = 5
COMMITMENTS_AT_MOST = 8
STAGES = {"won": "won", "lost": "lost", "open": "moved"}
WAITS_FOR_A_YES = 3  # working days of the partner
WHOSE = {"vendor": "we owe you", "partner": "you owe us", "both": "both owe", "team": "we owe each other"}


def points_for(step: Step, scene: Scene) -> list[Point]:
    """For the meeting of this step, as of the scene's moment."""
    agenda = scene.text(step).agenda
    usual = AGENDAS[agenda] if agenda else ()
    undertaken, carried = _undertaken(step, scene), _carried(step, scene, usual)
    changed = [*_deals(step, scene), *_asks(step, scene)]
    return [*_overdue(step, scene), *undertaken, *changed, *carried, *(Point(text) for text in usual)]


def _deals(step: Step, scene: Scene) -> list[Point]:
    """What became of the deals since both sides last met."""
    partner = scene.partner(step)
    since = last_meetings([partner]).get(partner.pk) if partner else None
    if since is None:
        return []
    moved = Deal.objects.filter(partner=partner, moved_at__gt=since, moved_at__lte=scene.at)
    told = dict(moved.order_by().values_list("stage").annotate(Count("pk")))
    counts = [f"{told[stage]} {words}" for stage, words in STAGES.items() if stage in told]
    return [Point(f"Deals since {since.day} {since:%B}: {', '.join(counts)}")] if counts else []


def _asks(step: Step, scene: Scene) -> list[Point]:
    """Decisions needed: pleas to waive or redate that nobody has answered."""
    waiting = Ask.objects.filter(decided_at=None, promise__partner=scene.partner(step))
    count = waiting.count() if scene.partner(step) else 0
    if not count:
        return []
    return [Point(f"Decision needed: {count} {'plea' if count == 1 else 'pleas'} to waive or redate")]


def _undertaken(step: Step, scene: Scene) -> list[Point]:
    """Commitments of both sides that are still open, and those that wait too long for their owner's yes."""
    partner = scene.partner(step)
    if partner is None:
        return []
    waited = add_working_days(scene.at.date(), -WAITS_FOR_A_YES, calendar_of(partner))
    coming = [one for one in open_commitments(partner) if _is_due_for_talk(one, scene.at, waited)]
    return [_point_of(one) for one in coming[:COMMITMENTS_AT_MOST]]


def _is_due_for_talk(one: Commitment, at: datetime, waited: date) -> bool:
    """An overdue promise stands among the overdue ones already."""
    if one.promise:
        return one.promise.standing.deadline_at > at
    return one.proposed_at.date() <= waited


def _point_of(one: Commitment) -> Point:
    head = "Committed" if one.promise_id else "Not yet acknowledged"
    return Point(f"{head}: {said_words(one)}", one.owing, one.promise_id)


def _carried(step: Step, scene: Scene, usual: Sequence[str]) -> list[Point]:
    partner = scene.partner(step)
    if partner is None:
        return []
    left = (point for point in carried_points(partner) if point.text not in usual and not point.promise_id)
    return [Point(point.text, point.side) for point in left]


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
