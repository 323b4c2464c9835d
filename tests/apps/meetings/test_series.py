"""A series: arranged once, some or all dates moved or cancelled together; its UID stays and each change is told once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from drumbeat.apps.meetings.actions import (
    Arrangement,
    Point,
    Presence,
    arrange_meeting,
    arrange_series,
    cancel_following,
    cancel_meeting,
    hold_meetings,
    move_following,
    move_meeting,
)
from drumbeat.apps.meetings.models import Attendee, Meeting, Series
from drumbeat.apps.messages.models import Message
from drumbeat.core.icalreading import CalendarReading, read_calendar
from drumbeat.core.itip import apply
from drumbeat.core.itip_series import series_of
from drumbeat.core.refusal import Refused
from tests.world import AT, World, build_world

pytestmark = pytest.mark.django_db

STARTS_AT = datetime(2026, 3, 20, 9, tzinfo=UTC)  # a Friday, 10:00 in Berlin; summer time begins on the 29th
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def world() -> World:
    return build_world()


def told(world: World) -> dict:
    return {
        "title": "Weekly call", "organiser": world.alice, "guests": [world.alice, world.petra, world.sven],
        "minutes": 30, "zone": "Europe/Berlin", "partner": world.bergmann,
    }  # fmt: skip


@pytest.fixture
def series(world: World) -> Series:
    points = [Point("The week", person=world.alice)]
    return arrange_series(
        "x", rhythm="week", times=4, starts_at=STARTS_AT, points=points, room="Room 5", **told(world), at=AT
    )


def dates(series: Series) -> list[Meeting]:
    return list(series.meetings.order_by("original_at"))


def local_hours(series: Series) -> list[str]:
    return [f"{one.starts_at.astimezone(ZoneInfo(one.zone)):%d.%m. %H:%M}" for one in dates(series)]


def last_letter(world: World) -> Message:
    return Message.objects.filter(contact=world.petra).latest("pk")


def last_file(world: World) -> CalendarReading:
    return read_calendar(bytes(last_letter(world).attachments.get().content))


def test_one_letter_invites_to_all_dates(world: World, series: Series) -> None:
    assert local_hours(series) == ["20.03. 10:00", "27.03. 10:00", "03.04. 10:00", "10.04. 10:00"]
    assert Message.objects.count() == 3, "one to each, the organiser among them"
    letter = last_letter(world)
    assert letter.subject == "Invitation: Weekly call"
    assert "every week, 30 minutes each" in letter.text and "Room 5" in letter.text
    assert "- Friday 10 April 2026, 10:00 (Europe/Berlin)" in letter.text and "- The week" in letter.text
    assert all(one.points.get().person == world.alice for one in dates(series))


def test_the_same_key_arranges_nothing_twice(world: World, series: Series) -> None:
    again = arrange_series("x", rhythm="month", times=2, starts_at=STARTS_AT + DAY, **told(world), at=AT)
    assert again == series and Meeting.objects.count() == 4 and Message.objects.count() == 3


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "jede Woche, jeweils 30 Minuten"), ("ja", "毎週、各30分"), ("fr", "chaque semaine, 30 minutes")],
)
def test_the_letter_speaks_the_readers_language(world: World, language: str, words: str) -> None:
    world.petra.language = language
    world.petra.save()
    arrange_series("y", rhythm="week", times=2, starts_at=STARTS_AT, **told(world), at=AT)
    assert words in last_letter(world).text


def test_a_date_and_all_that_follow_move_by_as_much(world: World, series: Series) -> None:
    Attendee.objects.update(answer="accepted")
    second = dates(series)[1]
    move_following(
        second, second.starts_at + DAY + 4 * HOUR, by=world.alice, at=AT, minutes=45, place=("", "")
    )
    assert local_hours(series) == ["20.03. 10:00", "28.03. 14:00", "04.04. 14:00", "11.04. 14:00"]
    assert {one.uid for one in dates(series)} == {series.uid}
    assert [one.sequence for one in dates(series)] == [0, 1, 1, 1]
    answers = [one.attendees.get(contact=world.petra).answer for one in dates(series)]
    assert answers == ["accepted", "none", "none", "none"]
    assert Message.objects.count() == 6, "one letter more to each"
    assert "- Saturday 28 March 2026, 14:00" in last_letter(world).text
    assert "45 minutes" in last_letter(world).text and "Room 5" not in last_letter(world).text


def test_the_file_tells_the_series_as_it_stands(world: World, series: Series) -> None:
    """Earlier changes of single dates are in it too, and the calendar that had the first letter takes it over."""
    first_file = series_of(last_file(world))
    first, second, third, _ = dates(series)
    move_meeting(first, first.starts_at + HOUR, by=world.alice, at=AT)
    cancel_meeting(second, by=world.alice, at=AT)
    move_following(third, third.starts_at - HOUR, by=world.alice, at=AT)
    reading = last_file(world)
    applied = apply(first_file, reading)
    assert applied.is_changed and applied.series
    assert reading.method == "REQUEST" and {one.uid for one in reading.events} == {series.uid}
    master = applied.series.master
    assert master and master.sequence == 2 and [one.instant for one in master.without] == [second.original_at]
    moved = {one.recurrence_id.instant: one.start.instant for one in applied.series.exceptions}
    third, fourth = dates(series)[2:]
    assert moved == {
        first.original_at: first.original_at + HOUR,
        third.original_at: third.starts_at,
        fourth.original_at: fourth.starts_at,
    }


def test_what_was_held_stays_and_the_rest_is_cancelled(world: World, series: Series) -> None:
    first, second, *_ = dates(series)
    hold_meetings([Presence(first, world.alice, first.starts_at + HOUR)])
    cancel_following(second, by=world.alice, at=first.starts_at + DAY)
    assert [one.state for one in dates(series)] == ["held", "cancelled", "cancelled", "cancelled"]
    reading = last_file(world)
    assert reading.method == "CANCEL" and len(reading.events) == 3
    assert [one.recurrence_id.instant for one in reading.events] == [
        one.original_at for one in dates(series)[1:]
    ]
    assert last_letter(world).subject == "Cancelled: Weekly call"
    with pytest.raises(Refused, match="cancelled already"):
        cancel_following(second, by=world.alice, at=AT)


def test_a_series_of_which_nothing_is_left_is_cancelled_as_one(world: World, series: Series) -> None:
    cancel_following(dates(series)[0], by=world.alice, at=AT)
    [event] = last_file(world).events
    assert (event.uid, event.recurrence_id, event.sequence) == (series.uid, None, 1)


def test_strangers_the_past_and_single_meetings_are_refused(world: World, series: Series) -> None:
    second = dates(series)[1]
    with pytest.raises(Refused, match="somebody else's"):
        move_following(second, second.starts_at + HOUR, by=world.bob, at=AT)
    with pytest.raises(Refused, match="past"):
        move_following(second, AT - HOUR, by=world.alice, at=AT)
    alone = arrange_meeting(Arrangement("alone", starts_at=STARTS_AT, **told(world)), at=AT)
    with pytest.raises(Refused, match="no series"):
        cancel_following(alone, by=world.alice, at=AT)
    assert [one.sequence for one in dates(series)] == [0, 0, 0, 0]
