"""Moments, days and spans in plain words. Knows zones as they are handed in; never asks what time it is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale

A_WEEK = 6


def day_words(day: date, today: date) -> str:
    """Near days by their name and distance, far ones by their date."""
    distance = (day - today).days
    if distance in _NEAREST:
        return _NEAREST[distance]
    if abs(distance) <= A_WEEK:
        return f"{day:%a}, in {distance} days" if distance > 0 else f"{day:%a}, {-distance} days ago"
    return date_words(day, today)


_NEAREST = {-1: "yesterday", 0: "today", 1: "tomorrow"}


def date_words(day: date, today: date) -> str:
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day.day} {day:%b}{year}"


def short_day(day: date, today: date) -> str:
    """For columns: yesterday, today, Thu, 14 Dec."""
    if -1 <= (day - today).days <= 0:
        return _NEAREST[(day - today).days]
    return f"{day:%a}" if 0 < (day - today).days <= A_WEEK else date_words(day, today)


def clock_words(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%H:%M}"


def moment_words(moment: datetime, zone: ZoneInfo, today: date) -> str:
    local = moment.astimezone(zone)
    return f"{short_day(local.date(), today)} {local:%H:%M}"


def exact_words(moment: datetime, zone: ZoneInfo) -> str:
    """For tooltips and the book: weekday, date, clock and zone."""
    local = moment.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %Y}, {local:%H:%M} ({zone.key})"


def theirs_words(moment: datetime, own: ZoneInfo, theirs: ZoneInfo | None) -> str:
    """The other side's clock where it differs: theirs 09:30, with the day where that differs too."""
    if theirs is None:
        return ""
    here, there = moment.astimezone(own), moment.astimezone(theirs)
    if here.utcoffset() == there.utcoffset():
        return ""
    day = f"{there:%a} " if there.date() != here.date() else ""
    return f"theirs {day}{there:%H:%M}"


def span_words(minutes: int) -> str:
    """Working time: 45 min, 2 h 50 min, 3 h."""
    hours, rest = divmod(minutes, 60)
    return (
        " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)
        or "0 min"
    )


def distance_words(span: timedelta) -> str:
    """A length of elapsed time, roughly: 40 min, 3 h, 2 days."""
    minutes = int(abs(span.total_seconds()) // 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 36 * 60:
        return f"{round(minutes / 60)} h"
    return f"{round(minutes / 1440)} days"


def zone_city(zone: str) -> str:
    """The place in a zone's name: America/New_York is New York."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def country_name(code: str) -> str:
    """In English; an unknown code stays as it is."""
    return str(Locale("en").territories.get(code.upper(), code))
