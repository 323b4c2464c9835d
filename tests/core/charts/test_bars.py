from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.charts import PRINT, Bar, draw_bars
from tests.core.charts.reading import HOSTILE, SPACE, attributes, numbers, read, tags, text_of, with_class

FRAME = {"width": 470, "height": 120, "title": "Sell-through by month"}


def bodies(drawing):
    return [numbers(group.find(f"{SPACE}rect"), "y", "height") for group in with_class(drawing, "bar")]


def shown(drawing):
    return [node.text for node in read(drawing).iter(f"{SPACE}text")]


def test_heights_are_proportional_from_a_common_zero():
    drawing = draw_bars([Bar("a", 10), Bar("b", Decimal("20")), Bar("c", 5.0)], **FRAME)
    (_, ten), (_, twenty), (_, five) = bodies(drawing)
    assert twenty == pytest.approx(2 * ten, abs=0.2)
    assert ten == pytest.approx(2 * five, abs=0.2)
    assert len({round(top + height, 1) for top, height in bodies(drawing)}) == 1


def test_negative_bars_hang_from_the_same_zero():
    (up, high), (down, low) = bodies(draw_bars([Bar("a", 10), Bar("b", -10)], **FRAME))
    assert up + high == pytest.approx(down, abs=0.1)
    assert high == pytest.approx(low, abs=0.1)


def test_only_zeros_stand_flat():
    drawing = draw_bars([Bar("a", 0), Bar("b", 0)], **FRAME)
    assert [height for _, height in bodies(drawing)] == [0, 0]
    assert shown(drawing).count("0") == 2


@pytest.mark.parametrize(
    ("bars", "inked"),
    [
        ([Bar("a", 1), Bar("b", 2)], ["b: 2"]),
        ([Bar("a", 1, strong=True), Bar("b", 2)], ["a: 1"]),
    ],
)
def test_the_strong_bar_is_inked_else_the_last(bars, inked):
    strong = with_class(draw_bars(bars, **FRAME), "strong")
    assert [node.findtext(f"{SPACE}title") for node in strong] == inked


def test_a_target_is_a_line_on_the_same_scale():
    drawing = draw_bars([Bar("a", 5, target=10), Bar("b", 10)], **FRAME, target_label="plan")
    (line,) = with_class(drawing, "line-accent")
    assert numbers(line, "y1")[0] == pytest.approx(bodies(drawing)[1][0], abs=0.1)
    assert "a: 5 of 10" in text_of(drawing, "desc")


def test_the_last_target_is_named_at_the_right():
    drawing = draw_bars([Bar("a", 5, target=9), Bar("b", 10, target=36)], **FRAME, target_label="plan")
    assert "plan 36" in shown(drawing)


def test_figures_stand_on_every_bar_or_on_the_inked_alone():
    few = draw_bars([Bar("a", 2.8), Bar("b", 12345)], **FRAME)
    assert {"2.8", "12k"} <= set(shown(few))
    many = draw_bars([Bar(str(n), 100 + n / 7) for n in range(60)], **FRAME)
    assert [text for text in shown(many) if len(text) > 2] == ["108"]


def test_hostile_words_stay_text():
    drawing = draw_bars(
        [Bar(HOSTILE, 3, note=HOSTILE, url=HOSTILE)],
        **{**FRAME, "title": HOSTILE},
        unit=HOSTILE,
        palette=PRINT,
    )
    assert tags(drawing) <= {"svg", "title", "desc", "a", "g", "rect", "line", "text"}
    assert "style" not in attributes(drawing)


def test_no_bars_is_a_legal_picture():
    assert text_of(draw_bars([], **FRAME), "desc") == "no figures"


def test_what_is_not_a_number_is_refused():
    with pytest.raises(ValueError, match="leave out what is not available"):
        Bar("a", Decimal("NaN"))


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=40))
def test_bars_stay_inside_the_frame(values):
    drawing = draw_bars([Bar(str(index), value) for index, value in enumerate(values)], **FRAME)
    assert all(top >= -0.1 and top + height <= 120.1 for top, height in bodies(drawing))
    assert len(bodies(drawing)) == len(values)


def test_a_value_not_available_keeps_its_place_and_is_never_a_zero():
    drawing = draw_bars([Bar("Sep", 10), Bar("Oct", None, "not in"), Bar("Nov", 5)], **FRAME)
    _, october, _ = with_class(drawing, "bar")
    assert october.find(f"{SPACE}rect") is None
    assert "0" not in shown(drawing)
    assert "Oct: not available, not in" in text_of(drawing, "desc")
