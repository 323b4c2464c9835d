"""Many occurrences are moved, or released from, at once: chosen by a filter, shown before, done in one transaction."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from drumbeat.apps.ledger.actions import waive_promise
from drumbeat.apps.ledger.reasons import REASONS
from drumbeat.apps.partners.models import Assignment, Partner
from drumbeat.apps.people.models import Account, Role
from drumbeat.apps.people.queries import vendor, vendor_day
from drumbeat.apps.routines.access import subscriptions_visible_to
from drumbeat.apps.routines.actions import Moved, drop_work_for, move_occurrence
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import Moment, Occurrence, SubscriptionSet
from drumbeat.apps.routines.queries import settings_of, told_among
from drumbeat.core.calendars import add_working_days, roll
from drumbeat.core.refusal import insist
from drumbeat.core.worktime import localize

RELATED = ("subscription__partner", "subscription__person", "subscription__routine", "version")
MOST = 500


@dataclass(frozen=True, slots=True)
class Choice:
    """Due in [from_on, until_on) where the vendor is; of one routine, one manager's partners, or these partners."""

    from_on: date
    until_on: date
    routine: str = ""
    manager: Account | None = None
    partners: Collection[str] = field(default=())


@dataclass(frozen=True, slots=True)
class Line:
    """One of the chosen: where it is due, where it would be, and whether somebody must be asked."""

    subject: Moment | Occurrence
    due_at: datetime
    to: datetime
    is_asked: bool


def chosen_lines(
    choice: Choice, *, by_days: int = 0, to_on: date | None = None, by: Account, at: datetime
) -> list[Line]:
    """What moves where, by due moment: by so many working days, or to a day (the next one that is worked there). What can't be
    moved, because its time is past, is left out."""
    insist(
        bool(by_days) != bool(to_on),
        "Nothing says where to",
        "Give a number of working days, or a day",
        "to_on",
    )
    insist(
        choice.from_on < choice.until_on, "The days end before they begin", "Choose other days", "until_on"
    )
    subjects: list[Moment | Occurrence] = [*_moments(choice, by, at), *_occurrences(choice, by, at)]
    told = told_among([one.pk for one in subjects if isinstance(one, Occurrence)])
    lines = [_line(one, by_days, to_on, told, at) for one in subjects]
    moving = [line for line in lines if line.due_at > at and line.to > at and line.to != line.due_at]
    insist(len(moving) <= MOST, f"More than {MOST} would move", "Choose fewer days, a routine or a manager")
    return sorted(moving, key=lambda line: (line.due_at, line.subject.pk))


def _line(one: Moment | Occurrence, by_days: int, to_on: date | None, told: set[int], at: datetime) -> Line:
    due_at = one.promise.standing.due_at if isinstance(one, Occurrence) else one.due_at
    setting = settings_of([one.subscription], playbook_of(one.version), at)[one.subscription_id]
    local = due_at.astimezone(setting.zone)
    if to_on:
        on = roll(to_on, "following", setting.calendar)
        assert on, "following always finds a day"
    else:
        on = add_working_days(local.date(), by_days, setting.calendar)
    is_asked = isinstance(one, Occurrence) and one.pk in told
    return Line(one, due_at, localize(on, local.time(), setting.zone), is_asked)


def _moments(choice: Choice, by: Account, at: datetime) -> list[Moment]:
    since, until = _window(choice)
    rows = Moment.objects.filter(subscription__in=_subscriptions(choice, by, at), event_id=0)
    return list(rows.filter(due_at__gte=since, due_at__lt=until).select_related(*RELATED)[: MOST + 1])


def _occurrences(choice: Choice, by: Account, at: datetime) -> list[Occurrence]:
    since, until = _window(choice)
    rows = Occurrence.objects.open().filter(
        subscription__in=_subscriptions(choice, by, at),
        promise__standing__outcome=None, promise__standing__due_at__gte=since, promise__standing__due_at__lt=until,
    )  # fmt: skip
    return list(rows.select_related(*RELATED, "promise__standing")[: MOST + 1])


def _window(choice: Choice) -> tuple[datetime, datetime]:
    zone = ZoneInfo(vendor().zone)
    since, until = (datetime.combine(on, time(), tzinfo=zone) for on in (choice.from_on, choice.until_on))
    return since, until


def _subscriptions(choice: Choice, by: Account, at: datetime) -> SubscriptionSet:
    rows = subscriptions_visible_to(by, at)
    if choice.routine:
        rows = rows.filter(routine__key=choice.routine)
    if choice.manager:
        held = Assignment.objects.current(vendor_day(at)).filter(person=choice.manager)
        rows = rows.filter(Q(partner__in=held.values("partner")) | Q(person=choice.manager))
    if choice.partners:
        rows = rows.filter(partner__in=Partner.objects.filter(key__in=choice.partners))
    return rows


@transaction.atomic
def reschedule(
    choice: Choice, *, by_days: int = 0, to_on: date | None = None, reason: str, by: Account, at: datetime
) -> list[Moved]:
    """All of them or none. What nobody was told of moves; for the rest the owed side is asked, once each."""
    insist(reason in REASONS, f"There is no reason {reason!r}", f"Use one of {', '.join(REASONS)}", "reason")
    lines = chosen_lines(choice, by_days=by_days, to_on=to_on, by=by, at=at)
    return [
        move_occurrence(line.subject, line.to, by=by, at=at, reason=reason)
        for line in lines
        if not (line.is_asked and _is_asked_already(line.subject))
    ]


def _is_asked_already(subject: Moment | Occurrence) -> bool:
    return isinstance(subject, Occurrence) and subject.promise.asks.filter(decided_at=None).exists()


@transaction.atomic
def waive_many(choice: Choice, *, reason: str, by: Account, at: datetime) -> int:
    """The director releases from all open promises of the choice that aren't his own; how many."""
    insist(by.has(Role.DIRECTOR), "Only a director waives", "Ask one to do it")
    insist(reason in REASONS, f"There is no reason {reason!r}", f"Use one of {', '.join(REASONS)}", "reason")
    released = [one for one in _occurrences(choice, by, at) if one.promise.standing.person_id != by.pk]
    for occurrence in released:
        waive_promise(occurrence.promise, by=by, at=at, reason=reason)
        drop_work_for(occurrence.promise, at=at)
    return len(released)
