"""Moments in words, from the reader's side of the world."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from drumbeat.interfaces.kit import times

BERLIN, TOKYO, OSLO = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Oslo")
TODAY = date(2026, 6, 9)  # a Tuesday


@pytest.mark.parametrize(
    ("day", "words", "short"),
    [
        (date(2026, 6, 9), "today", "today"),
        (date(2026, 6, 8), "yesterday", "yesterday"),
        (date(2026, 6, 10), "tomorrow", "Wed"),
        (date(2026, 6, 11), "Thu, in 2 days", "Thu"),
        (date(2026, 6, 15), "Mon, in 6 days", "Mon"),
        (date(2026, 6, 16), "16 Jun", "16 Jun"),
        (date(2026, 6, 6), "Sat, 3 days ago", "6 Jun"),
        (date(2027, 6, 9), "9 Jun 2027", "9 Jun 2027"),
    ],
)
def test_near_days_by_name_far_ones_by_date(day: date, words: str, short: str) -> None:
    assert times.day_words(day, TODAY) == words
    assert times.short_day(day, TODAY) == short


def test_their_clock_is_told_where_it_differs_with_the_day_where_that_differs() -> None:
    evening = datetime(2026, 6, 9, 18, 0, tzinfo=UTC)
    assert times.theirs_words(evening, BERLIN, OSLO) == ""
    assert times.theirs_words(evening, BERLIN, None) == ""
    assert times.theirs_words(evening, BERLIN, TOKYO) == "theirs Wed 03:00"
    assert times.theirs_words(evening - timedelta(hours=6), BERLIN, TOKYO) == "theirs 21:00"


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 min"), (45, "45 min"), (60, "1 h"), (170, "2 h 50 min")]
)
def test_spans(minutes: int, words: str) -> None:
    assert times.span_words(minutes) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(minutes=40), "40 min"),
        (timedelta(hours=22), "22 h"),
        (timedelta(hours=47), "2 days"),
        (timedelta(days=-6), "6 days"),
    ],
)
def test_distances(span: timedelta, words: str) -> None:
    assert times.distance_words(span) == words


def test_places() -> None:
    assert times.zone_city("America/New_York") == "New York"
    assert times.country_name("no") == "Norway"
    assert times.country_name("XX") == "XX"
