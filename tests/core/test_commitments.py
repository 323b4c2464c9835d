"""A spoken line made a commitment, or the reason why it is none."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.commitments import (
    ACKNOWLEDGED,
    DECLINED,
    PROPOSED,
    QUESTIONED,
    Spoken,
    due_moment,
    insist_on_step,
    read_day,
    read_line,
)
from drumbeat.core.refusal import Refused

TODAY = date(2026, 3, 3)  # a Tuesday
NAMES = ["Petra Bergmann", "Sven Sommer", "Alice Ahrens", "Petrus Ahl"]


@pytest.mark.parametrize(
    ("line", "spoken"),
    [
        ("Sven: send the price list by Fri", Spoken(1, "Send the price list", date(2026, 3, 6))),
        (
            "petra bergmann:  name a   reference by 11 March.",
            Spoken(0, "Name a reference", date(2026, 3, 11)),
        ),
        ("Alice will call Nordwind by tomorrow", Spoken(2, "Call Nordwind", date(2026, 3, 4))),
        (
            "Sommer: fill the form by 2026-04-01; done when Alice has it",
            Spoken(1, "Fill the form", date(2026, 4, 1), "Alice has it"),
        ),
        ("Petra: stand by the offer by Mon", Spoken(0, "Stand by the offer", date(2026, 3, 9))),
    ],
)
def test_reads_a_line(line: str, spoken: Spoken) -> None:
    assert read_line(line, NAMES, TODAY) == spoken


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("send the price list by Fri", "no owner"),
        ("Kate: send the price list by Fri", "no owner"),
        ("Sven: send the price list", "no date"),
        ("Sven: send the price list by the way", "no date"),
        ("send the price list", "no owner and no date"),
        ("Sven: by Fri", "no thing"),
        ("Petr: call by Fri", "may be Petra Bergmann or Petrus Ahl"),
        ("Sven: call by 2026-03-02", "is past"),
        (f"Sven: {'x' * 161} by Fri", "161 letters"),
        ("", "no owner and no thing and no date"),
    ],
)
def test_says_what_is_missing(line: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        read_line(line, NAMES, TODAY)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("today", TODAY), ("Tue", date(2026, 3, 10)), ("fri", date(2026, 3, 6)), ("next Fri", date(2026, 3, 13)),
        ("next mon", date(2026, 3, 9)), ("in 3 days", date(2026, 3, 6)), ("in 2 weeks", date(2026, 3, 17)),
        ("11.12.", date(2026, 12, 11)), ("1.2.", date(2027, 2, 1)), ("Dec 11", date(2026, 12, 11)),
        ("11 dec 2027", date(2027, 12, 11)), ("29 Feb 2028", date(2028, 2, 29)), ("30 feb", None), ("t", None),
        ("someday", None), ("ma", None),
    ],
)  # fmt: skip
def test_reads_days(words: str, day: date | None) -> None:
    assert read_day(words, TODAY) == day


def test_is_due_at_five_where_the_owner_is() -> None:
    assert due_moment(date(2026, 7, 1), ZoneInfo("Asia/Tokyo")) == datetime(2026, 7, 1, 8, tzinfo=UTC)


def test_only_some_states_follow() -> None:
    for state, following in ((PROPOSED, ACKNOWLEDGED), (QUESTIONED, PROPOSED), (DECLINED, PROPOSED)):
        insist_on_step(state, following)
    for following in (PROPOSED, QUESTIONED, DECLINED):
        with pytest.raises(Refused, match="acknowledged already"):
            insist_on_step(ACKNOWLEDGED, following)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(line: str) -> None:
    try:
        assert read_line(line, NAMES, TODAY).text
    except Refused as refusal:
        assert refusal.field == "line"
