"""What a TZID means in one calendar: a name of the world, rules of its own, an offset, or the words that Windows shows.

Knows such words and their order of trust; the names themselves are looked up in `zones`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from drumbeat.core.icalreading.zones import (
    SHORT_NAMES,
    Observance,
    RuledZone,
    Zone,
    available_zones,
    bare_name,
    zone_named,
)

OFFSET = re.compile(r"(?:GMT|UTC|UT)?\s*([+-])\s*(\d{1,2})(?:[:.]?([0-5]\d))?", re.I)
SHOWN = re.compile(r"\((?:GMT|UTC)\s*([+-]\d{1,2}[:.]?\d\d)?\)\s*(.*)", re.I)
EASTMOST, WESTMOST = timedelta(hours=14), timedelta(hours=-12)
# Places that Windows shows and no zone of the world is named after.
SHOWN_PLACES = {
    "Abu Dhabi": "Asia/Dubai", "Alaska": "America/Anchorage", "Arizona": "America/Phoenix",
    "Atlantic": "America/Halifax", "Baja California": "America/Tijuana", "Beijing": "Asia/Shanghai",
    "Brasilia": "America/Sao_Paulo", "Central America": "America/Guatemala", "Hanoi": "Asia/Bangkok",
    "Coordinated Universal": "UTC", "City of Buenos Aires": "America/Argentina/Buenos_Aires", "Hawaii": "Pacific/Honolulu",
    "Indiana": "America/Indiana/Indianapolis", "Islamabad": "Asia/Karachi", "New Delhi": "Asia/Kolkata",
    "Newfoundland": "America/St_Johns", "Pretoria": "Africa/Johannesburg", "Saskatchewan": "America/Regina",
    "Sri Jayawardenepura": "Asia/Colombo", "St. Petersburg": "Europe/Moscow", "Wellington": "Pacific/Auckland",
    "West Central Africa": "Africa/Lagos",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Zones:
    """The zones of a calendar by TZID. A name of the world outranks the rules it brings along; those outrank words."""

    own: Mapping[str, Zone] = field(default_factory=dict)

    def get(self, name: str) -> Zone | None:
        return zone_named(name) or self.own.get(bare_name(name)) or zone_worded(name)

    def doubt(self, name: str) -> str:
        """What a reader should know about how this name was understood; empty when it is plain."""
        bare = bare_name(name)
        if not bare or zone_named(bare) or bare in self.own:
            return ""
        zone = zone_worded(bare)
        if zone is None:
            return "Its zone is unknown, so its time is taken as it stands"
        if not (shown := SHOWN.fullmatch(bare)):
            return ""
        if isinstance(zone, ZoneInfo) and zone == _shown_place(shown):
            return f"Its zone {bare[:80]!r} is taken to be {zone.key}"
        return f"Its zone {bare[:80]!r} is known by its offset alone, without summer time"


@lru_cache(maxsize=1024)
def zone_worded(name: str) -> Zone | None:
    """The zone of an offset such as `GMT+0200`, or of words such as `(UTC+01:00) Berlin, Rome`: its place, else its offset."""
    bare = bare_name(name)
    shown = SHOWN.fullmatch(bare)
    offset = _offset_shown(shown) if shown else _offset_told(bare)
    if offset is None:
        return _shortened(bare)
    return (_shown_place(shown) if shown else None) or _fixed(bare, offset)


def _shortened(name: str) -> ZoneInfo | None:
    """A name of Windows without its end, as Notes has it, or one of America, as Apple had it: `W. Europe`, `US-Eastern`."""
    known = WINDOWS_TO_OLSON.get(f"{name} Standard Time") or SHORT_NAMES.get(name.removeprefix("US-").upper())
    return ZoneInfo(known) if known else None


def _offset_shown(shown: re.Match[str]) -> timedelta | None:
    return _offset_told(shown[1] or "+0")


def _offset_told(name: str) -> timedelta | None:
    """East is plus, except in `Etc/GMT…`, where POSIX has it the other way round."""
    folder, _, last = name.rpartition("/")
    found, is_posix = OFFSET.fullmatch(last), folder.endswith("Etc")
    if not found or (is_posix and not last.startswith("GMT")):
        return None
    is_east = (found[1] == "+") != is_posix
    length = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    offset = length if is_east else -length
    return offset if WESTMOST <= offset <= EASTMOST else None


def _fixed(name: str, offset: timedelta) -> Zone:
    hours, rest = divmod(offset, timedelta(hours=1))
    if rest:
        return RuledZone(name[:200], (Observance(datetime(1970, 1, 1), offset, offset, None),))  # noqa: DTZ001 - a wall clock
    return ZoneInfo(f"Etc/GMT{-hours:+d}" if hours else "UTC")


def _shown_place(shown: re.Match[str]) -> ZoneInfo | None:
    """The first of the places that stands for a zone of Windows, else the first of any, whose standard time has that offset."""
    offset = _offset_shown(shown)
    fitting = [key for key in _places(shown[2]) if _standard_offset(key) == offset]
    usual = [key for key in fitting if key in WINDOWS_TO_OLSON.values()]
    return ZoneInfo((usual or fitting)[0]) if fitting else None


def _places(words: str) -> list[str]:
    found: list[str] = []
    for part in re.split(r"[,:;/]", re.sub(r"\([^)]*\)", "", words)):
        place = part.strip().removesuffix(" Time").strip()
        known = SHORT_NAMES.get(place.upper()) or SHOWN_PLACES.get(place)
        found += [known] if known else _zones_by_place().get(place.replace(" ", "_"), [])
    return found


@lru_cache(maxsize=1)
def _zones_by_place() -> Mapping[str, list[str]]:
    zones: dict[str, list[str]] = defaultdict(list)
    for key in sorted(available_zones()):
        zones[key.rpartition("/")[2]].append(key)
    return dict(zones)


@lru_cache(maxsize=1024)
def _standard_offset(key: str) -> timedelta:
    """That of winter: the smaller of both halves of a year, by the rules of this decade."""
    halves = [datetime(2026, month, 1, tzinfo=UTC).astimezone(ZoneInfo(key)) for month in (1, 7)]
    return min(half.utcoffset() or timedelta(0) for half in halves)
