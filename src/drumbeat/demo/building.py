"""Builds the demo channel up to a moment, and lets it live on from there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.events.models import Event
from drumbeat.apps.ledger.actions import make_months
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.routines.actions import plan_moments, publish_version
from drumbeat.core.refusal import Refused
from drumbeat.library import routine_texts
from drumbeat.workflows.enrolment import enrol
from drumbeat.workflows.factfinding import find_facts
from drumbeat.workflows.triggering import take_events

from .adopting import FROM_THE_FIRST_DAY, start_routines
from .cast import ZONE, set_up_cast
from .chance import Chance, Share
from .firms import some_firms
from .hands import OwnHands, hurrying, two_hands
from .happenings import post_first
from .living import BEGAN, LIVED, MONTHS_AHEAD, MORNING, Progress, live

YEAR = timedelta(days=366)
ADOPTED_AFTER = 0.75  # of the time lived
PARTNERS = 120
SEED = 1187


def build_demo(
    at: datetime,
    progress: Progress,
    *,
    partners: int = PARTNERS,
    time_back: timedelta = YEAR,
    processes: int = 2,
) -> None:
    """An empty database becomes the demo's as of `at` (aware, UTC): the cast, then every day since `time_back`.

    `progress` is told the part that is done, 0 to 1, and the day. The same `at` makes the same channel.
    """
    first_day = (at - time_back).astimezone(ZoneInfo(ZONE)).date()
    first = datetime.combine(first_day, MORNING, tzinfo=ZoneInfo(ZONE)).astimezone(at.tzinfo)
    chance = Chance(SEED)
    progress(0.0, "The cast")
    with hurrying():
        _begin(first, first_day + time_back * ADOPTED_AFTER, partners, chance)
    _live(first, first, at, chance, processes, progress)


def _begin(first: datetime, adopted_on: date, partners: int, chance: Chance) -> None:
    """The cast on its first morning, and the routines it starts with."""
    make_months(first.date() - timedelta(days=31), first.date() + MONTHS_AHEAD)
    record_event(BEGAN, ("vendor", 1), by_id=None, at=first, firms=partners, adopted_on=str(adopted_on))
    set_up_cast(some_firms(partners), chance, at=first)
    take_events(at=first)  # that everybody joined is no news: nothing listens yet
    post_first(first.date(), chance, at=first)
    for text in routine_texts().values():
        publish_version(text, by=None, at=first)
    start_routines(FROM_THE_FIRST_DAY, at=first)
    find_facts(Partner.objects.all(), at=first)
    enrol(at=first)
    plan_moments(at=first)


def _live(
    first: datetime, since: datetime, until: datetime, chance: Chance, processes: int, progress: Progress
) -> None:
    with hurrying():
        if processes == 1:
            hands = OwnHands(first, since, until, chance, Share())
            live(first, since, until, chance, hands, progress)
        else:
            with two_hands(first, since, until, chance) as both:
                live(first, since, until, chance, both, progress)


def catch_up_demo(at: datetime, progress: Progress, *, processes: int = 2) -> None:
    """The days since it last lived are lived until `at`, as if it had never stopped. Raises Refused where none was built."""
    lived = Event.objects.filter(kind=LIVED).order_by("-at").first()
    began = Event.objects.filter(kind=BEGAN).first()
    if not (lived and began):
        raise Refused("There is no demo here to live on", "Build it first: make demo FRESH=1")
    if lived.at < at:
        _live(began.at, lived.at, at, Chance(SEED), processes, progress)
