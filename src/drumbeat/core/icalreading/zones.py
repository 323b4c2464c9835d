"""Which zone a calendar means: IANA names, Windows names, names with a path before them, or rules of its own.

Knows names and rules; doesn't read the calendar's text.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from drumbeat.core.recurrence import Rule, RuleError, expand

# Offices of the world in the order in which a nameless zone's rules are compared with them.
USUAL_ZONES = [
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Halifax",
    "America/Sao_Paulo",
    "America/Mexico_City",
    "America/Bogota",
    "America/Argentina/Buenos_Aires",
    "America/Phoenix",
    "America/Anchorage",
    "Pacific/Honolulu",
    "Europe/Athens",
    "Europe/Moscow",
    "Europe/Istanbul",
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Asia/Jerusalem",
    "Asia/Dubai",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Dhaka",
    "Asia/Bangkok",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Australia/Brisbane",
    "Australia/Adelaide",
    "Australia/Perth",
    "Pacific/Auckland",
    "America/St_Johns",
    "America/Caracas",
    "UTC",
]
SHORT_NAMES = {"EASTERN": "America/New_York", "CENTRAL": "America/Chicago", "MOUNTAIN": "America/Denver",
               "PACIFIC": "America/Los_Angeles", "Z": "UTC", "GMT": "UTC", "UTC": "UTC"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Observance:
    """One side of a zone's year: from `begins_at` (its wall clock before the change) on, and each time `rule` says."""

    begins_at: datetime
    offset_before: timedelta
    offset: timedelta
    rule: Rule | None
    further: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class RuledZone:
    """A zone that a calendar brings along under a name of its own."""

    name: str
    observances: tuple[Observance, ...]

    def offset_at(self, local: datetime) -> timedelta:
        """The offset from UTC that the rules give at this wall clock; before the first rule that of before it."""
        begun = [(onset, one) for one in self.observances for onset in _last_onset(one, local)]
        if begun:
            return max(begun, key=lambda pair: pair[0])[1].offset
        return min(self.observances, key=lambda one: one.begins_at).offset_before


Zone = ZoneInfo | RuledZone


@lru_cache(maxsize=4096)
def _last_onset(observance: Observance, local: datetime) -> tuple[datetime, ...]:
    """The last time at or before `local` at which the observance began; only rules by the year or month are followed."""
    onsets = [one for one in (observance.begins_at, *observance.further) if one <= local]
    if (
        observance.rule
        and observance.rule.freq.name in ("YEARLY", "MONTHLY")
        and local > observance.begins_at
    ):
        start = max(observance.begins_at, local - timedelta(days=800))
        with contextlib.suppress(RuleError):
            onsets += expand(
                observance.rule,
                observance.begins_at,
                start=start,
                until=local + timedelta(seconds=1),
                count=30,
            )
    return (max(onsets),) if onsets else ()


def zone_named(name: str) -> ZoneInfo | None:
    """The IANA zone that a TZID means by its name alone; None when the name tells nothing."""
    name = bare_name(name)
    for candidate in _candidates(name):
        if candidate in available_zones():
            return ZoneInfo(candidate)
    plain = name.removeprefix("tzone://Microsoft/")
    windows = WINDOWS_TO_OLSON.get(plain) or SHORT_NAMES.get(plain.upper())
    return ZoneInfo(windows) if windows else None


def bare_name(name: str) -> str:
    """A TZID without what some writers put around it."""
    return name.strip().strip('"').strip()


@lru_cache(maxsize=1)
def available_zones() -> frozenset[str]:
    """The zones this machine knows, without its aliases for the machine itself."""
    return frozenset(available_timezones()) - {"localtime", "Factory", "posixrules"}


def _candidates(name: str) -> list[str]:
    """The name and its ends after each slash: many writers put their own path, or `custom_`, before it."""
    parts = [part for part in name.replace("custom_", "").replace(" ", "_").split("/") if part]
    ends = ["/".join(parts[index:]) for index in range(len(parts))] if len(parts) > 1 else [name]
    return [name, *(end for end in ends if "/" in end or len(parts) == 1)]


def usual_zone_like(zone: RuledZone, year: int) -> ZoneInfo | None:
    """The zone of the world whose clocks show the same as these rules, twice a month over this year."""
    if not 1900 <= year <= 2200:
        return None
    moments = [datetime(year, month, day, 12) for month in range(1, 13) for day in (1, 16)]  # noqa: DTZ001 - wall clocks
    wanted = [zone.offset_at(moment) for moment in moments]
    return next(
        (
            place
            for place in map(ZoneInfo, USUAL_ZONES)
            if [m.replace(tzinfo=place).utcoffset() for m in moments] == wanted
        ),
        None,
    )
