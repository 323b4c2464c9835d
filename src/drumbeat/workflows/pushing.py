"""Meetings on the own calendars of those who run and attend them: laid there, changed, taken away; each once.

A change names the version it replaces. Where somebody changed or removed it over there, nothing is overwritten: it waits for
its owner. A worker that dies after the server took something finds its own text there next time, and goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings

from drumbeat.apps.meetings import actions as kept
from drumbeat.apps.meetings.bridge import entry_of
from drumbeat.apps.meetings.models import CalendarCopy, OwnCalendar
from drumbeat.apps.meetings.queries import ToLay, to_lay
from drumbeat.apps.people.models import Account
from drumbeat.core.ical import entry_text
from drumbeat.core.icalreading import read_calendar
from drumbeat.core.refusal import Refused
from drumbeat.core.sealing import seal, unseal
from drumbeat.integrations.caldav import Changed, Gone, Kept, Laid, Shelf, Trouble

Shelves = Callable[[str, str, str], Shelf]
State = CalendarCopy.State
PURPOSE = "own-calendar"
LEASE = timedelta(minutes=10)
CALENDARS, MEETINGS = 50, 100
PAUSE = timedelta(minutes=1)


def connect_calendar(
    person: Account, url: str, user: str, password: str, *, shelves: Shelves, at: datetime
) -> OwnCalendar:
    """Opens somebody's own calendar when the server lets us in. Raises Refused with what the server said."""
    if trouble := shelves(url, user, password).look():
        raise Refused(trouble.reason, "Check address, user and password.", field="url")
    sealed = seal(password, key=settings.SECRET_KEY, purpose=PURPOSE)
    return kept.open_calendar(person, url, user, sealed, at=at)


def push_due(shelves: Shelves | None, *, at: datetime) -> int:
    """Brings every calendar whose turn it is up to date; how many meetings were laid or taken away there."""
    if shelves is None:
        return 0
    calendars = kept.claim_calendars(at=at, lease=LEASE, limit=CALENDARS)
    return sum(_push(calendar, shelves, at) for calendar in calendars)


def _push(calendar: OwnCalendar, shelves: Shelves, at: datetime) -> int:
    try:
        password = unseal(calendar.password, key=settings.SECRET_KEY, purpose=PURPOSE)
    except Refused as refusal:
        kept.note_round(calendar, error=str(refusal), may_retry=False, at=at, next_at=at + PAUSE)
        return 0
    shelf, done = shelves(calendar.url, calendar.user, password), 0
    due = to_lay(calendar, at, limit=MEETINGS)
    for one in due:
        if trouble := _laid(one, calendar, shelf):
            kept.note_round(calendar, error=trouble.reason, may_retry=trouble.may_retry, at=at, next_at=at)
            return done
        done += 1
    if calendar.is_closing and len(due) < MEETINGS:
        kept.forget_calendar(calendar)
    else:
        kept.note_round(calendar, at=at, next_at=at + PAUSE)
    return done


def _laid(one: ToLay, calendar: OwnCalendar, shelf: Shelf) -> Trouble | None:
    """Does what is to be done about one meeting; trouble that concerns all is handed back."""
    verdict = _put(one, shelf) if one.is_to_be_there else _remove(one, shelf)
    match verdict:
        case Laid(etag):
            kept.note_laid(calendar, one.meeting, etag)
        case Gone():
            if one.copy:
                kept.forget_copy(one.copy)
        case Changed():
            kept.note_not_laid(calendar, one.meeting, State.FOREIGN)
        case Trouble(reason, concerns_all):
            if concerns_all:
                return verdict
            kept.note_not_laid(calendar, one.meeting, State.REFUSED, reason)
    return None


def _put(one: ToLay, shelf: Shelf) -> Laid | Changed | Trouble:
    text = entry_text(entry_of(one.meeting, page=f"{settings.PUBLIC_URL}/meetings/{one.meeting.pk}/"))
    name, replaces = _name(one), one.copy.etag if one.copy else ""
    if one.copy and one.copy.state == State.OURS:
        found = shelf.get(name)
        if isinstance(found, Trouble):
            return found
        replaces = found.etag if isinstance(found, Kept) else ""
    verdict = shelf.put(name, text, replaces=replaces)
    return _own_already(shelf, name, text) if isinstance(verdict, Changed) else verdict


def _own_already(shelf: Shelf, name: str, text: bytes) -> Laid | Changed | Trouble:
    """What lies there may be what we laid, when the answer to that was lost."""
    found = shelf.get(name)
    if isinstance(found, Kept):
        return Laid(found.etag) if _said(found.text) == _said(text) else Changed()
    return found if isinstance(found, Trouble) else Changed()


def _said(text: bytes) -> object:
    """What an event says, however its server writes it."""
    try:
        [event] = read_calendar(text).events
    except (Refused, ValueError):
        return None
    moments = [moment.key() if moment else "" for moment in (event.start, event.end)]
    return (event.uid, event.sequence, event.stamped_at, event.summary, event.status, moments)


def _remove(one: ToLay, shelf: Shelf) -> Gone | Changed | Trouble:
    """What was never laid, or somebody changed over there, is not ours to take away."""
    if one.copy is None or not one.copy.etag or one.copy.state in (State.FOREIGN, State.LEFT):
        return Gone()
    return shelf.remove(_name(one), replaces=one.copy.etag)


def _name(one: ToLay) -> str:
    return f"drumbeat-{one.meeting.uid[:8]}-{one.meeting.pk}.ics"
