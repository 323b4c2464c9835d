"""The score's rows: every mark stands in its column, chords show the smallest share, and lines run through the page."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.charts import Axis, Cell, draw_axis, draw_row
from drumbeat.core.charts.beatstrip import MARK_STATES
from drumbeat.core.charts.score import TALL, _heights, months

YEAR = Axis(date(2025, 12, 29), date(2027, 1, 4), 7, now=160.0)
MONTH = Axis(date(2026, 6, 1), date(2026, 7, 1), 1)


def places(svg: str) -> list[float]:
    return [float(x) for x in re.findall(r'class="mark[^>]*translate\(([\d.]+)\)', svg)]


def test_columns_of_a_year_are_its_weeks() -> None:
    assert YEAR.columns == 53
    assert YEAR.column_of(date(2026, 1, 4)) == 0
    assert YEAR.column_of(date(2026, 1, 5)) == 1
    assert YEAR.column_of(date(2027, 1, 3)) == 52


def test_twelve_months_are_named_and_none_for_a_few_days_before_them() -> None:
    assert [on.month for _, on in months(YEAR)] == list(range(1, 13))
    assert "Jan" in draw_axis(YEAR)
    assert "June" in draw_axis(MONTH)
    assert re.findall(r">(\d+)</text>", draw_axis(MONTH)) == [str(day) for day in range(1, 31)]


def test_a_mark_alone_keeps_its_shape_and_leads_somewhere() -> None:
    row = draw_row(
        [Cell(3, {"late": 1}, "Call & more", "/occurrences/1/", lateness=1.0)], YEAR, title="Bergmann"
    )
    assert 'class="mark late"' in row
    assert 'href="/occurrences/1/"' in row
    assert "<title>Call &amp; more</title>" in row
    assert places(row) == [pytest.approx(YEAR.middle(3), abs=0.1)]


def test_what_can_be_moved_says_where_and_from_which_day() -> None:
    cell = Cell(3, {"upcoming": 1}, "x", "/a/", on=date(2026, 1, 20), moves="/score/moments/1/date/")
    assert 'data-moves="/score/moments/1/date/" data-on="2026-01-20"' in draw_row([cell], YEAR, title="x")


def test_a_chord_shows_one_miss_among_two_hundred() -> None:
    row = draw_row([Cell(0, {"kept": 199, "missed": 1}, "x", "/a/")], YEAR, title="x")
    assert 'class="mark chord"' in row
    assert "line-missed" in row
    assert "fill-ink" in row


def test_an_unknown_state_is_refused() -> None:
    with pytest.raises(ValueError, match="forgotten"):
        Cell(0, {"forgotten": 1}, "x")


@given(st.dictionaries(st.sampled_from(MARK_STATES), st.integers(1, 5000), min_size=1), st.integers(0, 52))
def test_whatever_a_column_holds_stays_between_head_and_foot(counts: dict[str, int], column: int) -> None:
    row = draw_row([Cell(column, counts, "x", "/a/")], YEAR, title="x")
    boxes = re.findall(r'y="([-\d.]+)" width="[\d.]+" height="([\d.]+)"', row)
    assert all(float(y) >= 0 and float(y) + float(height) <= 30 for y, height in boxes)
    assert all(0 <= place <= YEAR.width for place in places(row))


@given(st.lists(st.integers(0, 10_000), min_size=4, max_size=4).filter(any))
def test_shares_fill_the_chord_and_the_small_ones_are_seen(shares: list[int]) -> None:
    heights = _heights(shares, sum(shares))
    assert sum(heights) == pytest.approx(TALL)
    assert all((height >= 2.1) == bool(share) for height, share in zip(heights, shares, strict=True))
