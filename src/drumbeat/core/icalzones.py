"""A zone's rules as other calendars read them (VTIMEZONE, RFC 5545 3.6.5). Knows no event."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

SECOND = timedelta(seconds=1)


@lru_cache(maxsize=512)
def zone_rules(zone: str, year: int, years: int = 2) -> Timezone:
    """Every change of offset in so many years from the start of this one on.

    RFC 5545, 3.6.5: an observance begins at the wall clock's time *before* the change.
    """
    place, first = ZoneInfo(zone), datetime(year, 1, 1, tzinfo=UTC)
    rules = Timezone()
    rules.add("tzid", zone)
    rules.add_component(_observance(first.astimezone(place), first.astimezone(place)))
    for change in _changes(place, first, datetime(year + years, 1, 1, tzinfo=UTC)):
        before, after = (change - SECOND).astimezone(place), change.astimezone(place)
        rules.add_component(_observance(before, after))
    return rules


def _observance(before: datetime, after: datetime) -> TimezoneStandard | TimezoneDaylight:
    offset_before, offset_after = before.utcoffset(), after.utcoffset()
    assert offset_before is not None and offset_after is not None
    observance = TimezoneDaylight() if after.dst() else TimezoneStandard()
    observance.add("dtstart", (after.astimezone(UTC) + offset_before).replace(tzinfo=None))
    observance.add("tzoffsetfrom", offset_before)
    observance.add("tzoffsetto", offset_after)
    observance.add("tzname", after.tzname())
    return observance


def _changes(place: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """The first second (UTC) of each new offset in [first, last)."""
    day = first
    while day < last:
        follower = day + timedelta(days=1)
        if _offset(place, day) != _offset(place, follower):
            yield _change_between(place, day, follower)
        day = follower


def _change_between(place: ZoneInfo, low: datetime, high: datetime) -> datetime:
    while high - low > SECOND:
        middle = low + (high - low) // (2 * SECOND) * SECOND
        low, high = (middle, high) if _offset(place, middle) == _offset(place, low) else (low, middle)
    return high


def _offset(place: ZoneInfo, moment: datetime) -> timedelta | None:
    return moment.astimezone(place).utcoffset()
