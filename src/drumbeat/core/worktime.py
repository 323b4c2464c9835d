"""Local time made instants, and business-hour clocks.

Knows zones and opening hours of one side; which days are worked it asks `calendars`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from drumbeat.core.calendars import CalendarError, WorkingCalendar, add_working_days

Window = tuple[datetime, datetime]


def localize(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant (UTC) of a local clock time.

    In a gap the offset before the gap counts, so the time moves on by the gap (RFC 5545, 3.3.5);
    in a fold the first of the two.
    """
    return datetime.combine(day, at.replace(fold=0), tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The hours in which one side's clocks run: `start` until `end` local time on worked days."""

    calendar: WorkingCalendar
    zone: ZoneInfo
    start: time = time(9)
    end: time = time(17)

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise CalendarError(
                f"Working hours from {self.start:%H:%M} to {self.end:%H:%M} never open",
                "Let them start before they end.",
            )

    def windows(self, moment: datetime, direction: int) -> Iterator[Window]:
        """Opening times from the local day of `moment` on: forward (1) or backward (-1)."""
        day = moment.astimezone(self.zone).date()
        if self.calendar.is_working(day):
            yield self._window(day)
        while True:
            day = add_working_days(day, direction, self.calendar)
            yield self._window(day)

    def _window(self, day: date) -> Window:
        return localize(day, self.start, self.zone), localize(day, self.end, self.zone)


def add_working_time(moment: datetime, span: timedelta, hours: WorkingHours) -> datetime:
    """The first instant (UTC) at which `span` of working time has passed since `moment`.

    A negative span gives the last instant from which so much working time is left until `moment`;
    no span gives `moment` itself, even outside the hours.
    """
    if span < timedelta(0):
        return _subtract_working_time(moment, -span, hours)
    if span == timedelta(0):
        return moment.astimezone(UTC)
    for opens, closes in hours.windows(moment, 1):
        begin = max(opens, moment)
        if begin + span <= closes:
            return begin.astimezone(UTC) + span
        span -= max(closes - begin, timedelta(0))
    raise AssertionError("windows never end")


def next_working_moment(moment: datetime, hours: WorkingHours) -> datetime:
    """`moment` itself (UTC) inside the hours, else their next opening."""
    opens, _ = next(window for window in hours.windows(moment, 1) if window[1] > moment)
    return max(opens, moment.astimezone(UTC))


def _subtract_working_time(moment: datetime, span: timedelta, hours: WorkingHours) -> datetime:
    for opens, closes in hours.windows(moment, -1):
        end = min(closes, moment)
        if end - span >= opens:
            return end.astimezone(UTC) - span
        span -= max(end - opens, timedelta(0))
    raise AssertionError("windows never end")


def working_time_between(begin: datetime, end: datetime, hours: WorkingHours) -> timedelta:
    """Working time in [begin, end); negative when end lies before begin."""
    if end < begin:
        return -working_time_between(end, begin, hours)
    total = timedelta(0)
    for opens, closes in hours.windows(begin, 1):
        if opens >= end:
            break
        total += max(min(closes, end) - max(opens, begin), timedelta(0))
    return total
