"""Days, times and months as a reader's language writes them (CLDR, by babel). Knows no zone: it is given local times."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time

# English without a country is written as most of the world writes it: the day before the month, 24 hours.
ENGLISH = Locale("en", "GB")
MANY = 4096


@cache
def locale_of(language: str) -> Locale:
    """`de`, `pt-BR`, `en-US` as a locale; what nobody knows is English."""
    code = language.replace("-", "_")
    if code in ("", "en"):
        return ENGLISH
    try:
        return Locale.parse(code)
    except (ValueError, UnknownLocaleError):
        base = code.partition("_")[0]
        return ENGLISH if base == code else locale_of(base)


@lru_cache(MANY)
def day_words(day: date, language: str) -> str:
    """`10 March 2026`, `10. März 2026`, `2026年3月10日`."""
    return format_date(day, "long", locale_of(language))


@lru_cache(MANY)
def weekday_words(day: date, language: str) -> str:
    """With its weekday: `Tuesday 10 March 2026`, `Dienstag, 10. März 2026`."""
    locale = locale_of(language)
    return format_date(day, "EEEE d MMMM y" if locale is ENGLISH else "full", locale)


@lru_cache(MANY)
def month_words(day: date, language: str) -> str:
    """`March 2026`, `März 2026`, `mars 2026`."""
    return format_skeleton("yMMMM", day, locale=locale_of(language))


def time_words(local: datetime, language: str) -> str:
    """`15:30`, or `3:30 PM` where that is how time is told."""
    return format_time(local.time(), "short", locale=locale_of(language))
