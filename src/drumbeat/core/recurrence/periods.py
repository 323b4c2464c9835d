"""The periods of a rule, each as the beginnings of what fits in it, after the table of RFC 5545, 3.3.10.

A year, month or week gives days; a day, hour, minute or second that fits gives itself. Expects a rule
that leaves nothing open; of BYSETPOS, COUNT and UNTIL it knows nothing.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import product

from drumbeat.core.recurrence.days import days_of, fits_day, weekday_of
from drumbeat.core.recurrence.rule import Frequency, Rule

ONE_DAY = timedelta(days=1)
BEGIN_OF_TIME = datetime.combine(date.min, time.min)
END_OF_TIME = datetime.combine(date.max, time.max)
UNITS = {
    Frequency.DAILY: ONE_DAY,
    Frequency.HOURLY: timedelta(hours=1),
    Frequency.MINUTELY: timedelta(minutes=1),
    Frequency.SECONDLY: timedelta(seconds=1),
}


def periods(rule: Rule, dtstart: datetime, first: datetime, last: datetime) -> Iterator[list[datetime]]:
    """The beginnings in every period that can reach into [first, last]; empty lists show the search."""
    # SKIP may move a day into the period next door.
    earliest = max(first, BEGIN_OF_TIME + ONE_DAY) - ONE_DAY
    latest = min(last, END_OF_TIME - ONE_DAY) + ONE_DAY
    if rule.freq >= Frequency.DAILY:
        yield from _ticks(rule, dtstart, earliest, latest)
        return
    for days in _day_sets(rule, dtstart, earliest, latest):
        yield [
            datetime.combine(date.fromordinal(day), time()) for day in days if 0 < day <= date.max.toordinal()
        ]


def times_within(rule: Rule) -> list[timedelta]:
    """What the parts finer than the frequency add to the beginning of a day, hour or minute."""
    return [
        timedelta(hours=hour, minutes=minute, seconds=second)
        for hour, minute, second in product(
            rule.by_hour if rule.freq < Frequency.HOURLY else (0,),
            rule.by_minute if rule.freq < Frequency.MINUTELY else (0,),
            rule.by_second if rule.freq < Frequency.SECONDLY else (0,),
        )
    ]


def _day_sets(rule: Rule, dtstart: datetime, first: datetime, last: datetime) -> Iterator[list[int]]:
    """The days (ordinals) of every year, month or week."""
    if rule.freq == Frequency.YEARLY:
        return _in_years(rule, _steps(dtstart.year, first.year, last.year, rule.interval))
    if rule.freq == Frequency.MONTHLY:
        origin, earliest, latest = (_month_number(day) for day in (dtstart, first, last))
        return _in_months(rule, _steps(origin, earliest, latest, rule.interval))
    week = dtstart.toordinal() - (dtstart.weekday() - rule.week_start) % 7
    return _in_weeks(rule, _steps(week, first.toordinal(), last.toordinal(), rule.interval * 7))


def _steps(origin: int, first: int, last: int, step: int) -> range:
    """origin, origin + step, ... as far as `last`, without those well before `first`."""
    return range(origin + max(0, (first - origin) // step) * step, last + 1, step)


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _in_years(rule: Rule, years: range) -> Iterator[list[int]]:
    months = rule.by_month or tuple(range(1, 13))
    return (days_of(rule, year, months) for year in years)


def _in_months(rule: Rule, numbers: range) -> Iterator[list[int]]:
    for number in numbers:
        year, month = number // 12, number % 12 + 1
        fits = not rule.by_month or month in rule.by_month
        yield days_of(rule, year, (month,)) if fits else []


def _in_weeks(rule: Rule, weeks: range) -> Iterator[list[int]]:
    weekdays = {weekday.day for weekday in rule.by_day}
    for week in weeks:
        days = [day for day in range(week, week + 7) if weekday_of(day) in weekdays]
        yield [day for day in days if not rule.by_month or date.fromordinal(day).month in rule.by_month]


def _ticks(rule: Rule, dtstart: datetime, first: datetime, last: datetime) -> Iterator[list[datetime]]:
    """Every day, hour, minute or second that fits; stretches without any are passed over in one step."""
    try:
        step = rule.interval * UNITS[rule.freq]
        origin = _floor(dtstart, rule.freq)
        tick = origin + max(0, (first - origin) // step) * step
        while tick <= last:
            resume = _end_of_unfit(rule, tick)
            yield [] if resume else [tick]
            tick = origin - (origin - resume) // step * step if resume else tick + step
    except OverflowError:
        return  # the calendar ends with the year 9999


def _floor(moment: datetime, freq: Frequency) -> datetime:
    """The beginning of the day, hour, minute or second."""
    midnight = datetime.combine(moment, time())
    return midnight + (moment - midnight) // UNITS[freq] * UNITS[freq]


def _end_of_unfit(rule: Rule, tick: datetime) -> datetime | None:
    """The end of the month, day, hour ... that the rule leaves out, None when the tick fits."""
    midnight = datetime.combine(tick, time())
    if rule.by_month and tick.month not in rule.by_month:
        return (midnight.replace(day=1) + 32 * ONE_DAY).replace(day=1)
    if not fits_day(rule, tick):
        return midnight + ONE_DAY
    for allowed, value, freq in (
        (rule.by_hour, tick.hour, Frequency.HOURLY),
        (rule.by_minute, tick.minute, Frequency.MINUTELY),
        (rule.by_second, tick.second, Frequency.SECONDLY),
    ):
        if rule.freq >= freq and allowed and value not in allowed:
            return _floor(tick, freq) + UNITS[freq]
    return None
