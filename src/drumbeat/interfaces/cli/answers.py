"""Answers cases of recurrence and working days: a rule in, its dates out, or why not, within stated bounds.

Knows the kinds of cases; the dates themselves come from core. No database, no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from heapq import merge
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from drumbeat.core.cadences import EveryWorkingDays
from drumbeat.core.calendars import add_working_days, nth_working_day, roll
from drumbeat.core.fiscal import CALENDAR_YEAR, ISO_YEAR, MonthYear, WeekYear, period_starts
from drumbeat.core.recurrence import Frequency, Rule, expand, parse_rule
from drumbeat.core.recurrence.rule import DAY_CODES
from drumbeat.core.refusal import Refused, insist
from drumbeat.core.worktime import localize
from drumbeat.interfaces.cli.case import Case

MOST_DATES = 250_000
# How far a rule is followed: whole days are many, so sparse rules by the day or less end sooner.
MOST_YEARS = {
    Frequency.YEARLY: 9_999,
    Frequency.MONTHLY: 9_999,
    Frequency.WEEKLY: 3_000,
    Frequency.DAILY: 800,
}
MOST_YEARS_BELOW_THE_DAY = 300
MOST_SHIFT = 400
MIDNIGHT = time(0)
YEARS = (2, 9_990)


def answer(line: bytes) -> dict[str, Any]:
    """`{"id": …, "dates": […]}`, or `{"id": …, "refused": "why"}` for whatever can't be answered."""
    known: dict[str, Any] = {"id": None}
    try:
        case = Case.of(line)
        known["id"] = case.values.get("id")
        return known | {"dates": _dates(case)}
    except RecursionError:
        return known | {"refused": "The line is nested too deep. A case is flat."}
    except OverflowError:
        return known | {"refused": "A date lies outside the years 1 to 9999. Ask for an earlier end."}
    except (Refused, ValueError) as wrong:
        return known | {"refused": str(wrong)}


def _dates(case: Case) -> list[str]:
    kind = case.text("kind", "expand")
    insist(kind in KINDS, f"There is no kind {kind!r:.60}", f"Use one of {', '.join(KINDS)}", "kind")
    return [_written(moment) for moment in KINDS[kind](case)]


def _written(moment: date) -> str:
    text = moment.isoformat()
    is_utc = (
        isinstance(moment, datetime) and isinstance(moment.tzinfo, ZoneInfo) and moment.tzinfo.key == "UTC"
    )
    return text.replace("+00:00", "Z") if is_utc else text


def _occurrences(case: Case) -> list[date]:
    """Dates, floating moments or, with a zone, instants in that zone; in order, without doubles."""
    zone = case.zone()
    start = case.moment("dtstart")
    clock_times = _Frame.of(case, zone).clock_times()
    limit = case.whole("count", 0, MOST_DATES) if case.has("count") else None
    if not isinstance(start, datetime):
        return [moment.date() for moment in islice(clock_times, limit)]
    if zone is None:
        return list(islice(clock_times, limit))
    # Two clock times that meet in one instant, behind a gap, are one occurrence.
    instants = _once(localize(moment.date(), moment.time(), zone) for moment in clock_times)
    return [instant.astimezone(zone) for instant in sorted(islice(instants, limit))]


def _once(moments: Iterable[datetime]) -> Iterator[datetime]:
    seen: set[datetime] = set()
    for moment in moments:
        if moment not in seen:
            seen.add(moment)
            yield moment


@dataclass(frozen=True, slots=True)
class _Frame:
    """What is drawn from a rule, and how far, all in local clock time; all-day cases are midnights."""

    rule: Rule
    start: datetime
    is_all_day: bool
    zone: ZoneInfo | None
    first: datetime
    until: datetime | None
    extra: list[datetime]
    left_out: frozenset[datetime]
    has_count: bool

    @classmethod
    def of(cls, case: Case, zone: ZoneInfo | None) -> _Frame:
        start = case.local("dtstart", zone)
        assert start, "cases without DTSTART are refused before"
        return cls(
            rule=parse_rule(case.text("rrule")),
            start=start,
            is_all_day=not isinstance(case.moment("dtstart"), datetime),
            zone=zone,
            first=max(start, case.local("from", zone) or start),
            until=case.local("until_window", zone),
            extra=sorted(case.locals("rdate", zone)),
            left_out=frozenset(case.locals("exdate", zone)),
            has_count=case.has("count"),
        )

    def clock_times(self) -> Iterator[datetime]:
        ruled = self._ruled()
        for moment in _once(merge(ruled, self.extra)) if self.extra else ruled:
            is_inside = moment >= self.first and (self.until is None or moment < self.until)
            if is_inside and moment not in self.left_out:
                yield moment

    def _ruled(self) -> Iterator[datetime]:
        """The rule's own, as far as the bounds allow."""
        is_endless = not (self.until or self.rule.count or self.rule.until or self.has_count)
        years = MOST_YEARS.get(self.rule.freq, MOST_YEARS_BELOW_THE_DAY)
        for number, moment in enumerate(self._expanded()):
            insist(not is_endless, "The rule goes on for ever", "Give count or until_window")
            insist(number < MOST_DATES, f"The rule gives more than {MOST_DATES:,} dates", "Ask for fewer")
            if moment.year > self.first.year + years:
                raise Refused(f"The rule goes on for more than {years} years", "Ask for an earlier end")
            yield moment

    def _expanded(self) -> Iterator[datetime]:
        # With COUNT the search begins at DTSTART, under our eyes, for it may be long.
        first = None if self.rule.count else self.first
        if not self.is_all_day:
            return expand(self.rule, self.start, start=first, until=self.until, zone=self.zone)
        until = self.until and self.until.date()
        days = expand(self.rule, self.start.date(), start=first and first.date(), until=until)
        return (datetime.combine(day, MIDNIGHT) for day in days)


def _nominal_days(case: Case) -> list[date]:
    days = _occurrences(case)
    insist(not isinstance(case.moment("dtstart"), datetime), "dtstart has a time", "Give a date", "dtstart")
    return days


def _rolled(case: Case) -> list[date]:
    convention, calendar = case.text("roll").replace(" ", "_"), case.calendar()
    days = (roll(day, convention, calendar) for day in _nominal_days(case))
    return list(dict.fromkeys(day for day in days if day))


def _shifted(case: Case) -> list[date]:
    """The k-th working day strictly after or before each day; 0 is the day itself or the following working day."""
    shift, calendar = case.whole("offset", -MOST_SHIFT, MOST_SHIFT), case.calendar()
    if shift == 0:
        return [roll(day, "following", calendar) or day for day in _nominal_days(case)]
    return [add_working_days(day, shift, calendar) for day in _nominal_days(case)]


def _numbered(case: Case) -> list[date]:
    first, calendar, n = case.day("dtstart"), case.calendar(), case.whole("n", -31, 31)
    months = (divmod(first.month - 1 + later, 12) for later in range(case.whole("months", 0, 2_400)))
    return [nth_working_day(first.year + years, month + 1, n, calendar) for years, month in months]


def _stepped(case: Case) -> list[date]:
    source, first = EveryWorkingDays(case.whole("n", 1, MOST_SHIFT)), case.day("dtstart")
    days = source.dates(first, first, case.calendar(), CALENDAR_YEAR)
    return list(islice(days, case.whole("occurrences", 0, 2_000)))


def _retail(case: Case) -> WeekYear:
    weekday = case.text("weekday")
    insist(weekday in DAY_CODES, f"{weekday!r:.60} is no weekday", f"Use {', '.join(DAY_CODES)}", "weekday")
    return WeekYear(
        case.text("pattern"), case.text("anchor"), DAY_CODES.index(weekday), case.whole("before_month", 1, 12)
    )


def _retail_months(case: Case) -> Iterable[date]:
    return _retail(case).month_starts(case.whole("fiscal_year", *YEARS))


def _retail_weeks(case: Case) -> Iterable[date]:
    return _retail(case).week_starts(case.whole("fiscal_year", *YEARS))


def _fiscal_quarters(case: Case) -> Iterable[date]:
    fiscal = MonthYear(case.whole("start_month", 1, 12), case.whole("start_day", 1, 28, 1))
    return period_starts(fiscal, "quarter", case.whole("year_begins_in", *YEARS))


def _iso_quarters(case: Case) -> Iterable[date]:
    return period_starts(ISO_YEAR, "quarter", case.whole("fiscal_year", *YEARS))


KINDS: dict[str, Callable[[Case], Iterable[date]]] = {
    **dict.fromkeys(("expand", "refuse", "extension", "disputed", "count"), _occurrences),
    "roll": _rolled,
    "offset": _shifted,
    "nth-working-day-of-month": _numbered,
    "every-n-working-days": _stepped,
    "retail-year": _retail_months,
    "retail-week-starts": _retail_weeks,
    "fiscal-quarters": _fiscal_quarters,
    "iso-weeks": _iso_quarters,
}
