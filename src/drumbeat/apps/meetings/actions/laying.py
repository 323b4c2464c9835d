"""Somebody's own calendar is opened and closed, and what lies on it is written down. Speaks to no server."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from drumbeat.apps.meetings.models import CalendarCopy, Meeting, OwnCalendar
from drumbeat.apps.people.models import Account
from drumbeat.core.refusal import insist

State = CalendarCopy.State
LONGEST_WAIT = timedelta(hours=6)
ASKED_AGAIN = timedelta(days=1)  # where only a person can mend it


@transaction.atomic
def open_calendar(person: Account, url: str, user: str, password: str, *, at: datetime) -> OwnCalendar:
    """One each; opened at another address, what was laid before is forgotten. `password` comes sealed."""
    known = OwnCalendar.objects.select_for_update().filter(person=person).first()
    if known and (known.url, known.user) != (url, user):
        known.copies.all().delete()
    told = {"url": url, "user": user, "password": password, "opened_at": at, "closing_at": None}
    fresh = {"error": "", "attempts": 0, "next_at": None, "leased_until": None}
    calendar, _ = OwnCalendar.objects.update_or_create(person=person, defaults=told | fresh)
    return calendar


def close_calendar(calendar: OwnCalendar, *, at: datetime) -> None:
    """What is still to come is taken away over there, then it is forgotten with its password."""
    OwnCalendar.objects.filter(pk=calendar.pk).update(closing_at=at, next_at=None)


def forget_calendar(calendar: OwnCalendar) -> None:
    """With all that is known of it."""
    calendar.delete()


@transaction.atomic
def claim_calendars(*, at: datetime, lease: timedelta, limit: int) -> list[OwnCalendar]:
    """Those whose turn it is, for one worker alone until the lease is over."""
    due = Q(next_at=None) | Q(next_at__lte=at)
    free = Q(leased_until=None) | Q(leased_until__lte=at)
    rows = OwnCalendar.objects.filter(due, free).select_for_update(of=("self",), skip_locked=True)
    calendars = list(rows.select_related("person").order_by("next_at", "pk")[:limit])
    OwnCalendar.objects.filter(pk__in=[one.pk for one in calendars]).update(leased_until=at + lease)
    return calendars


def note_round(
    calendar: OwnCalendar, *, error: str = "", may_retry: bool = True, at: datetime, next_at: datetime
) -> None:
    """A round is over: without trouble the next is at `next_at`, else later and later."""
    calendar.attempts = min(calendar.attempts + 1, 20) if error else 0
    pause = min(timedelta(minutes=2**calendar.attempts), LONGEST_WAIT) if may_retry else ASKED_AGAIN
    calendar.next_at = at + pause if error else next_at
    calendar.error, calendar.leased_until = error[:300], None
    calendar.save(update_fields=["attempts", "next_at", "error", "leased_until"])


def note_laid(calendar: OwnCalendar, meeting: Meeting, etag: str) -> None:
    """It lies there as the meeting is now."""
    told = {"etag": etag[:200], "told_at": meeting.changed_at, "state": State.CURRENT, "error": ""}
    CalendarCopy.objects.update_or_create(calendar=calendar, meeting=meeting, defaults=told)


def note_not_laid(
    calendar: OwnCalendar, meeting: Meeting, state: CalendarCopy.State, error: str = ""
) -> None:
    """Something stands in the way of this one: it waits for a person, or for the meeting's next change."""
    told = {"told_at": meeting.changed_at, "state": state, "error": error[:300]}
    CalendarCopy.objects.update_or_create(calendar=calendar, meeting=meeting, defaults=told)


def forget_copy(copy: CalendarCopy) -> None:
    """It lies there no more."""
    copy.delete()


@transaction.atomic
def settle_copy(copy: CalendarCopy, is_ours: bool, *, by: Account) -> None:
    """Somebody changed it over there: ours is written again, or theirs is left for good."""
    copy = CalendarCopy.objects.select_for_update(of=("self",)).select_related("calendar").get(pk=copy.pk)
    insist(copy.calendar.person_id == by.pk, "This calendar is somebody else's", "Open your own.")
    insist(copy.state == State.FOREIGN, "This is settled already", "Look at the list again.")
    copy.state = State.OURS if is_ours else State.LEFT
    copy.save(update_fields=["state"])
    OwnCalendar.objects.filter(pk=copy.calendar_id).update(next_at=None)
