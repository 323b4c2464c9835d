"""Which days are worked: national calendars, rolling, counting of working days.

Knows dates only; clocks, zones and hours of the day belong to `worktime`.
"""

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

ONE_DAY = timedelta(days=1)
SEARCH_DAYS = 400
MEND_OF_COUNTRY = "Give an ISO 3166 code such as DE, US or JP."


class CalendarError(ValueError):
    """A calendar can't answer; `reason` says what is wrong, `mend` how to put it right."""

    def __init__(self, reason: str, mend: str) -> None:
        super().__init__(f"{reason}. {mend}")
        self.reason = reason
        self.mend = mend


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Weekend (0 = Monday), holidays, and the weekend days that a country declares working days."""

    name: str
    weekend: frozenset[int]
    holidays: frozenset[date] = frozenset()
    worked_weekend_days: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        if day in self.holidays:
            return False
        return day.weekday() not in self.weekend or day in self.worked_weekend_days

    def both_with(self, other: "WorkingCalendar") -> "WorkingCalendar":
        """The calendar of the days on which both sides work."""
        declared = self.worked_weekend_days | other.worked_weekend_days
        return WorkingCalendar(
            name=f"{self.name} and {other.name}",
            weekend=self.weekend | other.weekend,
            holidays=self.holidays | other.holidays,
            worked_weekend_days=frozenset(
                day for day in declared if self.is_working(day) and other.is_working(day)
            ),
        )


@lru_cache(maxsize=1024)
def national_calendar(
    country: str, subdivision: str | None, years: range, company_days: frozenset[date] = frozenset()
) -> WorkingCalendar:
    """Public holidays and weekend of a country (ISO 3166 codes), plus the firm's own days off.

    Holidays are known inside `years` only. Raises CalendarError for a country or subdivision
    without a calendar.
    """
    national = _public_holidays(country, subdivision, years)
    return WorkingCalendar(
        name=f"{country}-{subdivision}" if subdivision else country,
        weekend=frozenset(national.weekend),
        holidays=frozenset(national) | company_days,
        worked_weekend_days=frozenset(day for day in national.weekend_workdays if day.year in years),
    )


def _public_holidays(country: str, subdivision: str | None, years: range) -> holidays.HolidayBase:
    _check_code(country)
    try:
        with warnings.catch_warnings():
            # Some countries' moving holidays are known for few years; outside them only the fixed ones count.
            warnings.simplefilter("ignore", UserWarning)
            return holidays.country_holidays(country, subdiv=subdivision, years=years)
    except NotImplementedError as unknown:
        raise CalendarError(f"No holiday calendar: {unknown}", _mend_of_place(country)) from unknown


def _check_code(country: str) -> None:
    # The library looks its countries up among all its names, so only codes may reach it.
    if not (country.isalpha() and country.isupper() and len(country) == 2):
        raise CalendarError(f"{country!r} is no country code", MEND_OF_COUNTRY)


def _mend_of_place(country: str) -> str:
    try:
        known = holidays.country_holidays(country).subdivisions
    except NotImplementedError:
        return MEND_OF_COUNTRY
    return f"Leave the subdivision out{', or give one of ' + ', '.join(known) if known else ''}."


def roll(day: date, convention: str, calendar: WorkingCalendar) -> date | None:
    """Where `day` falls: on itself if worked, else by the convention; None when it is skipped.

    following, preceding; modified_following and modified_preceding turn back at the month's edge;
    nearest (tie: later); skip (None); none (stays). Raises CalendarError for other words.
    """
    if convention not in _CONVENTIONS:
        raise CalendarError(f"No way to roll called {convention!r}", f"Use one of {', '.join(_CONVENTIONS)}.")
    return day if calendar.is_working(day) else _CONVENTIONS[convention](day, calendar)


def _following(day: date, calendar: WorkingCalendar) -> date:
    return next(_working_days(day, 1, calendar))


def _preceding(day: date, calendar: WorkingCalendar) -> date:
    return next(_working_days(day, -1, calendar))


def _modified_following(day: date, calendar: WorkingCalendar) -> date:
    later = _following(day, calendar)
    return later if later.month == day.month else _preceding(day, calendar)


def _modified_preceding(day: date, calendar: WorkingCalendar) -> date:
    earlier = _preceding(day, calendar)
    return earlier if earlier.month == day.month else _following(day, calendar)


def _nearest(day: date, calendar: WorkingCalendar) -> date:
    earlier, later = _preceding(day, calendar), _following(day, calendar)
    return later if later - day <= day - earlier else earlier


_CONVENTIONS: dict[str, Callable[[date, WorkingCalendar], date | None]] = {
    "following": _following,
    "modified_following": _modified_following,
    "preceding": _preceding,
    "modified_preceding": _modified_preceding,
    "nearest": _nearest,
    "skip": lambda _day, _calendar: None,
    "none": lambda day, _calendar: day,
}
ROLL_CONVENTIONS = tuple(_CONVENTIONS)


def _working_days(day: date, direction: int, calendar: WorkingCalendar) -> Iterator[date]:
    """Working days strictly after (direction 1) or before (-1) `day`, nearest first."""
    latest = day.toordinal()
    ordinals = range(latest + direction, (date.max.toordinal() + 1 if direction > 0 else 0), direction)
    for ordinal in ordinals:
        if abs(ordinal - latest) > SEARCH_DAYS:
            break
        if calendar.is_working(each := date.fromordinal(ordinal)):
            latest = ordinal
            yield each
    raise CalendarError(
        f"The calendar {calendar.name} has no working day within {SEARCH_DAYS} days of "
        f"{date.fromordinal(latest)}",
        "Take days off its weekend or its holidays.",
    )


def add_working_days(day: date, n: int, calendar: WorkingCalendar) -> date:
    """The n-th working day strictly after `day` (before it when negative); 0 is `day` unchanged."""
    days = _working_days(day, 1 if n > 0 else -1, calendar)
    for _ in range(abs(n)):
        day = next(days)
    return day


def working_days_between(begin: date, end: date, calendar: WorkingCalendar) -> int:
    """Working days in [begin, end); negative when end lies before begin."""
    if end < begin:
        return -working_days_between(end, begin, calendar)
    return sum(calendar.is_working(begin + i * ONE_DAY) for i in range((end - begin).days))


def nth_working_day(year: int, month: int, n: int, calendar: WorkingCalendar) -> date:
    """The n-th working day of a month, from its end when negative; CalendarError if there is none."""
    first = date(year, month, 1)
    days = [
        day for i in range(31) if (day := first + i * ONE_DAY).month == month and calendar.is_working(day)
    ]
    if not 1 <= abs(n) <= len(days):
        raise CalendarError(
            f"{first:%B %Y} has no working day number {n}",
            f"It has {len(days)}: count from 1, or from -1 at its end.",
        )
    return days[n - 1 if n > 0 else n]
