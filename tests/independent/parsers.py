"""Two parsers of calendars that Drumbeat neither wrote with nor reads with: ical.js under node, and libical. Both tell what they
understood in the same words; where one is missing, the tests that need it are skipped and say so."""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
NODE, NPM = shutil.which("node"), shutil.which("npm")
ALL = ("ical.js", "libical")


def understood(parser: str, text: bytes, cache: pytest.Cache) -> dict[str, Any]:
    """What one parser says: method, events, the first occurrences of a series, and its complaints."""
    return _ical_js(text, cache) if parser == "ical.js" else _libical(text)


# --- ical.js ---------------------------------------------------------------------------------------------------------


def _ical_js(text: bytes, cache: pytest.Cache) -> dict[str, Any]:
    if not (NODE and NPM):
        pytest.skip("ical.js needs node and npm")
    command = [NODE, str(HERE / "read.mjs"), str(_installed(cache) / "node_modules" / "ical.js")]
    told = subprocess.run(command, input=text, capture_output=True, check=False, timeout=60)
    assert told.returncode == 0, told.stderr.decode()
    return dict(json.loads(told.stdout))


def _installed(cache: pytest.Cache) -> Path:
    """The library as the lock file names it, in the cache of the tests."""
    folder = Path(cache.mkdir("ical-js"))
    lock = (HERE / "package-lock.json").read_bytes()
    if (folder / "package-lock.json").is_file() and (folder / "package-lock.json").read_bytes() == lock:
        return folder
    shutil.copy(HERE / "package.json", folder)
    shutil.copy(HERE / "package-lock.json", folder / "npm-shrinkwrap.json")
    assert NPM
    command = [NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=120)
    if done.returncode:
        pytest.skip(f"ical.js can't be installed: {done.stderr.decode().strip()[-200:]}")
    (folder / "package-lock.json").write_bytes(lock)
    return folder


# --- libical ---------------------------------------------------------------------------------------------------------


class _Time(ctypes.Structure):
    _fields_ = [
        *((name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second")),
        ("is_date", ctypes.c_int),
        ("is_daylight", ctypes.c_int),
        ("zone", ctypes.c_void_p),
    ]


class _Span(ctypes.Structure):
    _fields_ = [("start", ctypes.c_long), ("end", ctypes.c_long), ("is_busy", ctypes.c_int)]


_POINTER, _TEXT, _WHOLE = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
_TOLD_EACH = ctypes.CFUNCTYPE(None, _POINTER, ctypes.POINTER(_Span), _POINTER)
_CALLS: dict[str, tuple[Any, list[Any]]] = {
    "icalparser_parse_string": (_POINTER, [_TEXT]),
    "icalcomponent_free": (None, [_POINTER]),
    "icalcomponent_isa": (_WHOLE, [_POINTER]),
    "icalcomponent_count_errors": (_WHOLE, [_POINTER]),
    "icalrestriction_check": (_WHOLE, [_POINTER]),
    "icalcomponent_string_to_kind": (_WHOLE, [_TEXT]),
    "icalproperty_string_to_kind": (_WHOLE, [_TEXT]),
    "icalcomponent_get_method": (_WHOLE, [_POINTER]),
    "icalproperty_method_to_string": (_TEXT, [_WHOLE]),
    "icalcomponent_get_first_component": (_POINTER, [_POINTER, _WHOLE]),
    "icalcomponent_get_next_component": (_POINTER, [_POINTER, _WHOLE]),
    "icalcomponent_get_first_property": (_POINTER, [_POINTER, _WHOLE]),
    "icalcomponent_get_next_property": (_POINTER, [_POINTER, _WHOLE]),
    "icalproperty_get_value_as_string": (_TEXT, [_POINTER]),
    "icalproperty_get_parameter_as_string": (_TEXT, [_POINTER, _TEXT]),
    "icalcomponent_get_dtstart": (_Time, [_POINTER]),
    "icalcomponent_get_dtend": (_Time, [_POINTER]),
    "icalproperty_get_datetime_with_component": (_Time, [_POINTER, _POINTER]),
    "icalcomponent_foreach_recurrence": (None, [_POINTER, _Time, _Time, _TOLD_EACH, _POINTER]),
    "icaltime_from_string": (_Time, [_TEXT]),
    "icaltime_as_timet_with_zone": (ctypes.c_long, [_Time, _POINTER]),
    "icaltimezone_get_utc_timezone": (_POINTER, []),
    "icaltimezone_get_tzid": (_TEXT, [_POINTER]),
}
_library: list[ctypes.CDLL] = []


def _loaded() -> ctypes.CDLL:
    name = ctypes.util.find_library("ical")
    if name is None:
        pytest.skip("libical is not installed (Debian's package libical3)")
    if not _library:
        library = ctypes.CDLL(name)
        for call, (result, arguments) in _CALLS.items():
            getattr(library, call).restype, getattr(library, call).argtypes = result, arguments
        _library.append(library)
    return _library[0]


def _libical(text: bytes) -> dict[str, Any]:
    ical = _loaded()
    calendar = ical.icalparser_parse_string(text)
    assert calendar, "libical reads no calendar there"
    try:
        events = list(_parts(ical, calendar, "VEVENT"))
        method = ical.icalcomponent_get_method(calendar)
        return {
            "method": _said(ical.icalproperty_method_to_string(method)),
            "events": [_event(ical, event) for event in events],
            "occurrences": [moment for event in events for moment in _occurrences(ical, event)],
            "complaints": _complaints(ical, calendar),
        }
    finally:
        ical.icalcomponent_free(calendar)


def _parts(ical: ctypes.CDLL, calendar: int, name: str) -> Iterator[int]:
    kind = ical.icalcomponent_string_to_kind(name.encode())
    found = ical.icalcomponent_get_first_component(calendar, kind)
    while found:
        yield found
        found = ical.icalcomponent_get_next_component(calendar, kind)


def _lines(ical: ctypes.CDLL, part: int, name: str) -> Iterator[int]:
    kind = ical.icalproperty_string_to_kind(name.encode())
    found = ical.icalcomponent_get_first_property(part, kind)
    while found:
        yield found
        found = ical.icalcomponent_get_next_property(part, kind)


def _event(ical: ctypes.CDLL, event: int) -> dict[str, Any]:
    start = ical.icalcomponent_get_dtstart(event)
    zone = _said(ical.icaltimezone_get_tzid(start.zone)) if start.zone else None
    return {
        "uid": _value(ical, event, "UID"),
        "sequence": int(_value(ical, event, "SEQUENCE") or 0),
        "start": _instant(ical, start),
        "end": _instant(ical, ical.icalcomponent_get_dtend(event)),
        "zone": zone,
        "recurrence_id": _original(ical, event),
        "summary": _plain(_value(ical, event, "SUMMARY")),
        "description": _plain(_value(ical, event, "DESCRIPTION")),
        "location": _plain(_value(ical, event, "LOCATION")),
        "status": _value(ical, event, "STATUS"),
        "organizer": _address(ical, next(_lines(ical, event, "ORGANIZER"))),
        "attendees": [_attendee(ical, line) for line in _lines(ical, event, "ATTENDEE")],
    }


def _original(ical: ctypes.CDLL, event: int) -> str | None:
    line = next(_lines(ical, event, "RECURRENCE-ID"), None)
    return _instant(ical, ical.icalproperty_get_datetime_with_component(line, event)) if line else None


def _occurrences(ical: ctypes.CDLL, event: int) -> list[str]:
    """Of a series, within twenty years."""
    if _value(ical, event, "RRULE") is None:
        return []
    found: list[str] = []

    @_TOLD_EACH
    def note(_event: int, span: Any, _data: int) -> None:
        found.append(_words(span.contents.start))

    first, last = (ical.icaltime_from_string(year) for year in (b"20200101T000000Z", b"20400101T000000Z"))
    ical.icalcomponent_foreach_recurrence(event, first, last, note, None)
    return found


def _attendee(ical: ctypes.CDLL, line: int) -> list[str | None]:
    names = (b"CN", b"PARTSTAT", b"RSVP")
    return [
        _address(ical, line),
        *(_said(ical.icalproperty_get_parameter_as_string(line, name)) for name in names),
    ]


def _address(ical: ctypes.CDLL, line: int) -> str:
    return str(_said(ical.icalproperty_get_value_as_string(line))).removeprefix("mailto:")


def _value(ical: ctypes.CDLL, event: int, name: str) -> str | None:
    line = next(_lines(ical, event, name), None)
    return _said(ical.icalproperty_get_value_as_string(line)) if line else None


def _plain(text: str | None) -> str | None:
    """Values come as they are written: with their signs escaped."""
    if text is None:
        return None
    return text.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")


def _instant(ical: ctypes.CDLL, time: _Time) -> str | None:
    if not time.year:
        return None
    utc = time.zone is None or time.zone == ical.icaltimezone_get_utc_timezone()
    seconds = ical.icaltime_as_timet_with_zone(time, None if utc else time.zone)
    return _words(seconds)


def _words(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _complaints(ical: ctypes.CDLL, calendar: int) -> list[str]:
    """What breaks the grammar, and what breaks the rules of its METHOD."""
    ical.icalrestriction_check(calendar)
    errors = ical.icalcomponent_count_errors(calendar)
    told = [
        _value(ical, part, "X-LIC-ERROR")
        for part in (calendar, *_parts(ical, calendar, "VEVENT"), *_parts(ical, calendar, "VTIMEZONE"))
    ]
    return [one for one in told if one] or ([f"{errors} errors"] if errors else [])


def _said(text: bytes | None) -> str | None:
    return text.decode() if text is not None else None
