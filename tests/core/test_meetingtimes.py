"""Times for both sides: inside the hours of both, never on a day off of one, the hard hours in turn."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.core.calendars import WorkingCalendar
from drumbeat.core.meetingtimes import Side, propose_times
from drumbeat.core.worktime import WorkingHours

WEEKEND = frozenset({5, 6})
MONDAY = datetime(2026, 3, 2, 0, tzinfo=UTC)
ZONES = ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"]


def side(zone: str, *, off: frozenset[date] = frozenset(), **more: object) -> Side:
    calendar = WorkingCalendar(zone, WEEKEND, off)
    return Side(WorkingHours(calendar, ZoneInfo(zone), time(9), time(17)), **more)  # type: ignore[arg-type]


def starts(*sides: Side, minutes: int = 60, **more: object) -> list[str]:
    found = propose_times(sides, minutes, since=MONDAY, **more)  # type: ignore[arg-type]
    return [f"{one.starts_at:%d %H:%M}" for one in found]


def test_the_same_hours_give_the_first_easy_hour_of_three_days() -> None:
    assert starts(side("Europe/Berlin"), side("Europe/Berlin")) == ["02 09:00", "03 09:00", "04 09:00"]


def test_holidays_leaves_and_what_is_taken_are_left_out() -> None:
    ours = side("Europe/Berlin", away=((date(2026, 3, 3), date(2026, 3, 4)),))
    theirs = side("Europe/Berlin", off=frozenset({date(2026, 3, 2)}))
    busy = [(datetime(2026, 3, 4, 9, tzinfo=UTC), datetime(2026, 3, 4, 9, 30, tzinfo=UTC))]
    assert starts(ours, theirs, busy=busy) == ["04 09:30", "05 09:00", "06 09:00"]


def test_hard_hours_go_in_turn() -> None:
    """Berlin and Bogota share 14:00 to 16:00 UTC: its beginning is early there, its end late here."""
    ours, theirs = side("Europe/Berlin"), side("America/Bogota")
    turns = [one.hard_for for one in propose_times([ours, theirs], 60, since=MONDAY, wanted=4)]
    assert sorted(turns) == [(0,), (0,), (1,), (1,)] and turns[0] != turns[1]
    first = propose_times([ours, side("America/Bogota", hard_so_far=3)], 60, since=MONDAY, wanted=1)
    assert first[0].hard_for == (0,), "who got up early before is spared"


def test_who_never_share_an_hour_get_up_early_in_turn() -> None:
    """Berlin and Auckland are twelve hours apart: 9 in the morning here is 21 there, and the other way round."""
    ours, theirs = side("Europe/Berlin"), side("Pacific/Auckland")
    found = propose_times([ours, theirs], 60, since=MONDAY, wanted=4)
    assert [one.hard_for for one in found] == [(1,), (0,), (1,), (0,)]
    for one in found:
        hours = [one.starts_at.astimezone(each.hours.zone).hour for each in (ours, theirs)]
        assert all(7 <= hour <= 21 for hour in hours)


def test_what_stands_in_the_way_is_named() -> None:
    ours = side(
        "Europe/Berlin", off=frozenset({date(2026, 3, 4)}), away=((date(2026, 3, 3), date(2026, 3, 4)),)
    )

    def obstacle(day: int, hour: int) -> str:
        begin = datetime(2026, 3, day, hour, tzinfo=UTC)
        return ours.obstacle(begin, begin + timedelta(hours=1))

    assert [obstacle(2, 9), obstacle(2, 5), obstacle(3, 9), obstacle(4, 9)] == [
        "",
        "hours",
        "away",
        "day off",
    ]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_keeps_the_local_hour_when_clocks_change(zone: str) -> None:
    since = datetime(2026, 3, 6, 23, tzinfo=UTC)
    found = propose_times([side(zone)], 60, since=since, wanted=20)
    assert {one.starts_at.astimezone(ZoneInfo(zone)).time() for one in found} == {time(10)}


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(ZONES), st.sampled_from(ZONES), st.integers(15, 120), st.integers(0, 9), st.integers(0, 9)
)
def test_whatever_is_proposed_suits_both(one: str, other: str, minutes: int, before: int, after: int) -> None:
    sides = [side(one, hard_so_far=before), side(other, hard_so_far=after)]
    found = propose_times(sides, minutes, since=MONDAY)
    for proposal in found:
        end = proposal.starts_at + timedelta(minutes=minutes)
        stretched = [replace(each, is_stretched=True) for each in sides]
        assert all(each.fits(proposal.starts_at, end) for each in stretched)
        assert all(each.fits(proposal.starts_at, end) for each in sides) or proposal.hard_for
    days = [proposal.starts_at.date() for proposal in found]
    assert len(set(days)) == len(days) and days == sorted(days)
