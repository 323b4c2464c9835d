"""Reminders in the house: told once, to whom it concerns now, under the caps, and not told when it is done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from drumbeat.apps.ledger.actions import keep_promises, make_months
from drumbeat.apps.ledger.models import Promise
from drumbeat.apps.messages.models import Message, Reminder
from drumbeat.apps.people.models import Account, Leave
from drumbeat.workflows.reminding import remind
from tests.apps.ledger.test_ledger import WRITE
from tests.world import World, build_world

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 6, 1, 6, tzinfo=UTC)  # 08:00 in Berlin
DUE = datetime(2026, 6, 3, 13, tzinfo=UTC)  # Wednesday, 15:00
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
QUERIES_TO_TELL_ONE = 25


@pytest.fixture
def world() -> World:
    built = build_world(at=MONDAY)
    make_months(MONDAY.date(), (MONDAY + 60 * DAY).date())
    return built


def promised(world: World, *, owing: str = "vendor", due: datetime = DUE, through: str = "person") -> Promise:
    number = Promise.objects.count() + 1000
    owed = {"id": number, "owing": owing, "through": through, "partner": world.bergmann.pk, "person": world.alice.pk,
            "due": due, "deadline": due + DAY, "miss": due + 20 * DAY, "at": MONDAY}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(WRITE, owed)
    return Promise.objects.get(pk=number)


def live(until: datetime, since: datetime = MONDAY) -> None:
    """The clock calls each hour."""
    at = since
    while at <= until:
        remind(at=at)
        at += HOUR


def letters(to: object) -> list[tuple[str, str]]:
    """(moment in Berlin, subject) of what was written to somebody."""
    name = "person" if isinstance(to, Account) else "contact"
    return [
        (f"{message.written_at + 2 * HOUR:%a %H:%M}", message.subject)
        for message in Message.objects.filter(**{name: to}).order_by("written_at", "pk")
    ]


def test_the_owner_hears_a_working_day_before_and_at_due(world: World) -> None:
    promised(world)
    live(DUE)
    assert [when for when, _ in letters(world.alice)] == ["Tue 15:00", "Wed 15:00"]


def test_each_reminder_is_told_once_however_often_the_clock_calls(world: World) -> None:
    promised(world)
    for _ in range(3):
        remind(at=DUE - DAY)
    assert len(letters(world.alice)) == 1


def test_what_is_done_is_not_told(world: World) -> None:
    promise = promised(world)
    remind(at=MONDAY)
    keep_promises([promise.pk], by=world.alice, at=MONDAY + HOUR)
    live(DUE + 5 * DAY, MONDAY + 2 * HOUR)
    assert letters(world.alice) == letters(world.dora) == []


def test_the_director_hears_once_two_working_days_after_the_deadline(world: World) -> None:
    promised(world)
    live(DUE + 9 * DAY)
    told = [letter for letter in letters(world.dora) if "Overdue" in letter[1]]
    assert [when for when, _ in told] == ["Mon 15:00"], "the deadline is Thursday; Friday and Monday are two"


def test_what_is_overdue_stands_in_the_digest_of_each_working_morning(world: World) -> None:
    promised(world)
    live(DUE + 6 * DAY)
    digests = [when for when, subject in letters(world.alice) if "this morning" in subject]
    assert digests == ["Fri 09:00", "Mon 09:00", "Tue 09:00"]


def test_beyond_three_a_day_the_rest_waits_for_the_digest(world: World) -> None:
    for minute in range(5):
        promised(world, due=DUE + timedelta(minutes=minute))
    live(DUE)
    tuesday = [letter for letter in letters(world.alice) if letter[0].startswith("Tue")]
    assert len(tuesday) == 3
    [digest] = Message.objects.filter(person=world.alice, key__startswith="digest:")
    assert digest.text.count("/promises/") == 2


def test_the_cover_is_told_in_place_of_who_is_on_leave(world: World) -> None:
    promised(world)
    Leave.objects.create(
        person=world.alice, from_on=MONDAY.date(), until_on=(MONDAY + 14 * DAY).date(), cover=world.bob,
        state=Leave.State.APPROVED, asked_at=MONDAY,
    )  # fmt: skip
    live(DUE)
    assert letters(world.alice) == []
    assert len(letters(world.bob)) == 2


def test_the_partner_is_reminded_gently_and_the_manager_hears_of_it(world: World) -> None:
    promised(world, owing="partner")
    live(DUE + 5 * DAY)
    assert [when for when, _ in letters(world.petra) + letters(world.sven)] == ["Mon 15:00", "Fri 15:00"], (
        "Thursday is Corpus Christi in Stuttgart"
    )
    assert [when for when, subject in letters(world.alice) if "late" in subject] == ["Fri 15:00"]


def test_a_contact_gets_one_a_day(world: World) -> None:
    for hour in range(3):
        promised(world, owing="partner", due=DUE + timedelta(minutes=hour))
    live(DUE)
    days = [when.split()[0] for when, _ in letters(world.petra) + letters(world.sven)]
    assert len(days) == len(set(days)), "never two on one day"


def test_machines_need_no_reminder(world: World) -> None:
    promised(world, through="machine")
    live(DUE)
    assert not Reminder.objects.exists()


def test_many_promises_take_a_constant_number_of_queries(world: World) -> None:
    def queries(count: int) -> int:
        for _ in range(count):
            promised(world, owing="partner")
        with CaptureQueriesContext(connection) as captured:
            remind(at=MONDAY)
        return len(captured)

    few = queries(1)
    assert queries(4) == few


@pytest.mark.parametrize("count", [1, 3])
def test_more_letters_to_one_reader_take_no_more_queries(world: World, count: int) -> None:
    for minute in range(count):
        promised(world, due=DUE - timedelta(minutes=minute))
    remind(at=MONDAY)
    with CaptureQueriesContext(connection) as captured:
        assert remind(at=DUE - DAY) == count
    assert len(captured) == QUERIES_TO_TELL_ONE
