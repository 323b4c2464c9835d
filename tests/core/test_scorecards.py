"""Scores and why they change: the worked example, texts that are no scorecard, and the law that explanations add up."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drumbeat.core.playbook.problems import RoutineErrors
from drumbeat.core.scorecards import (
    Band,
    Part,
    Template,
    change_between,
    read_scorecard,
    score,
    told,
    whole_points,
)
from drumbeat.library import scorecard_texts

HEALTH = {
    "growth": (20, -20, 20, 6), "quota": (20, 50, 100, 82), "pipeline": (15, 0, 3, "2.1"), "certification": (10, 0, 100, 75),
    "plan": (10, 40, 100, 70), "on_time": (10, 60, 95, 88), "responsiveness": (5, 16, 4, 6), "pulse": (5, 0, 10, 8),
    "data": (5, 50, 100, 90),
}  # fmt: skip
BANDS = (Band("good", Fraction(75)), Band("watch", Fraction(50)), Band("act", Fraction(0)))


def template(**parts: tuple[object, ...]) -> Template:
    made = tuple(
        Part(key, key, key, *(Fraction(str(one)) for one in told[:3])) for key, told in parts.items()
    )
    return Template("health", "Health", "", made, BANDS, Fraction(60), repr(parts))


def values(**parts: tuple[object, ...]) -> dict[str, Fraction | None]:
    return {key: Fraction(str(told[3])) for key, told in parts.items()}


def test_the_worked_health_score():
    found = score(template(**HEALTH), values(**HEALTH))
    assert (found.rounded, found.band, found.known) == (Decimal("68.97"), "watch", 100)
    points = {one.part.key: round(float(one.points or 0), 2) for one in found.parts}
    assert points == {
        "growth": 13.0, "quota": 12.8, "pipeline": 10.5, "certification": 7.5, "plan": 5.0, "on_time": 8.0,
        "responsiveness": 4.17, "pulse": 4.0, "data": 4.0,
    }  # fmt: skip


def test_unknown_parts_leave_and_too_few_give_no_score():
    known = values(**HEALTH)
    assert score(template(**HEALTH), {**known, "pulse": None}).rounded == Decimal("68.39")
    few = {key: value for key, value in known.items() if key in ("growth", "quota", "pipeline")}
    assert score(template(**HEALTH), few).total is None
    assert score(template(**HEALTH), {}).band == ""


def test_a_change_is_told_in_points_that_add_up():
    card = template(certification=(50, 0, 100), deals=(50, 0, 100))
    fell = change_between(
        card, {"certification": Fraction(90), "deals": Fraction(60)}, card, {"certification": Fraction(80), "deals": Fraction(54)}
    )  # fmt: skip
    assert told(fell) == "fell 8 points: certification −5, deals −3"
    same = change_between(card, {"certification": Fraction(1), "deals": Fraction(1)}, card, {"certification": Fraction(1), "deals": Fraction(1)})  # fmt: skip
    assert told(same) == "unchanged"
    heavier = template(certification=(75, 0, 100), deals=(25, 0, 100))
    weighed = change_between(
        card, {"certification": Fraction(80), "deals": Fraction(40)}, heavier, {"certification": Fraction(80), "deals": Fraction(40)}
    )  # fmt: skip
    assert told(weighed) == "rose 10 points: certification, weighed anew +20, deals, weighed anew −10"
    gone = change_between(
        card, {"certification": Fraction(80), "deals": Fraction(40)}, card, {"certification": Fraction(80)}
    )
    assert told(gone) == "not known at both days"
    lax = replace(card, needed=Fraction(0))
    found = change_between(
        lax, {"certification": Fraction(80)}, lax, {"certification": Fraction(80), "deals": Fraction(40)}
    )
    assert told(found) == "fell 20 points: deals now known −20"


KEYS = ("a", "b", "c", "d")
WEIGHT = st.integers(1, 500).map(lambda n: Fraction(n, 7))
NUMBER = st.integers(-1000, 1000).map(lambda n: Fraction(n, 9))


@st.composite
def cards(draw):
    parts = []
    for key in draw(st.sets(st.sampled_from(KEYS), min_size=1)):
        floor = draw(NUMBER)
        full = draw(NUMBER.filter(lambda number, floor=floor: number != floor))
        parts.append(Part(key, key, key, draw(WEIGHT), floor, full))
    return Template("k", "K", "", tuple(parts), BANDS, Fraction(draw(st.integers(0, 100))), "")


VALUES = st.dictionaries(st.sampled_from(KEYS), st.none() | NUMBER)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(cards(), VALUES, cards(), VALUES)
def test_the_parts_of_an_explanation_sum_exactly_to_the_change(then, before, now, after):
    change = change_between(then, before, now, after)
    if change.total is None:
        assert score(then, before).total is None or score(now, after).total is None
        return
    assert sum(one.points for one in change.parts) == change.total
    assert sum(whole_points(change).values()) == round(change.total)
    assert all(abs(whole_points(change)[one.part.key] - one.points) < 1 for one in change.parts)
    if then == now:
        assert all(one.by_weights == 0 for one in change.parts)


@given(cards(), VALUES)
def test_a_score_lies_between_0_and_100_and_is_the_sum_of_its_parts(card, found):
    told = score(card, found)
    if told.total is not None:
        assert 0 <= told.total <= 100
        assert sum(one.points or 0 for one in told.parts) == told.total
        assert told.band == next(band.name for band in BANDS if told.total >= band.least)
    assert change_between(card, found, card, found).total in (0, None)


def test_the_scorecards_that_ship_are_read():
    for key, text in scorecard_texts().items():
        assert read_scorecard(text, key).key == key


GOOD = scorecard_texts()["partner-health"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("growth_12m", "growth_12", "there is no measure 'growth_12' of partners"),
        ("weight: 20, floor: -20", "weight: 0, floor: -20", "0 weighs nothing"),
        ("floor: -20, full: 20", "floor: 20, full: 20", "is the same as floor"),
        ("act: 0", "act: 10", "leave scores without a band"),
        ("good: 75", "good: 50", "leave scores without a band"),
        ("part: silence", "part: growth", "growth is there twice"),
        ("measure: pipeline_open", "measure: pipeline_open, side: vendor", "means nothing to pipeline_open"),
        ("needed: 60", "needed: much", "'much' is no number"),
        ("title:", "tilte:", "tilte"),
    ],
)
def test_a_text_that_is_no_scorecard_says_where_and_why(old, new, reason):
    with pytest.raises(RoutineErrors, match=reason):
        read_scorecard(GOOD.replace(old, new, 1), "card.yaml")
