"""Time passes in the demo: slots of a day, in each what came in, what people did, then the beat."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
    now, firms = since, firms_of_demo()
    for slot in (*slots(since, until), until):
        hands.act(now, slot)
        if is_morning(slot):
            _begin_day(slot, first.date(), firms, chance)
        tick(at=slot)
        hands.work(slot)
        progress((slot - since) / (until - since), f"{slot:%d %B %Y}")
        now = slot
    record_event(LIVED, ("vendor", 1), by_id=None, at=until)


def _begin_day(at: datetime, first: date, firms: list[Firm], chance: Chance) -> None:
    day = at.astimezone(ZoneInfo(ZONE)).date()
    if day.weekday() == 6:
        move_people(day, chance, at=at)
        post_week(day, first, chance, at=at)
    take_in_newcomer(day, firms, chance, first, at=at)
    take_turns(day, first, at=at)
    if day.weekday() == 0 or day.day <= FILES_COME_UNTIL:
        find_facts(Partner.objects.all(), at=at)
    if day.weekday() == 0:
        tell_worries(at=at)
        _plan(day, first, at)
        _tell_planner()


def _plan(day: date, first: date, at: datetime) -> None:
    """Plans reach three months ahead, so one a month is enough, and one when subjects came."""
    joined = enrol(at=at).joined
    if joined or (day - first).days // 7 % 4 == 0:
        make_months(day, day + MONTHS_AHEAD)
        plan_moments(at=at)


def _tell_planner() -> None:
    """A year passes faster than PostgreSQL looks at its tables by itself; with old figures a claim takes seconds."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def firms_of_demo() -> list[Firm]:
    """Those of this demo, with those that have yet to join."""
    began = Event.objects.get(kind=BEGAN)
    return some_firms(began.payload["firms"])


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
