"""Dates, times and durations of calendars as values with their zone. Refuses what is no date, with the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from drumbeat.core.icalreading.lines import Property
from drumbeat.core.icalreading.zonebook import Zones
from drumbeat.core.icalreading.zones import RuledZone, Zone, usual_zone_like
from drumbeat.core.refusal import Refused

DATE_TIME = re.compile(
    r"^(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d))?(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?)?$"
)
DURATION = re.compile(
    r"^([+-])?P(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?$"
)
FLOATING = "floating"


@dataclass(frozen=True, slots=True)
class Moment:
    """A point of a calendar: a whole day, a wall clock of no zone, or a wall clock in `zone` with its instant.

    `zone` is an IANA name, `UTC`, the calendar's own name of rules it brings along, or `floating`; empty for a day.
    """

    day: date
    local: datetime | None
    zone: str
    instant: datetime | None

    @property
    def is_day(self) -> bool:
        return self.local is None

    def told(self) -> str:
        """ISO 8601: the day, the floating wall clock, or the wall clock with its offset."""
        if self.local is None:
            return self.day.isoformat()
        if self.instant is None:
            return self.local.isoformat()
        offset = self.local - self.instant.replace(tzinfo=None)
        return self.local.replace(tzinfo=timezone(offset) if offset else UTC).isoformat()

    def key(self) -> str:
        """Equal for two that mean the same point, in whatever zone they are written."""
        return self.instant.isoformat() if self.instant else self.told()


def moment_of(line: Property, zones: Zones) -> Moment:
    """Reads a DATE or DATE-TIME. A Z outranks a TZID; an unknown TZID leaves the wall clock floating."""
    value = line.value.strip()
    found = DATE_TIME.match(value)
    if not found:
        raise Refused(
            f"{line.name} is no date: {value[:60]!r}", "It looks like 20261125 or 20261125T090000Z."
        )
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
        if found[4] is None:
            return Moment(day, None, "", None)
        clock = time(int(found[4]), int(found[5]), min(int(found[6] or 0), 59))
    except ValueError:
        raise Refused(
            f"{line.name} is a date that doesn't exist: {value[:60]!r}", "Check day, month and hour."
        ) from None
    return _placed(datetime.combine(day, clock), found[7] or "", line.parameters.get("TZID", ""), zones)


def _placed(local: datetime, suffix: str, name: str, zones: Zones) -> Moment:
    if suffix:
        return _with_offset(local, timedelta(0) if suffix == "Z" else _offset(suffix))
    return in_zone(local, zones.get(name)) if name else Moment(local.date(), local, FLOATING, None)


def in_zone(local: datetime, zone: Zone | None) -> Moment:
    """This wall clock in a zone; floating when the zone isn't known."""
    if zone is None:
        return Moment(local.date(), local, FLOATING, None)
    if isinstance(zone, RuledZone):
        usual = usual_zone_like(zone, local.year)
        return Moment(
            local.date(), local, usual.key if usual else zone.name, _shifted(local, zone.offset_at(local))
        )
    offset = local.replace(tzinfo=zone).utcoffset() or timedelta(0)
    return Moment(local.date(), local, zone.key, _shifted(local, offset))


def _with_offset(local: datetime, offset: timedelta) -> Moment:
    instant = _shifted(local, offset)
    return (
        Moment(local.date(), local, "UTC", instant)
        if not offset
        else Moment(instant.date(), instant.replace(tzinfo=None), "UTC", instant)
    )


def _shifted(local: datetime, offset: timedelta) -> datetime:
    try:
        return (local - offset).replace(tzinfo=UTC)
    except OverflowError:
        return local.replace(tzinfo=UTC)


def _offset(text: str) -> timedelta:
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "")
    return sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]))


def duration_of(text: str) -> timedelta:
    """Reads a DURATION such as PT1H30M or -P1D."""
    found = DURATION.match(text.strip().upper())
    if not found or not any(found.groups()[1:]):
        raise Refused(f"The duration can't be read: {text[:40]!r}", "It looks like PT1H or P2D.")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -length if found[1] == "-" else length


def is_before(one: Moment, other: Moment) -> bool:
    """Whether it lies before the other; never where that can't be told: of a day and a time, or of a floating time and an instant."""
    if one.is_day != other.is_day or (one.instant is None) != (other.instant is None):
        return False
    return one.key() < other.key()


def later(moment: Moment, by: timedelta) -> Moment:
    """So much later: whole days by the calendar, time in elapsed hours."""
    try:
        if moment.local is None:
            return Moment(moment.day + timedelta(days=by.days), None, "", None)
        if moment.instant is None:
            return Moment((moment.local + by).date(), moment.local + by, moment.zone, None)
        return at_instant(moment, moment.instant + by)
    except OverflowError:
        raise Refused(
            "The end lies beyond all calendars", "Give an earlier end or a shorter duration."
        ) from None


def at_instant(like: Moment, instant: datetime) -> Moment:
    """That instant on the wall clocks of another moment's zone (zones known by their rules alone keep its offset)."""
    if like.local is None or like.instant is None:
        local = instant.replace(tzinfo=None)
        return Moment(local.date(), local, "UTC", instant)
    try:
        local = instant.astimezone(ZoneInfo(like.zone)).replace(tzinfo=None)
    except (KeyError, ValueError, OSError):
        local = (instant + (like.local - like.instant.replace(tzinfo=None))).replace(tzinfo=None)
    return Moment(local.date(), local, like.zone, instant)
