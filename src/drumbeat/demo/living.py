"""Time passes in the demo: slots of a day, in each what came in, what people did, then the beat."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.events.models import Event
from drumbeat.apps.ledger.actions import make_months
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.routines.actions import plan_moments
from drumbeat.workflows.beating import tick
from drumbeat.workflows.enrolment import enrol
from drumbeat.workflows.factfinding import find_facts
from drumbeat.workflows.worries import tell_worries

from .adopting import adopt_routines
from .cast import ZONE
from .chance import Chance
from .contacts import move_people
from .firms import Firm, some_firms
from .hands import OwnHands
from .happenings import post_week
from .newcomers import take_in_newcomer
from .turns import take_turns

Progress = Callable[[float, str], None]

BEGAN, LIVED = "demo.began", "demo.lived"
# In the vendor's zone: the morning, Europe's afternoon with America's morning, America's afternoon.
MORNING = time(8, 30)
SLOTS = (MORNING, time(14, 30), time(20))
WEEKEND_SLOTS = (MORNING,)
MONTHS_AHEAD = timedelta(days=92)
# Facts that change with every file are found nightly while files come in; the others once a week.
FILES_COME_UNTIL = 9


def live(
    first: datetime, since: datetime, until: datetime, chance: Chance, hands: OwnHands, progress: Progress
) -> None:
    """From `since` slot by slot up to `until` itself; `first` is the demo's first moment. The same days come out the
    same, lived in one go or in parts."""
    now, story = since, story_of_demo()
    for slot in (*slots(since, until), until):
        hands.act(now, slot)
        if is_morning(slot):
            _begin_day(slot, first.date(), story, chance)
        tick(at=slot)
        hands.work(slot)
        progress((slot - since) / (until - since), f"{slot:%d %B %Y}")
        now = slot
    record_event(LIVED, ("vendor", 1), by_id=None, at=until)


def _begin_day(at: datetime, first: date, story: Story, chance: Chance) -> None:
    day = at.astimezone(ZoneInfo(ZONE)).date()
    if day.weekday() == 6:
        move_people(day, chance, at=at)
        post_week(day, first, chance, at=at)
    take_in_newcomer(day, story.firms, chance, first, at=at)
    adopt_routines(day, story.adopted_on, at=at)
    take_turns(day, first, at=at)
    if day.weekday() == 0 or day.day <= FILES_COME_UNTIL:
        find_facts(Partner.objects.all(), at=at)
    if day.weekday() == 0:
        tell_worries(at=at)
        _plan(day, first, at)


def _plan(day: date, first: date, at: datetime) -> None:
    """Plans reach three months ahead, so one a month is enough, and one when subjects came."""
    joined = enrol(at=at).joined
    if joined or (day - first).days // 7 % 4 == 0:
        make_months(day, day + MONTHS_AHEAD)
        plan_moments(at=at)
        _tell_planner()


def _tell_planner() -> None:
    """A year passes faster than PostgreSQL looks at its tables by itself; with old figures a claim takes seconds."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@dataclass(frozen=True, slots=True)
class Story:
    """What was settled on the first day: the firms, with those that have yet to join, and when more routines are adopted."""

    firms: list[Firm]
    adopted_on: date


def story_of_demo() -> Story:
    told = Event.objects.get(kind=BEGAN).payload
    return Story(some_firms(told["firms"]), date.fromisoformat(told["adopted_on"]))


def slots(since: datetime, until: datetime) -> Iterator[datetime]:
    """Moments of the beat after `since` and before `until`."""
    day = since.astimezone(ZoneInfo(ZONE)).date()
    while day <= until.date() + timedelta(days=1):
        for at in _slots_of(day):
            if since < at < until:
                yield at
        day += timedelta(days=1)


def _slots_of(day: date) -> list[datetime]:
    times = SLOTS if day.weekday() < 5 else WEEKEND_SLOTS
    return [datetime.combine(day, at, tzinfo=ZoneInfo(ZONE)).astimezone(UTC) for at in times]


def is_morning(at: datetime) -> bool:
    return at.astimezone(ZoneInfo(ZONE)).time() == MORNING
