"""Which days of a year or month a rule means. Days are proleptic ordinals (1 = 1 January of year 1)."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from drumbeat.core.recurrence.rule import Frequency, Rule, Weekday

Span = range


def weekday_of(day: int) -> int:
    return (day - 1) % 7


def days_of(rule: Rule, year: int, months: tuple[int, ...]) -> list[int]:
    """The days of a year that satisfy every day part, in order.

    Each part gives its days and all parts must agree; months limit year days and weeks, and are the
    frame of month days and of numbered weekdays. Weeks that reach over the year's edge are cut there.
    """
    whole_year = _year_span(year)
    month_spans = [_month_span(year, month) for month in months]
    wanted: list[set[int]] = []
    if rule.by_year_day:
        wanted.append(_positions([whole_year], rule.by_year_day, rule.skip))
    if rule.by_week_no:
        wanted.append(_week_days(year, rule) & set(whole_year))
    if rule.by_month_day:
        wanted.append(_positions(month_spans, rule.by_month_day, rule.skip))
    if rule.by_day:
        is_yearly = rule.freq == Frequency.YEARLY and not rule.by_month
        wanted.append(_weekdays([whole_year] if is_yearly else month_spans, rule.by_day))
    if rule.by_month and not (rule.by_month_day or rule.by_day):
        wanted.append({day for span in month_spans for day in span})
    return sorted(set.intersection(*wanted))


@lru_cache(maxsize=256)
def _year_span(year: int) -> Span:
    first = date(year, 1, 1).toordinal()
    return range(first, date(year, 12, 31).toordinal() + 1)


@lru_cache(maxsize=1024)
def _month_span(year: int, month: int) -> Span:
    first = date(year, month, 1).toordinal()
    return range(first, first + monthrange(year, month)[1])


def _positions(spans: Iterable[Span], numbers: tuple[int, ...], skip: str) -> set[int]:
    """Numbered days of months or years; those that don't exist go to a neighbour or away (RFC 7529)."""
    found = set()
    for span in spans:
        for number in numbers:
            day = span.start + number - 1 if number > 0 else span.stop + number
            if day in span:
                found.add(day)
            elif skip != "OMIT":
                edge = span.stop if number > 0 else span.start
                found.add(edge if skip == "FORWARD" else edge - 1)
    return found


def _week_days(year: int, rule: Rule) -> set[int]:
    """The days of the numbered weeks of this year and of its neighbours, which may share a week with it."""
    found: set[int] = set()
    for week_year in (year - 1, year, year + 1):
        begin, end = (_first_week(y, rule.week_start) for y in (week_year, week_year + 1))
        weeks = range(begin, end, 7)
        for number in rule.by_week_no:
            if abs(number) <= len(weeks):
                first = weeks[number - 1 if number > 0 else number]
                found.update(range(first, first + 7))
    return found


def _first_week(year: int, week_start: int) -> int:
    """The first day of week 1: the one with at least four days in the year, so with its fourth day."""
    if not date.min.year <= year <= date.max.year:
        year_shift = 400 if year < date.min.year else -400
        return _first_week(year + year_shift, week_start) - year_shift // 400 * 146_097
    fourth = date(year, 1, 4).toordinal()
    return fourth - (weekday_of(fourth) - week_start) % 7


def _weekdays(spans: Iterable[Span], weekdays: tuple[Weekday, ...]) -> set[int]:
    found: set[int] = set()
    for span in spans:
        for n, weekday in weekdays:
            days = span[(weekday - weekday_of(span.start)) % 7 :: 7]
            if n == 0:
                found.update(days)
            elif abs(n) <= len(days):
                found.add(days[n - 1 if n > 0 else n])
    return found


def fits_day(rule: Rule, day: date) -> bool:
    """Whether a rule by the day or finer admits this day; its month is looked at elsewhere."""
    if rule.by_day and all(weekday != day.weekday() for _, weekday in rule.by_day):
        return False
    if rule.by_month_day and not _is_numbered(day, _month_span(day.year, day.month), rule.by_month_day):
        return False
    return not rule.by_year_day or _is_numbered(day, _year_span(day.year), rule.by_year_day)


def _is_numbered(day: date, span: Span, numbers: tuple[int, ...]) -> bool:
    ordinal = day.toordinal()
    return ordinal - span.start + 1 in numbers or ordinal - span.stop in numbers
