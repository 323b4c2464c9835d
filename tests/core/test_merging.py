"""Texts that two people wrote at once: nothing of either is lost, or the clash is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.merging import merge

TEXTS = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=6).map("\n".join)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ("a\nb\nc", "A\nb\nc", "a\nb\nC", "A\nb\nC"),
        ("a", "a\nmine", "a\ntheirs", "a\ntheirs\nmine"),
        ("a\nb", "a", "a\nb\nc", "a\nc"),
        ("a\nb", "x\nb", "y\nb", None),
        ("", "mine", "theirs", "theirs\nmine"),
        ("a\nb\nc\nd", "a\nc\nd", "a\nb\nc\nd\ne", "a\nc\nd\ne"),
    ],
)
def test_merges_by_lines(base: str, mine: str, theirs: str, merged: str | None) -> None:
    assert merge(base, mine, theirs) == merged


@given(TEXTS, TEXTS)
def test_who_alone_wrote_is_right(base: str, text: str) -> None:
    assert merge(base, text, base) == text
    assert merge(base, base, text) == text
    assert merge(base, text, text) == text


@given(
    TEXTS,
    st.lists(st.sampled_from(["m1", "m2"]), max_size=3),
    st.lists(st.sampled_from(["t1", "t2"]), max_size=3),
)
def test_no_added_line_is_lost(base: str, mine: list[str], theirs: list[str]) -> None:
    merged = merge(base, "\n".join([*mine, base]), "\n".join([base, *theirs]))
    if merged is not None:
        lines = merged.split("\n")
        assert all(lines.count(line) >= mine.count(line) for line in mine)
        assert all(lines.count(line) >= theirs.count(line) for line in theirs)
