"""What a business unit leaves: examples, and what is unknown stays unknown."""

import pytest

from drumbeat.core.metrics.contribution import contribution, times


@pytest.mark.parametrize(
    ("margin", "cost", "funds", "left"),
    [
        (1000.0, 300.0, 50.0, 650.0),
        (1000.0, 300.0, None, 700.0),
        (100.0, 300.0, 0.0, -200.0),
        (None, 300.0, 0.0, None),
        (1000.0, None, 0.0, None),
    ],
)
def test_contribution(
    margin: float | None, cost: float | None, funds: float | None, left: float | None
) -> None:
    assert contribution(margin, cost, funds) == left


def test_times() -> None:
    assert times(900.0, 300.0) == 3.0
    assert times(900.0, 0.0) is None
    assert times(None, 3.0) is None
