from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.charts import MARK_STATES, PRINT, Mark, draw_strip
from drumbeat.core.charts.beatstrip import STATE_WORDS
from drumbeat.core.charts.marks import PITCH
from tests.core.charts.reading import HOSTILE, SPACE, attributes, numbers, read, tags, text_of, with_class

JANUARY = datetime(2026, 1, 1, tzinfo=UTC)
YEAR = {"since": JANUARY, "until": datetime(2027, 1, 1, tzinfo=UTC), "title": "Weekly call"}


def weekly(count, state="kept"):
    return [Mark(state, JANUARY + timedelta(weeks=week), f"week {week}") for week in range(count)]


def places(drawing):
    """The middle of each mark, in the order drawn."""
    shifts = [node.get("transform", "") for node in with_class(drawing, "mark")]
    return [float(shift.removeprefix("translate(").removesuffix(")")) for shift in shifts]


def named(drawing):
    return [node.findtext(f"{SPACE}title", "") for node in with_class(drawing, "mark")]


def line_pieces(drawing):
    straight = [node for node in with_class(drawing, "line-line") if node.get("y1") == node.get("y2") == "23"]
    return [numbers(node, "x1", "x2") for node in straight]


@pytest.mark.parametrize("state", MARK_STATES)
def test_each_state_has_its_own_shape_and_words(state):
    marks = {name: draw_strip([Mark(name, JANUARY, "x")], **YEAR, palette=PRINT) for name in MARK_STATES}
    grey = {name: "".join(sorted(_shapes(drawing))) for name, drawing in marks.items()}
    assert list(grey.values()).count(grey[state]) == 1
    assert STATE_WORDS[state] in text_of(marks[state], "desc")


def _shapes(drawing):
    """What remains of a mark when colour is taken away."""
    (mark,) = with_class(drawing, "mark")
    plain = ("class", "fill", "stroke")
    for node in mark.iter():
        painted = "filled" if node.get("fill") not in (None, "none") else "hollow"
        yield f"{node.tag} {painted} {sorted(item for item in node.attrib.items() if item[0] not in plain)}"
    yield str(len(line_pieces(drawing)))
    yield str([round(end - start) for start, end in line_pieces(drawing)])


def test_unknown_state_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"'failed': use one of kept, late"):
        Mark("failed", JANUARY, "x")


def test_hostile_labels_stay_text_and_nothing_needs_a_looser_policy():
    mark = Mark("kept", JANUARY, HOSTILE, url='/a?"><script>')
    drawing = draw_strip([mark], **{**YEAR, "title": HOSTILE})
    assert tags(drawing) <= {"svg", "title", "desc", "a", "g", "rect", "line", "text"}
    assert not {name for name in attributes(drawing) if name == "style" or name.startswith("on")}


def test_marks_are_links_with_a_text_when_there_is_somewhere_to_go():
    drawing = draw_strip([Mark("late", JANUARY, "1 January", url="/occurrences/7/")], **YEAR)
    link = read(drawing).find(f".//{SPACE}a")
    assert link is not None
    assert (link.get("href"), link.get("aria-label")) == ("/occurrences/7/", "1 January · kept late")
    assert read(drawing).get("role") == "group"


def test_a_strip_without_links_is_one_picture():
    drawing = draw_strip(weekly(3), **YEAR)
    assert read(drawing).get("role") == "img"
    assert text_of(drawing, "title") == "Weekly call"
    assert text_of(drawing, "desc") == "1 Jan 2026 to 1 Jan 2027: 3 kept on time."


def test_the_line_breaks_at_a_missed_mark_only():
    assert len(line_pieces(draw_strip(weekly(5), **YEAR))) == 1
    missed = Mark("missed", JANUARY + timedelta(days=180), "x")
    left, right = line_pieces(draw_strip([missed], **YEAR))
    assert right[0] - left[1] > 10


def test_a_later_promise_stands_higher_but_never_out_of_the_frame():
    tops = []
    for lateness in (0, 0.5, 1, 7):
        drawing = draw_strip([Mark("late", JANUARY, "x", lateness=lateness)], **YEAR)
        (body,) = with_class(drawing, "fill-late")
        tops.append(numbers(body, "y")[0])
    assert tops[0] > tops[1] > tops[2] == tops[3] > 0


def test_strips_of_one_window_share_their_axis():
    middle = JANUARY + timedelta(days=183)
    lonely = draw_strip([Mark("kept", middle, "x")], **YEAR)
    busy = draw_strip([*weekly(10), Mark("kept", middle, "x")], **YEAR)
    assert places(lonely)[-1] == pytest.approx(places(busy)[-1])


def test_more_marks_than_fit_show_the_last_at_equal_distance_and_say_so():
    marks = [Mark("kept", JANUARY + timedelta(days=day), f"day {day}") for day in range(300)]
    drawing = draw_strip(marks, **YEAR)
    steps = [b - a for a, b in pairwise(places(drawing))]
    assert max(steps) - min(steps) < 0.2
    assert f"The last {len(steps) + 1} of 300, at equal distance." in text_of(drawing, "desc")
    assert named(drawing)[-1] == "day 299 · kept on time"


def test_marks_outside_the_window_are_counted_not_bent_into_it():
    drawing = draw_strip([Mark("kept", JANUARY - timedelta(days=1), "x"), *weekly(2)], **YEAR)
    assert len(with_class(drawing, "mark")) == 2
    assert text_of(drawing, "desc").endswith("1 outside these dates.")


def test_nothing_to_come_stands_left_of_now():
    now = JANUARY + timedelta(hours=30)
    hours = [
        Mark("kept" if hour < 30 else "upcoming", JANUARY + timedelta(hours=hour), "x") for hour in range(60)
    ]
    drawing = draw_strip(hours, **YEAR, now=now)
    (line,) = with_class(drawing, "line-accent")
    assert places(drawing)[29] < numbers(line, "x1")[0] < places(drawing)[30]


def test_a_redated_mark_leaves_a_tick_at_its_old_place():
    moved = Mark("kept", JANUARY + timedelta(days=20), "x", moved_from=JANUARY + timedelta(days=10))
    (tick,) = with_class(draw_strip([moved], **YEAR), "line-faint")
    assert numbers(tick, "x1")[0] < places(draw_strip([moved], **YEAR))[0]


def test_an_empty_strip_is_a_line():
    drawing = draw_strip([], **YEAR)
    assert line_pieces(drawing) == [[0, 470]]
    assert "nothing promised" in text_of(drawing, "desc")


def test_a_window_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="swap the two"):
        draw_strip([], since=JANUARY, until=JANUARY, title="x")


@given(
    days=st.lists(st.floats(0, 364.9), max_size=120),
    state=st.sampled_from(MARK_STATES),
    lateness=st.floats(-1, 9),
    width=st.integers(20, 900),
    height=st.integers(12, 60),
)
def test_marks_never_leave_the_frame_nor_their_order_nor_each_other(days, state, lateness, width, height):
    marks = [Mark(state, JANUARY + timedelta(days=day), f"{day:09.4f}", lateness=lateness) for day in days]
    drawing = draw_strip(marks, **YEAR, width=width, height=height)
    middles, wide = places(drawing), width / (height / 30)
    assert all(0 <= middle <= wide for middle in middles) or wide < 8
    assert all(b - a > PITCH - 0.25 for a, b in pairwise(middles))
    told = named(drawing)
    assert told == sorted(told)
    assert len(told) <= len(days)
    tops = [numbers(node, "y")[0] for node in with_class(drawing, f"fill-{state}")]
    assert all(top >= 0 for top in tops)
