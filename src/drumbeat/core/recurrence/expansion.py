"""Turns a rule into its dates: period by period, of each the chosen positions, within a window.

All arithmetic is on naive local time; dates are midnights until the door. Zones matter only to an UNTIL
in UTC.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice, product
from math import gcd
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

from drumbeat.core.recurrence.periods import END_OF_TIME, ONE_DAY, periods, times_within
from drumbeat.core.recurrence.rule import Frequency, Rule, RuleError, Weekday, is_subdaily
from drumbeat.core.worktime import localize

Day = TypeVar("Day", date, datetime)

# The calendar repeats after 400 years, which are so many days, and so many periods of each kind.
DAYS = 146_097
CYCLE = {
    Frequency.YEARLY: 400,
    Frequency.MONTHLY: 4_800,
    Frequency.WEEKLY: 20_871,
    Frequency.DAILY: DAYS,
    Frequency.HOURLY: DAYS * 24,
    Frequency.MINUTELY: DAYS * 1_440,
    Frequency.SECONDLY: DAYS * 86_400,
}
SECONDS = {Frequency.HOURLY: 3600, Frequency.MINUTELY: 60, Frequency.SECONDLY: 1}
LONGEST_SEARCH_BELOW_THE_DAY = 50_000
EMPTY_STEPS_AN_OCCURRENCE = 10


def expand(
    rule: Rule,
    dtstart: Day,
    *,
    start: Day | None = None,
    until: Day | None = None,
    count: int | None = None,
    zone: ZoneInfo | None = None,
) -> Iterator[Day]:
    """Occurrences of `rule` from `dtstart` on (a date or a naive local moment), lazily, in order.

    `start` (inclusive) and `until` (exclusive) cut a window, `count` takes the first of it; the rule's own
    COUNT counts from dtstart, which is no occurrence unless it fits the rule. An UNTIL in UTC is compared
    as an instant in `zone`, without one by its clock time. With a date, parts below the day are ignored.
    Raises RuleError when a rule by the hour or less meets a date, or finds nothing for too long.
    """
    if isinstance(dtstart, datetime):
        moments = _window(rule, dtstart, _moment(start), _moment(until), zone)
        return cast(Iterator[Day], islice(moments, count))
    if is_subdaily(rule):
        raise RuleError("FREQ", 0, f"{rule.freq.name} needs a time of day", "Use FREQ=DAILY or coarser.")
    timeless = replace(rule, by_hour=(), by_minute=(), by_second=())
    moments = _window(timeless, _midnight(dtstart), _moment(start), _moment(until), zone)
    return cast(Iterator[Day], (moment.date() for moment in islice(moments, count)))


def never_occurs(rule: Rule, dtstart: date) -> bool:
    """True when not even one occurrence exists, as for 31 February."""
    return next(expand(rule, dtstart), None) is None


def _moment(day: date | None) -> datetime | None:
    return day if day is None or isinstance(day, datetime) else _midnight(day)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _window(
    rule: Rule, dtstart: datetime, start: datetime | None, until: datetime | None, zone: ZoneInfo | None
) -> Iterator[datetime]:
    first = max(dtstart, start or dtstart)
    # With COUNT the occurrences before the window must be counted, else the periods before it are skipped.
    search_from = dtstart if rule.count else first
    last = min(_last_local(rule, zone), until or END_OF_TIME)
    for moment in islice(_occurrences(rule, dtstart, search_from, last), rule.count):
        if until and moment >= until:
            return
        if moment >= first and _is_before_end(rule, moment, zone):
            yield moment


def _last_local(rule: Rule, zone: ZoneInfo | None) -> datetime:
    """No occurrence's clock time lies after this one; near a change of offset some before it are over."""
    end = _moment(rule.until)
    if end is None:
        return END_OF_TIME
    if end.tzinfo and zone:
        return end.astimezone(zone).replace(tzinfo=None) + ONE_DAY
    return end.replace(tzinfo=None)


def _is_before_end(rule: Rule, moment: datetime, zone: ZoneInfo | None) -> bool:
    if zone and isinstance(rule.until, datetime) and rule.until.tzinfo:
        return localize(moment.date(), moment.time(), zone) <= rule.until
    return True


def _occurrences(rule: Rule, dtstart: datetime, first: datetime, last: datetime) -> Iterator[datetime]:
    """In order, without doubles, from `first` to `last`, both included."""
    full = _with_times_of(dtstart, _with_days_of(dtstart, rule))
    times = times_within(full)
    if _has_no_position(full, len(times)) or _meets_no_time(full, dtstart):
        return
    proof, fruitless, searched = _proof(rule), 0, 0
    latest: datetime | None = None
    for beginnings in periods(full, dtstart, first, last):
        before = latest
        for moment in _at_positions(full.by_set_pos, beginnings, times):
            if moment > last:
                return
            if moment >= first and (latest is None or moment > latest):
                yield moment
                latest = moment
        is_empty = latest == before
        fruitless = fruitless + 1 if is_empty else 0
        searched += 1 if is_empty else -EMPTY_STEPS_AN_OCCURRENCE
        if fruitless > proof:
            return
        if searched > LONGEST_SEARCH_BELOW_THE_DAY and is_subdaily(rule):
            _refuse_if_a_day_fits(rule, dtstart)
            return


def _has_no_position(rule: Rule, size: int) -> bool:
    """Below the day each period holds as many as its times: none of the positions is there."""
    return bool(rule.by_set_pos) and is_subdaily(rule) and all(abs(place) > size for place in rule.by_set_pos)


def _meets_no_time(rule: Rule, dtstart: datetime) -> bool:
    """Below the day the interval may pass by all its times for ever: they leave another remainder."""
    unit = SECONDS.get(rule.freq)
    if unit is None:
        return False
    step = gcd(rule.interval * unit, 86_400)
    begin = (dtstart.hour * 3600 + dtstart.minute * 60 + dtstart.second) // unit * unit
    times = product(
        rule.by_hour or range(24),
        (rule.by_minute or range(60)) if unit < 3600 else (0,),
        (rule.by_second or range(60)) if unit < 60 else (0,),
    )
    return all((hour * 3600 + minute * 60 + second - begin) % step for hour, minute, second in times)


def _proof(rule: Rule) -> int:
    """After so many periods in a row without an occurrence there is none, for the calendar (or, where all days are
    alike, the clock) and the interval have met in every way. One more, since the first may lie before the window."""
    cycle = CYCLE[rule.freq]
    days_differ = rule.by_month or rule.by_month_day or rule.by_year_day or rule.by_day
    if is_subdaily(rule) and not days_differ:
        cycle //= DAYS
    return cycle // gcd(cycle, rule.interval) + 1


def _refuse_if_a_day_fits(rule: Rule, dtstart: datetime) -> None:
    """Below the day a proof may take hours, unless no day of the calendar will do. Times that don't fit are passed
    over in one step, so a search of this length is beyond all use."""
    days = replace(
        rule, freq=Frequency.YEARLY, interval=1, by_hour=(), by_minute=(), by_second=(), by_set_pos=()
    )
    if next(_occurrences(days, dtstart, dtstart, END_OF_TIME), None):
        reason = f"gives next to nothing in {LONGEST_SEARCH_BELOW_THE_DAY:,} steps"
        raise RuleError("FREQ", 0, reason, "Use a coarser FREQ, or end the search earlier.")


def _with_days_of(dtstart: datetime, rule: Rule) -> Rule:
    """Days that the rule leaves open are DTSTART's."""
    if rule.by_day or rule.by_month_day or rule.by_year_day or rule.freq >= Frequency.DAILY:
        return rule
    if rule.by_week_no or rule.freq == Frequency.WEEKLY:
        return replace(rule, by_day=(Weekday(0, dtstart.weekday()),))
    if rule.freq == Frequency.MONTHLY or rule.by_month:
        return replace(rule, by_month_day=(dtstart.day,))
    return replace(rule, by_month_day=(dtstart.day,), by_month=(dtstart.month,))


def _with_times_of(dtstart: datetime, rule: Rule) -> Rule:
    """Parts of the clock time that are finer than the frequency and left open are DTSTART's."""
    return replace(
        rule,
        by_hour=rule.by_hour or ((dtstart.hour,) if rule.freq < Frequency.HOURLY else ()),
        by_minute=rule.by_minute or ((dtstart.minute,) if rule.freq < Frequency.MINUTELY else ()),
        by_second=rule.by_second or ((dtstart.second,) if rule.freq < Frequency.SECONDLY else ()),
    )


def _at_positions(
    positions: tuple[int, ...], beginnings: list[datetime], times: list[timedelta]
) -> Iterator[datetime]:
    """Beginnings × times in order, or of these the numbered ones, without building them all."""
    if not positions:
        return (beginning + at for beginning in beginnings for at in times)
    size = len(beginnings) * len(times)
    chosen = sorted({p - 1 if p > 0 else size + p for p in positions if abs(p) <= size})
    return (beginnings[index // len(times)] + times[index % len(times)] for index in chosen)
