"""What a report can be put together from: bad input is told with what, where and how to mend it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.metrics import DIMENSIONS, METRICS
from drumbeat.core.metrics.blueprint import (
    AGAINST,
    CHARTS,
    WINDOWS,
    Blueprint,
    blueprint_of,
    fitting_dimensions,
    insist_on_blueprint,
    is_windowed,
    kept_blueprint,
)
from drumbeat.core.refusal import Refused

SOUND = Blueprint(("sell_through", "units"), ("tier",))
BAD: list[tuple[dict[str, Any], str, str, str]] = [
    ({"metrics": ()}, "metrics", "No figure is picked", "Pick at least one"),
    ({"metrics": ("sell_throgh",)}, "metrics", "no metric 'sell_throgh'", "Did you mean sell_through?"),
    ({"metrics": ("units", "units")}, "metrics", "Units is picked twice", "Leave one out"),
    ({"metrics": ("active_partner_keys",)}, "metrics", "are no figure", "active_partners"),
    ({"metrics": tuple(METRICS)[:9]}, "metrics", "9 figures", "8 at most"),
    ({"by": ("teir",)}, "by", "no dimension 'teir'", "Did you mean tier?"),
    ({"by": ("stage",)}, "by", "Sell-through can't be split by stage", "It can be split by year"),
    ({"by": ("tier", "type", "month")}, "by", "3 dimensions", "2 at most"),
    ({"by": ("tier", "tier")}, "by", "tier twice", "Leave one out"),
    ({"by": ("window",)}, "by", "no place", "month, quarter or year"),
    ({"metrics": ("growth_12m",), "by": ("month",)}, "by", "isn't counted over days", "don't split over time"),
    ({"metrics": ("pipeline_open",), "by": ("month",)}, "by", "isn't counted over days", "don't split over time"),
    ({"where": (("stage", "won"),)}, "where", "can't be narrowed by stage", "It can be split by"),
    ({"where": (("tier", " "),)}, "where", "Tier is to be nothing", "Say which one"),
    ({"where": (("tier", "a|b"),)}, "where", "has a bar in it", "without it"),
    ({"where": (("month", "2026-01"),)}, "where", "Month parts time", "Choose the window"),
    ({"window": "yesterday"}, "window", "no window 'yesterday'", "Use one of last_month"),
    ({"window": "given"}, "window", "A day of the window is missing", "first day and its last"),
    ({"window": "given", "from_on": date(2026, 3, 1), "until_on": date(2026, 2, 1)}, "window", "ends before it begins", "isn't before the first"),
    ({"window": "given", "from_on": date(1026, 3, 1), "until_on": date(2026, 2, 1)}, "window", "leaves the calendar", "2000 to 2049"),
    ({"by": ("month",), "against": "before"}, "against", "no row in the time before", "a year before"),
    ({"by": ("fiscal_quarter",), "against": "year_before"}, "against", "can't be found again", "month, quarter or year"),
    ({"window": "all", "against": "before"}, "against", "no time before", "Choose a window"),
    ({"against": "never"}, "against", "Nothing is compared", "year_before"),
    ({"chart": "pie"}, "chart", "no chart 'pie'", "bars or lines"),
    ({"by": (), "chart": "bars"}, "chart", "shows nothing", "Split it"),
    ({"chart": "lines"}, "chart", "Lines go over time", "Split by month"),
    ({"most": 0}, "most", "0 rows", "1 to 200"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "field", "what", "mend"), BAD)
def test_what_makes_no_sense_is_told_at_its_field(
    changes: dict[str, Any], field: str, what: str, mend: str
) -> None:
    with pytest.raises(Refused) as refused:
        insist_on_blueprint(replace(SOUND, **changes))
    assert refused.value.field == field
    assert what in refused.value.what
    assert mend in refused.value.mend


@pytest.mark.parametrize("metric", [name for name, one in METRICS.items() if one.unit != "keys"])
def test_every_metric_is_sound_alone_and_with_what_fits_it(metric: str) -> None:
    alone = Blueprint((metric,))
    insist_on_blueprint(alone)
    for dimension in fitting_dimensions(alone):
        if is_windowed(metric) or not DIMENSIONS[dimension].is_period:
            insist_on_blueprint(replace(alone, by=(dimension,)))


BLUEPRINTS = st.builds(
    Blueprint,
    metrics=st.lists(st.sampled_from(list(METRICS)), max_size=8).map(tuple),
    by=st.lists(st.sampled_from(list(DIMENSIONS)), max_size=2).map(tuple),
    where=st.lists(st.tuples(st.sampled_from(list(DIMENSIONS)), st.text()), max_size=3).map(tuple),
    window=st.sampled_from(list(WINDOWS)),
    from_on=st.none() | st.dates(),
    until_on=st.none() | st.dates(),
    against=st.sampled_from(list(AGAINST)),
    chart=st.sampled_from(list(CHARTS)),
    most=st.integers(1, 200),
)


@given(BLUEPRINTS)
def test_what_is_kept_is_read_back_and_either_sound_or_refused_at_a_field(blueprint: Blueprint) -> None:
    assert blueprint_of(kept_blueprint(blueprint)) == blueprint
    try:
        insist_on_blueprint(blueprint)
    except Refused as refusal:
        assert refusal.field in ("metrics", "by", "where", "window", "against", "chart", "most")
        assert refusal.mend
