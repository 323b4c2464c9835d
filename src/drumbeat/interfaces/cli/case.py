"""One case of recurrence or working days as JSON, read field by field. Knows fields and types, no recurrence."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from drumbeat.core.calendars import WorkingCalendar
from drumbeat.core.places import zone_name
from drumbeat.core.refusal import Refused, insist

MEND_OF_MOMENT = "Write 2026-01-31 or 2026-01-31T09:00:00"


class Case:
    """A field that is missing or of the wrong type is refused by name."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values

    @classmethod
    def of(cls, line: bytes) -> Case:
        try:
            values = json.loads(line)
        except ValueError as wrong:
            raise Refused(f"The line is no JSON: {wrong}", "Write one object a line") from None
        insist(isinstance(values, dict), "The line holds no object", 'Write {"id": …, "kind": …, …}')
        return cls(values)

    def has(self, name: str) -> bool:
        return self.values.get(name) is not None

    def text(self, name: str, stand_in: str | None = None) -> str:
        value = self.values[name] if self.has(name) else stand_in
        insist(isinstance(value, str), f"{name} is no text", "Give it in quotes", name)
        return str(value)

    def whole(self, name: str, low: int, high: int, stand_in: int | None = None) -> int:
        value = self.values[name] if self.has(name) else stand_in
        fits = type(value) is int and low <= value <= high
        insist(fits, f"{name} is no whole number from {low} to {high}", "Give it as a number", name)
        return int(value or 0)

    def items(self, name: str) -> list[Any]:
        """A list, or the keys of a map."""
        value = self.values[name] if self.has(name) else []
        insist(isinstance(value, list | dict), f"{name} is no list", "Write […]", name)
        return list(value)

    def moment(self, name: str) -> date:
        return _moment(self.text(name), name)

    def day(self, name: str) -> date:
        return _day(self.text(name), name)

    def zone(self) -> ZoneInfo | None:
        """The zone named in `tz`. Without one the case is all-day or in clock times, and so is its answer, even
        where DTSTART ends in Z."""
        return ZoneInfo(zone_name(self.text("tz"))) if self.has("tz") else None

    def local(self, name: str, zone: ZoneInfo | None) -> datetime | None:
        """The clock time of a moment, midnight for a date; None when the field is empty."""
        return _local(self.moment(name), zone) if self.has(name) else None

    def locals(self, name: str, zone: ZoneInfo | None) -> list[datetime]:
        return [_local(_moment(text, name), zone) for text in self.items(name)]

    def calendar(self) -> WorkingCalendar:
        """The days of the line itself, so that the answer depends on nothing else."""
        for name in ("holidays", "weekend"):
            insist(self.has(name), f"{name} is missing", "Give the days of the calendar in the line", name)
        weekend, days_off = self.items("weekend"), self.items("holidays")
        fits = all(type(day) is int and 0 <= day <= 6 for day in weekend)
        insist(fits, "weekend holds something else than weekdays", "Use 0 (Monday) to 6", "weekend")
        return WorkingCalendar(
            self.text("calendar", "of this line"),
            frozenset(weekend),
            frozenset(_day(text, "holidays") for text in days_off),
        )


def _day(text: object, name: str) -> date:
    moment = _moment(text, name)
    insist(not isinstance(moment, datetime), f"{name} holds a time: {text}", "Write 2026-01-31", name)
    return moment


def _moment(text: object, name: str) -> date:
    """A date, or a moment in whole seconds: local, or aware when it ends in Z or an offset."""
    insist(isinstance(text, str), f"{name} is no text", MEND_OF_MOMENT, name)
    try:
        moment = datetime.fromisoformat(str(text)) if "T" in str(text) else date.fromisoformat(str(text))
    except ValueError:
        raise Refused(f"{name} is no date: {text!r:.60}", MEND_OF_MOMENT, field=name) from None
    if isinstance(moment, datetime):
        insist(not moment.microsecond, f"{name} has fractions of a second", MEND_OF_MOMENT, name)
        insist(not moment.utcoffset(), f"{name} has an offset", "Give local time and tz, or UTC with Z", name)
    return moment


def _local(moment: date, zone: ZoneInfo | None) -> datetime:
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time())
    if moment.tzinfo and zone:
        moment = moment.astimezone(zone)
    return moment.replace(tzinfo=None, fold=0)
