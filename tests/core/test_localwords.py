"""Days and times as each language writes them; what nobody knows is English."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from drumbeat.core.localwords import day_words, month_words, time_words, weekday_words

DAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("language", "day", "weekday", "month", "time"),
    [
        ("en", "10 March 2026", "Tuesday 10 March 2026", "March 2026", "15:30"),
        ("de", "10. März 2026", "Dienstag, 10. März 2026", "März 2026", "15:30"),
        ("fr", "10 mars 2026", "mardi 10 mars 2026", "mars 2026", "15:30"),
        ("es", "10 de marzo de 2026", "martes, 10 de marzo de 2026", "marzo de 2026", "15:30"),
        ("pt", "10 de março de 2026", "terça-feira, 10 de março de 2026", "março de 2026", "15:30"),
        ("ja", "2026年3月10日", "2026年3月10日火曜日", "2026年3月", "15:30"),
        ("en-US", "March 10, 2026", "Tuesday, March 10, 2026", "March 2026", "3:30\u202fPM"),
        ("de-XX", "10. März 2026", "Dienstag, 10. März 2026", "März 2026", "15:30"),
        ("tlh", "10 March 2026", "Tuesday 10 March 2026", "March 2026", "15:30"),
        ("../etc", "10 March 2026", "Tuesday 10 March 2026", "March 2026", "15:30"),
    ],
)
def test_each_language_writes_its_own_way(
    language: str, day: str, weekday: str, month: str, time: str
) -> None:
    assert day_words(DAY, language) == day
    assert weekday_words(DAY, language) == weekday
    assert month_words(DAY, language) == month
    assert time_words(datetime(2026, 3, 10, 15, 30), language) == time
