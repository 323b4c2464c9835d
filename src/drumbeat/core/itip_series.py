"""A meeting with its occurrences: the series itself and what was changed of single dates. Knows no message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from drumbeat.core.icalreading.calendar import CalendarReading
from drumbeat.core.icalreading.events import Attendee, Event
from drumbeat.core.icalreading.moments import Moment, at_instant, later
from drumbeat.core.recurrence import RuleError, expand, parse_rule


@dataclass(frozen=True, slots=True)
class Series:
    """All that is known of one UID. Without a master only single occurrences were told (somebody was invited to one)."""

    master: Event | None
    exceptions: tuple[Event, ...]

    @property
    def uid(self) -> str:
        return next((event.uid for event in self.events), "")

    @property
    def events(self) -> tuple[Event, ...]:
        return (self.master, *self.exceptions) if self.master else self.exceptions

    @property
    def organizer(self) -> Attendee | None:
        return next((event.organizer for event in self.events if event.organizer), None)

    def event_at(self, recurrence_id: Moment | None) -> Event | None:
        """The master, or the changed occurrence of that original start; None when it isn't known."""
        if recurrence_id is None:
            return self.master
        return next(
            (
                one
                for one in self.exceptions
                if one.recurrence_id and one.recurrence_id.key() == recurrence_id.key()
            ),
            None,
        )

    def invites(self, email: str) -> bool:
        return any(one.email.lower() == email.lower() for event in self.events for one in event.attendees)

    def with_event(self, event: Event, *, is_answer: bool = False) -> Series:
        """With this event in place of the one it replaces; a newer master takes exceptions of older versions away."""
        if event.recurrence_id is None:
            kept = [one for one in self.exceptions if is_answer or one.sequence >= event.sequence]
            return Series(event, tuple(kept))
        others = [
            one
            for one in self.exceptions
            if one.recurrence_id and one.recurrence_id.key() != event.recurrence_id.key()
        ]
        return Series(self.master, tuple(sorted([*others, event], key=_order)))

    def without(self, recurrence_id: Moment) -> Series:
        """Without that occurrence; where only single ones are known, it stays and is cancelled."""
        known = self.event_at(recurrence_id)
        if self.master is None:
            return self.with_event(replace(known, status="CANCELLED")) if known else self
        others = tuple(one for one in self.exceptions if one is not known)
        return Series(replace(self.master, without=(*self.master.without, recurrence_id)), others)


def series_of(reading: CalendarReading) -> Series | None:
    """The meeting that a calendar holds; None when it holds none."""
    masters = [event for event in reading.events if event.recurrence_id is None]
    exceptions = tuple(event for event in reading.events if event.recurrence_id)
    return Series(masters[0] if masters else None, exceptions) if reading.events else None


def _order(event: Event) -> str:
    return event.recurrence_id.key() if event.recurrence_id else ""


def is_occurrence(master: Event, moment: Moment) -> bool:
    """Whether the series takes place at this original start. A rule that can't be followed gives no dates."""
    if master.start is None or any(one.key() == moment.key() for one in master.without):
        return False
    given = (master.start, *master.further) if not master.rule else master.further
    return any(one.key() == moment.key() for one in given) or _fits_rule(master, moment)


def _fits_rule(master: Event, moment: Moment) -> bool:
    start = master.start
    if not master.rule or start is None:
        return False
    wanted = local_in_zone_of(start, moment)
    first = start.local or datetime.combine(start.day, time())
    try:
        found = expand(
            parse_rule(master.rule),
            first,
            start=wanted,
            until=wanted + timedelta(seconds=1),
            count=1,
            zone=_zone(start),
        )
        return next(found, None) == wanted
    except (RuleError, OverflowError):
        return False


def local_in_zone_of(like: Moment, moment: Moment) -> datetime:
    """The wall clock of a moment where the other one is told."""
    if moment.instant and like.instant:
        moved = at_instant(like, moment.instant)
        return moved.local or datetime.combine(moved.day, time())
    if moment.local and like.local:
        return moment.local
    return datetime.combine(moment.day, like.local.time() if like.local else time())


def _zone(moment: Moment) -> ZoneInfo | None:
    try:
        return ZoneInfo(moment.zone) if moment.zone else None
    except (KeyError, ValueError, OSError):
        return None


def exception_at(master: Event, moment: Moment) -> Event:
    """The occurrence of that original start as an event of its own, told in the series' zone."""
    start = (
        at_instant(master.start, moment.instant)
        if master.start and moment.instant and master.start.instant
        else moment
    )
    end = later(start, _length(master)) if master.end else None
    return replace(
        master, start=start, end=end, recurrence_id=start, rule="", further=(), without=(), problems=()
    )


def _length(event: Event) -> timedelta:
    assert event.start is not None and event.end is not None
    if event.start.instant and event.end.instant:
        return event.end.instant - event.start.instant
    return event.end.day - event.start.day


def shortened(series: Series, until: Moment, sequence: int) -> Series:
    """The series without that occurrence and all later ones."""
    assert series.master is not None
    master = series.master
    parts = [
        part for part in master.rule.split(";") if part and not part.upper().startswith(("UNTIL=", "COUNT="))
    ]
    rule = ";".join([*parts, f"UNTIL={_last_before(until)}"]) if parts else ""
    kept_dates = tuple(one for one in master.further if one.key() < until.key())
    changed = replace(master, rule=rule, further=kept_dates, sequence=max(sequence, master.sequence))
    return Series(changed, tuple(_before(series.exceptions, until)))


def _before(events: Iterable[Event], until: Moment) -> list[Event]:
    return [one for one in events if one.recurrence_id and one.recurrence_id.key() < until.key()]


def _last_before(until: Moment) -> str:
    if until.instant:
        return f"{until.instant - timedelta(seconds=1):%Y%m%dT%H%M%SZ}"
    if until.local:
        return f"{until.local - timedelta(seconds=1):%Y%m%dT%H%M%S}"
    return f"{until.day - timedelta(days=1):%Y%m%d}"
