"""The beat: what time does. A tick of the clock, a chunk of work and a night are one call each, told the moment.

The clock opens and closes; the workers perform and send. Any number of both may run: rows are taken with SKIP LOCKED.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.events.models import Event
from drumbeat.apps.ledger.actions import make_months
from drumbeat.apps.partners.actions import find_doubles
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.queries import vendor, vendor_day
from drumbeat.apps.routines.actions import (
    follow_assignments,
    lapse_steps,
    miss_promises_due,
    open_due,
    plan_moments,
)
from drumbeat.apps.scorecards.actions import score_month
from drumbeat.integrations.smtp import Post
from drumbeat.integrations.webhooks import Hooks
from drumbeat.workflows.correcting import find_restated
from drumbeat.workflows.delivering import deliver_due, expire_deliveries
from drumbeat.workflows.enrolment import enrol
from drumbeat.workflows.factfinding import find_facts
from drumbeat.workflows.keeping import find_stand_ins
from drumbeat.workflows.leaving import leave_by_rule
from drumbeat.workflows.performers import perform_due
from drumbeat.workflows.posting import expire_leases, send_queued
from drumbeat.workflows.pushing import Shelves, push_due
from drumbeat.workflows.triggering import take_events
from drumbeat.workflows.worries import tell_worries

CHUNK = 200
NIGHT_FROM = time(2)
MONTHS_AHEAD = timedelta(days=92)
NIGHT_PASSED = "night.passed"


@dataclass(frozen=True, slots=True)
class Tick:
    """What one tick of the clock did."""

    opened: int
    missed: int
    lapsed: int
    uncertain: int


def tick(*, at: datetime) -> Tick:
    """Hears events, opens what is due, misses what is over, lets lapse what nobody will do; cheap when there is nothing."""
    take_events(at=at)
    opened = open_due(at=at).occurrences
    missed = lapsed = 0
    while count := miss_promises_due(at=at):
        missed += count
    while count := lapse_steps(at=at):
        lapsed += count
    return Tick(opened, missed, lapsed, expire_leases(at=at) + expire_deliveries(at=at))


def work(
    *, at: datetime, post: Post | None, hooks: Hooks | None = None, shelves: Shelves | None = None
) -> int:
    """Performs, sends and fills calendars until nothing is due by `at`; how many steps, messages and meetings were moved.

    What a step makes due for another one (a report for its mail) is done in the next round.
    """
    total = 0
    while done := sum(perform_due(at=at, limit=CHUNK).values()) + _sent(at, post) + deliver_due(hooks, at=at):
        total += done
    return total + push_due(shelves, at=at)


def _sent(at: datetime, post: Post | None) -> int:
    if post is None:
        return 0
    total = sent = send_queued(post, at=at, limit=CHUNK).total
    while sent == CHUNK:
        sent = send_queued(post, at=at, limit=CHUNK).total
        total += sent
    return total


def beat(*, at: datetime, post: Post | None) -> Tick:
    """Clock and work in one process: for demos, tests and small installations without workers."""
    done = tick(at=at)
    work(at=at, post=post)
    return done


def pass_night(*, at: datetime) -> bool:
    """`nightly` once per day of the vendor, at the first call from 02:00 there on; whether it ran."""
    here = at.astimezone(ZoneInfo(vendor().zone))
    since = datetime.combine(here.date(), NIGHT_FROM, here.tzinfo)
    if at < since or Event.objects.filter(kind=NIGHT_PASSED, at__gte=since).exists():
        return False
    nightly(at=at)
    record_event(NIGHT_PASSED, ("vendor", 1), by_id=None, at=at)
    return True


def nightly(*, at: datetime) -> None:
    """Who looks after whom, facts, audiences and plans for the day; the ledger's next months."""
    make_months(at.date(), (at + MONTHS_AHEAD).date())
    follow_assignments(on=vendor_day(at))
    find_facts(Partner.objects.all(), at=at)
    find_doubles(at=at)
    tell_worries(at=at)
    find_restated(at=at)
    score_month(on=vendor_day(at), at=at)
    leave_by_rule(at=at)
    find_stand_ins(at=at)
    enrol(at=at)
    plan_moments(at=at)
