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
from drumbeat.apps.partners.models import Partner
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
    found = open_points(scene.partner(step), at=scene.at, usual=usual, besides=step.occurrence.promise_id)
    return [*found, *(Point(text) for text in usual)]


def open_points(
    partner: Partner | None, *, at: datetime, usual: Sequence[str] = (), besides: int | None = None
) -> list[Point]:
    """What is open between both sides; without the promise that the meeting itself keeps, and what is talked about anyway."""
    if partner is None:
        return []
    undertaken, carried = _undertaken(partner, at), _carried(partner, usual)
    changed = [*_deals(partner, at), *_asks(partner)]
    return [*_overdue(partner, at, besides), *undertaken, *changed, *carried]


def _deals(partner: Partner, at: datetime) -> list[Point]:
    """What became of the deals since both sides last met."""
    since = last_meetings([partner]).get(partner.pk)
    if since is None:
        return []
    moved = Deal.objects.filter(partner=partner, moved_at__gt=since, moved_at__lte=at)
    told = dict(moved.order_by().values_list("stage").annotate(Count("pk")))
    counts = [f"{told[stage]} {words}" for stage, words in STAGES.items() if stage in told]
    return [Point(f"Deals since {since.day} {since:%B}: {', '.join(counts)}")] if counts else []


def _asks(partner: Partner) -> list[Point]:
    """Decisions needed: pleas to waive or redate that nobody has answered."""
    count = Ask.objects.filter(decided_at=None, promise__partner=partner).count()
    if not count:
        return []
    return [Point(f"Decision needed: {count} {'plea' if count == 1 else 'pleas'} to waive or redate")]


def _undertaken(partner: Partner, at: datetime) -> list[Point]:
    """Commitments of both sides that are still open, and those that wait too long for their owner's yes."""
    waited = add_working_days(at.date(), -WAITS_FOR_A_YES, calendar_of(partner))
    coming = [one for one in open_commitments(partner) if _is_due_for_talk(one, at, waited)]
    return [_point_of(one) for one in coming[:COMMITMENTS_AT_MOST]]


def _is_due_for_talk(one: Commitment, at: datetime, waited: date) -> bool:
    """An overdue promise stands among the overdue ones already."""
    if one.promise:
        return one.promise.standing.deadline_at > at
    return one.proposed_at.date() <= waited


def _point_of(one: Commitment) -> Point:
    head = "Committed" if one.promise_id else "Not yet acknowledged"
    return Point(f"{head}: {said_words(one)}", one.owing, one.promise_id)


def _carried(partner: Partner, usual: Sequence[str]) -> list[Point]:
    left = (point for point in carried_points(partner) if point.text not in usual and not point.promise_id)
    return [Point(point.text, point.side) for point in left]


def _overdue(partner: Partner, at: datetime, besides: int | None) -> list[Point]:
    standings = Standing.objects.overdue(at).filter(promise__partner=partner).exclude(promise=besides)
    oldest = list(standings.select_related("promise").order_by("due_at", "pk")[:OVERDUE_AT_MOST])
    keys = {standing.promise.routine for standing in oldest}
    titles = dict(Routine.objects.filter(key__in=keys).values_list("key", "title"))
    return [_point(standing, titles) for standing in oldest]


def _point(standing: Standing, titles: dict[str, str]) -> Point:
    promise, due = standing.promise, standing.due_at
    what = promise.text or titles.get(promise.routine, promise.routine)
    text = f"Overdue: {what}, due {due.day} {due:%B} ({WHOSE[promise.owing]})"
    return Point(text, promise.owing, promise.pk)
