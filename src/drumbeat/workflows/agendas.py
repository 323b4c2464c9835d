"""What both sides should talk about: promises past their deadline first, then open commitments, what was left over last
time, and the usual points of the meeting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import islice

from drumbeat.apps.ledger.models import Commitment, Standing
from drumbeat.apps.meetings.actions import Point
from drumbeat.apps.meetings.queries import said_words
from drumbeat.apps.partners.bridge import calendar_of
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.routines.models import Step
from drumbeat.core.calendars import add_working_days
from drumbeat.core.playbook import AGENDAS

from .scene import Scene
from .talks import Talks

OVERDUE_AT_MOST = 5
COMMITMENTS_AT_MOST = 8
STAGES = {"won": "won", "lost": "lost", "open": "moved"}
WAITS_FOR_A_YES = 3  # working days of the partner
WHOSE = {"vendor": "we owe you", "partner": "you owe us", "both": "both owe", "team": "we owe each other"}


def points_for(step: Step, scene: Scene) -> list[Point]:
    """For the meeting of this step, as of the scene's moment."""
    agenda = scene.text(step).agenda
    usual = AGENDAS[agenda] if agenda else ()
    partner, own = scene.partner(step), step.occurrence.promise_id
    found = _points(partner, scene.talks, usual, besides=own) if partner else []
    return [*found, *(Point(text) for text in usual)]


def open_points(partner: Partner | None, *, at: datetime) -> list[Point]:
    """What is open between both sides."""
    return _points(partner, Talks([partner.pk], at)) if partner else []


def _points(
    partner: Partner, talks: Talks, usual: Sequence[str] = (), besides: int | None = None
) -> list[Point]:
    """Without the promise that the meeting itself keeps, and what is talked about anyway."""
    undertaken, carried = _undertaken(partner, talks), _carried(partner, talks, usual)
    changed = [*_deals(partner, talks), *_asks(partner, talks)]
    return [*_overdue(partner, talks, besides), *undertaken, *changed, *carried]


def _deals(partner: Partner, talks: Talks) -> list[Point]:
    """What became of the deals since both sides last met."""
    since = talks.last_met.get(partner.pk)
    if since is None:
        return []
    told = talks.moved_deals[partner.pk]
    counts = [f"{told[stage]} {words}" for stage, words in STAGES.items() if stage in told]
    return [Point(f"Deals since {since.day} {since:%B}: {', '.join(counts)}")] if counts else []


def _asks(partner: Partner, talks: Talks) -> list[Point]:
    """Decisions needed: pleas to waive or redate that nobody has answered."""
    count = talks.asks.get(partner.pk, 0)
    if not count:
        return []
    return [Point(f"Decision needed: {count} {'plea' if count == 1 else 'pleas'} to waive or redate")]


def _undertaken(partner: Partner, talks: Talks) -> list[Point]:
    """Commitments of both sides that are still open, and those that wait too long for their owner's yes."""
    at, undertaken = talks.at, talks.undertaken.get(partner.pk, [])
    waited = add_working_days(at.date(), -WAITS_FOR_A_YES, calendar_of(partner))
    coming = [one for one in undertaken if _is_due_for_talk(one, at, waited)]
    return [_point_of(one) for one in coming[:COMMITMENTS_AT_MOST]]


def _is_due_for_talk(one: Commitment, at: datetime, waited: date) -> bool:
    """An overdue promise stands among the overdue ones already."""
    if one.promise:
        return one.promise.standing.deadline_at > at
    return one.proposed_at.date() <= waited


def _point_of(one: Commitment) -> Point:
    head = "Committed" if one.promise_id else "Not yet acknowledged"
    return Point(f"{head}: {said_words(one)}", one.owing, one.promise_id)


def _carried(partner: Partner, talks: Talks, usual: Sequence[str]) -> list[Point]:
    points = talks.carried.get(partner.pk, [])
    left = (point for point in points if point.text not in usual and not point.promise_id)
    return [Point(point.text, point.side) for point in left]


def _overdue(partner: Partner, talks: Talks, besides: int | None) -> list[Point]:
    found = (one for one in talks.overdue.get(partner.pk, ()) if one.promise_id != besides)
    return [_point(one, talks.titles) for one in islice(found, OVERDUE_AT_MOST)]


def _point(standing: Standing, titles: dict[str, str]) -> Point:
    promise, due = standing.promise, standing.due_at
    what = promise.text or titles.get(promise.routine, promise.routine)
    text = f"Overdue: {what}, due {due.day} {due:%B} ({WHOSE[promise.owing]})"
    return Point(text, promise.owing, promise.pk)
