"""How often a series of meetings takes place: a few usual rhythms as RRULE, and the dates that follow. Knows no meeting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from drumbeat.core.recurrence import Frequency, expand, parse_rule
from drumbeat.core.refusal import insist

RHYTHMS = {"week": "every week", "fortnight": "every two weeks", "month": "every month, on the same weekday"}
MOST = 26
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def rule_of(rhythm: str, times: int, starts_at: datetime, zone: str) -> str:
    """The RRULE of so many meetings (2 to 26) from `starts_at` on; by the month on its weekday, the fifth as the last."""
    insist(rhythm in RHYTHMS, f"There is no rhythm {rhythm!r}", f"Say {', '.join(RHYTHMS)}.", "rhythm")
    insist(2 <= times <= MOST, f"{times} is no number of meetings", f"A series has 2 to {MOST}.", "times")
    if rhythm == "month":
        day = starts_at.astimezone(ZoneInfo(zone)).date()
        week = (day.day - 1) // 7 + 1
        return f"FREQ=MONTHLY;BYDAY={-1 if week == 5 else week}{_WEEKDAYS[day.weekday()]};COUNT={times}"
    return f"FREQ=WEEKLY;INTERVAL={1 if rhythm == 'week' else 2};COUNT={times}"


def rhythm_of(rule: str) -> str:
    """The rhythm by which `rule_of` made it."""
    read = parse_rule(rule)
    if read.freq == Frequency.MONTHLY:
        return "month"
    return "fortnight" if read.interval == 2 else "week"


def dates_of(rule: str, starts_at: datetime, zone: str) -> list[datetime]:
    """The starts (UTC) of all meetings, at the same hour of the wall clock; of an hour that comes twice, the first."""
    place = ZoneInfo(zone)
    first = starts_at.astimezone(place).replace(tzinfo=None)
    found = expand(parse_rule(rule), first, count=MOST, zone=place)
    return [local.replace(tzinfo=place).astimezone(UTC) for local in found]


def shifted(starts: Sequence[datetime], first: datetime, to: datetime, zone: str) -> list[datetime]:
    """All starts (UTC), later or earlier by as much as `first` is when it moves to `to`, told by the zone's wall clock."""
    place = ZoneInfo(zone)

    def local(moment: datetime) -> datetime:
        return moment.astimezone(place).replace(tzinfo=None)

    by = local(to) - local(first)
    return [(local(one) + by).replace(tzinfo=place).astimezone(UTC) for one in starts]
