"""The picture of hours a week: what is above capacity is told and coloured, before and after stand beside each other."""

from __future__ import annotations

from drumbeat.core.charts import Week, draw_load

WEEKS = [
    Week("Jan", "week of 4 Jan: 9.0 h", 4.0, 9.0, 8.0, "/rows/1"),
    Week("", "week of 11 Jan: 2.0 h", 4.0, 2.0, 8.0),
]


def test_a_week_above_capacity_is_red_and_leads_to_its_rows() -> None:
    drawn = str(draw_load(WEEKS, width=300, height=112, title="Hours a week of Alice", top=10))
    assert drawn.count("fill-missed") == 1 and drawn.count("fill-grey") == 2 and 'href="/rows/1"' in drawn
    assert "week of 11 Jan: 2.0 h" in drawn and ">9<" in drawn.replace("9.0", "9")


def test_without_a_change_there_is_one_bar_a_week() -> None:
    plain = [Week("Jan", "week", 4.0, None, 8.0)]
    drawn = str(draw_load(plain, width=300, height=112, title="Hours", top=10))
    assert "fill-grey" not in drawn and drawn.count("<rect") == 1
    assert "<rect" not in str(draw_load([], width=300, height=112, title="Hours", top=10))
