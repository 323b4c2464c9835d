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
from drumbeat.apps.routines.actions import Agreement, agree_override, complete_step, keep_override
from drumbeat.apps.routines.models import Occurrence
from drumbeat.workflows.reminding import remind
from tests.apps.ledger.test_ledger import WRITE
from tests.workflows.channel import run, step_of, text_of
from tests.world import World, build_world

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 6, 1, 6, tzinfo=UTC)  # 08:00 in Berlin
DUE = datetime(2026, 6, 3, 13, tzinfo=UTC)  # Wednesday, 15:00
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
QUERIES_TO_TELL_ONE = 30


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


def test_what_was_settled_before_the_digest_is_not_in_it(world: World) -> None:
    promises = [promised(world, due=DUE + timedelta(minutes=minute)) for minute in range(5)]
    live(DUE - 20 * HOUR)
    kept = Reminder.objects.filter(state=Reminder.State.KEPT)
    first, second = kept.values_list("promise", flat=True)
    keep_promises([first], by=world.alice, at=DUE - 20 * HOUR)
    live(DUE - 5 * HOUR, DUE - 19 * HOUR)
    [digest] = Message.objects.filter(person=world.alice, key__startswith="digest:")
    assert f"/promises/{second}/" in digest.text and f"/promises/{first}/" not in digest.text
    states = dict(
        Reminder.objects.filter(promise__in=promises, rule="before").values_list("promise", "state")
    )
    assert (states[first], states[second]) == (Reminder.State.DROPPED, Reminder.State.TOLD)


TEXT = """
{step: early, kind: task, title: Begin, minutes: 5, due: -4bd}
{step: word, kind: task, title: Answer, minutes: 5, remind: [-3bd channel_manager], due: 0}
{step: prepare, kind: task, title: Gather the figures, minutes: 5, remind: [{at: -2bd, to: director}, -1d sales_lead], due: 0}
"""
WEDNESDAY = datetime(2026, 6, 3, 6, tzinfo=UTC)


def due_next_tuesday(world: World) -> Occurrence:
    """The occurrence due on the 9th; that of the 2nd is kept."""
    this, following = run(text_of(TEXT), [world.bergmann], WEDNESDAY)
    keep_promises([this.promise_id], by=world.alice, at=WEDNESDAY)
    return following


def test_a_text_says_who_is_reminded_when_and_of_which_step(world: World) -> None:
    due_next_tuesday(world)
    live(WEDNESDAY + 6 * DAY, WEDNESDAY)
    assert letters(world.alice) == [("Thu 10:00", "Due 9 June 2026: Weekly word (Bergmann Systemhaus)")]
    assert letters(world.dora) == [("Fri 10:00", "Soon due: Gather the figures (Bergmann Systemhaus)")]
    [(when, subject)] = letters(world.sven)
    assert when == "Mon 10:00" and "Gather the figures" in subject


def test_a_step_that_is_done_is_not_reminded_of(world: World) -> None:
    occurrence = due_next_tuesday(world)
    complete_step(step_of(occurrence, "prepare"), by=world.alice, at=WEDNESDAY)
    live(WEDNESDAY + 6 * DAY, WEDNESDAY)
    assert letters(world.dora) == letters(world.sven) == []
    assert len(letters(world.alice)) == 1


def test_exceptions_whose_review_is_due_stand_in_the_digest_of_who_agreed(world: World) -> None:
    subscription = due_next_tuesday(world).subscription
    agreed = Agreement("pause", WEDNESDAY.date(), "season", review_after=1)
    override = agree_override(subscription, agreed, by=world.dora, at=WEDNESDAY)
    later = WEDNESDAY.replace(month=7, day=8, hour=7)
    remind(at=later)
    [digest] = Message.objects.filter(person=world.dora, key__startswith="digest:")
    assert f"/subscriptions/{override.subscription_id}/" in digest.text
    assert "Exceptions: still wanted?" in digest.text and "Pause" in digest.text
    keep_override(override, 6, by=world.dora, at=later)
    remind(at=later + DAY)
    assert Message.objects.filter(person=world.dora, key__startswith="digest:").count() == 1


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
