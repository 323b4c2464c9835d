"""Which other times a mail offers for a meeting: those that suit the manager and the partner, hard hours in turn."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.partners.bridge import account_calendar, calendar_of
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account
from drumbeat.core.meetingtimes import Side, propose_times
from drumbeat.core.worktime import WorkingHours

REMEMBERED = 12  # meetings


def times_beside(
    first: datetime, minutes: int, partner: Partner, manager: Account, *, wanted: int
) -> list[datetime]:
    """On the days after the arranged one (where the partner is); fewer when the hours of both hardly meet."""
    held = _held(partner, first)
    ours = WorkingHours(account_calendar(manager), manager.tz, manager.works_from, manager.works_until)
    theirs = WorkingHours(calendar_of(partner), partner.tz)
    away = manager.leaves.approved().filter(until_on__gt=first.date()).values_list("from_on", "until_on")
    sides = [_side(ours, held, tuple(away)), _side(theirs, held)]
    midnight = first.astimezone(partner.tz).replace(hour=0, minute=0) + timedelta(days=1)
    return [one.starts_at for one in propose_times(sides, minutes, since=midnight, wanted=wanted)]


def _held(partner: Partner, until: datetime) -> list[tuple[datetime, int]]:
    rows = Meeting.objects.filter(partner=partner, state=Meeting.State.HELD, starts_at__lt=until)
    return list(rows.order_by("-starts_at").values_list("starts_at", "minutes")[:REMEMBERED])


def _side(
    hours: WorkingHours, held: list[tuple[datetime, int]], away: tuple[tuple[date, date], ...] = ()
) -> Side:
    side = Side(hours, away)
    hard = sum(side.is_hard(begin, begin + timedelta(minutes=minutes)) for begin, minutes in held)
    return Side(hours, side.away, hard)
