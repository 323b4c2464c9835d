"""Says a rule in plain English where English has a short way, else shows its text."""

from drumbeat.core.recurrence.rule import Frequency, Rule, Weekday

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last", -2: "second last"}
UNITS = {
    Frequency.YEARLY: "year",
    Frequency.MONTHLY: "month",
    Frequency.WEEKLY: "week",
    Frequency.DAILY: "day",
}
WORKWEEK = tuple(Weekday(0, day) for day in range(5))


def describe(rule: Rule) -> str:
    """Plain English such as "on the third Tuesday of every month, 12 times"; the rule's text if too odd."""
    phrase = None if _is_odd(rule) else _PHRASES[rule.freq](rule)
    return phrase + _ending(rule) if phrase else rule.text


def _is_odd(rule: Rule) -> bool:
    rare = rule.by_hour, rule.by_minute, rule.by_second, rule.by_week_no, rule.by_year_day
    return rule.freq not in UNITS or any(rare) or rule.skip != "OMIT"


def _daily(rule: Rule) -> str | None:
    if rule.by_month or rule.by_month_day or rule.by_set_pos:
        return None
    if rule.by_day:
        return _weekly(rule) if rule.interval == 1 else None
    return _every(rule.interval, "day")


def _weekly(rule: Rule) -> str | None:
    if rule.by_month or rule.by_set_pos:
        return None
    if not rule.by_day:
        return _every(rule.interval, "week")
    if len(rule.by_day) > 1 and rule.interval > 1:
        return f"on {_weekday_list(rule)} of {_every(rule.interval, 'week')}"
    return _every(rule.interval, _weekday_list(rule))


def _monthly(rule: Rule) -> str | None:
    every = _every(rule.interval, "month")
    if rule.by_month:
        return None
    if not (rule.by_day or rule.by_month_day or rule.by_set_pos):
        return every
    days = _days_in_month(rule)
    return f"on the {days} of {every}" if days else None


def _yearly(rule: Rule) -> str | None:
    every = _every(rule.interval, "year")
    if not (rule.by_month or rule.by_day or rule.by_month_day or rule.by_set_pos):
        return every
    if not rule.by_month:
        return None
    months = _listed([MONTHS[month - 1] for month in rule.by_month])
    of_year = f" of {every}" if rule.interval > 1 else ""
    if len(rule.by_month_day) == 1 and rule.by_month_day[0] > 0 and not (rule.by_day or rule.by_set_pos):
        return f"on {rule.by_month_day[0]} {months}{of_year}"
    days = _days_in_month(rule)
    return f"on the {days} of {months}{of_year}" if days else None


_PHRASES = {
    Frequency.DAILY: _daily,
    Frequency.WEEKLY: _weekly,
    Frequency.MONTHLY: _monthly,
    Frequency.YEARLY: _yearly,
}


def _days_in_month(rule: Rule) -> str | None:
    """ "1st and 15th", "last day", "third Tuesday", "last weekday", or None."""
    if rule.by_month_day:
        return (
            None if rule.by_day or rule.by_set_pos else _listed([_day_number(n) for n in rule.by_month_day])
        )
    if rule.by_set_pos:
        known = rule.by_day == WORKWEEK and all(n in ORDINALS for n in rule.by_set_pos)
        return _listed([f"{ORDINALS[n]} weekday" for n in rule.by_set_pos]) if known else None
    if rule.by_day and all(weekday.n in ORDINALS for weekday in rule.by_day):
        return _listed([f"{ORDINALS[n]} {DAYS[day]}" for n, day in rule.by_day])
    return None


def _day_number(number: int) -> str:
    if number < 0:
        return "last day" if number == -1 else f"{_nth(-number)} last day"
    return _nth(number)


def _nth(number: int) -> str:
    suffix = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def _every(interval: int, unit: str) -> str:
    if interval == 1:
        return f"every {unit}"
    return f"every {ORDINALS.get(interval) or _nth(interval)} {unit}"


def _weekday_list(rule: Rule) -> str:
    return "Monday to Friday" if rule.by_day == WORKWEEK else _listed([DAYS[day] for _, day in rule.by_day])


def _listed(words: list[str]) -> str:
    *front, last = words
    return f"{', '.join(front)} and {last}" if front else last


def _ending(rule: Rule) -> str:
    if rule.count:
        return ", once" if rule.count == 1 else f", {rule.count} times"
    if rule.until:
        return f", until {rule.until.day} {MONTHS[rule.until.month - 1]} {rule.until.year}"
    return ""
