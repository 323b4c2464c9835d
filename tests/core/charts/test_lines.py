from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.charts import Line, draw_lines
from tests.core.charts.reading import HOSTILE, SPACE, attributes, read, tags, text_of, with_class

FRAME = {"labels": ["Sep", "Oct", "Nov"], "width": 300, "height": 100, "title": "On time"}


def spots(drawing):
    return [
        [tuple(map(float, spot.split(","))) for spot in node.get("points", "").split()]
        for node in read(drawing).iter(f"{SPACE}polyline")
    ]


def test_a_higher_rate_lies_higher_on_a_scale_from_0_to_100():
    ((bottom, middle, top),) = spots(draw_lines([Line("ours", (0, 50, Decimal(100)))], **FRAME))
    assert bottom[1] - middle[1] == pytest.approx(middle[1] - top[1], abs=0.2)
    assert bottom[0] < middle[0] < top[0]


def test_an_unknown_month_breaks_the_line_instead_of_counting_as_zero():
    drawing = draw_lines([Line("ours", (90, None, 80))], **FRAME)
    assert spots(drawing) == []
    assert "Oct not available" in text_of(drawing, "desc")


def test_the_end_carries_name_and_last_known_value():
    drawing = draw_lines([Line("ours", (90, 94, None))], **FRAME)
    assert "ours 94 %" in [node.text for node in read(drawing).iter(f"{SPACE}text")]


def test_labels_of_equal_ends_do_not_lie_on_each_other():
    drawing = draw_lines([Line("ours", (90, 90, 90)), Line("theirs", (80, 85, 90))], **FRAME)
    heights = [
        float(node.get("y", "nan"))
        for node in read(drawing).iter(f"{SPACE}text")
        if (node.text or "").endswith("90 %")
    ]
    assert abs(heights[0] - heights[1]) > 11


def test_values_and_labels_must_match():
    with pytest.raises(ValueError, match="2 values for 3 labels"):
        draw_lines([Line("ours", (1, 2))], **FRAME)


def test_the_strong_line_is_inked_the_others_are_grey():
    drawing = draw_lines([Line("a", (1, 2, 3), strong=True), Line("b", (3, 2, 1))], **FRAME)
    assert (len(with_class(drawing, "line-ink")), len(with_class(drawing, "line-grey"))) == (1, 1)


def test_hostile_words_stay_text():
    drawing = draw_lines([Line(HOSTILE, (1, None, 3))], **{**FRAME, "title": HOSTILE}, unit=HOSTILE)
    assert tags(drawing) <= {"svg", "title", "desc", "g", "line", "text", "polyline", "circle"}
    assert "style" not in attributes(drawing)


@given(st.lists(st.none() | st.floats(-50, 150), max_size=60))
def test_lines_stay_inside_the_frame(values):
    frame = {**FRAME, "labels": [str(index) for index in range(len(values))]}
    for run in spots(draw_lines([Line("ours", tuple(values))], **frame)):
        assert all(0 <= x <= 300 and 0 <= y <= 100 for x, y in run)
