"""A small demo channel: the same start gives the same year, the ledger stays sound, and a pause changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import Count
from pytest_django import DjangoDbBlocker

from drumbeat.apps.deals.models import Deal
from drumbeat.apps.events.models import Event
from drumbeat.apps.ledger.actions import rebuild_ledger
from drumbeat.apps.ledger.models import Ask, Entry, EntryKind, Standing
from drumbeat.apps.messages.models import Message
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.models import Occurrence, Step, StepState
from drumbeat.apps.routines.queries import today
from drumbeat.apps.sales.models import SellThrough
from drumbeat.core.refusal import Refused
from drumbeat.demo import STAFF, build_demo, catch_up_demo, opens_at

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]

AT = datetime(2026, 6, 17, 6, 30, tzinfo=UTC)  # a Wednesday, 08:30 in Berlin
SIX_WEEKS = timedelta(days=42)
TWO_DAYS = timedelta(days=2)
SETTLING = {EntryKind.KEPT, EntryKind.LATE, EntryKind.MISSED, EntryKind.WAIVED}


@pytest.fixture(scope="module")
def unpaused(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> list[tuple[object, ...]]:
    """What comes of six weeks and two days in one go, told before anything else is built."""
    with django_db_blocker.unblock(), transaction.atomic():
        build(AT + TWO_DAYS, SIX_WEEKS + TWO_DAYS)
        found = digest()
        transaction.set_rollback(True)
    return found


@pytest.fixture(scope="module")
def lived(unpaused: list[tuple[object, ...]], django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Six weeks of a small channel, built once; each test takes back what it changes."""
    with django_db_blocker.unblock(), transaction.atomic():
        build()
        yield
        transaction.set_rollback(True)


def build(at: datetime = AT, time_back: timedelta = SIX_WEEKS) -> None:
    build_demo(at, lambda part, what: None, partners=8, time_back=time_back, processes=1)


def digest() -> list[tuple[object, ...]]:
    """All that came of it, by names instead of row numbers."""
    subject = ("occurrence__subscription__partner__key", "occurrence__subscription__person__email")
    tables = (
        Occurrence.objects.values_list(
            "version__routine__key", "subscription__partner__key", "subscription__person__email", "nominal_on",
            "due_at", "promise__standing__outcome", "promise__standing__outcome_at", "promise__standing__cause",
        ),
        Step.objects.values_list(
            "occurrence__version__routine__key", *subject, "occurrence__nominal_on", "playbook_step__key", "state",
            "done_at", "answer",
        ),
        Ask.objects.values_list("promise__routine", "promise__partner__key", "kind", "reason", "asked_at", "granted"),
        Message.objects.values_list("purpose", "to_address", "subject", "state", "sent_at"),
        Contact.objects.values_list("partner__key", "name", "email", "joined_on", "left_on"),
        Deal.objects.values_list("partner__key", "customer", "amount", "stage", "submitted_at", "closed_at"),
        SellThrough.objects.values_list("partner__key", "month", "amount", "received_at"),
    )  # fmt: skip
    return [row for table in tables for row in sorted(table, key=repr)]


@pytest.mark.usefixtures("lived")
def test_the_same_start_gives_the_same_year_with_and_without_a_pause(
    unpaused: list[tuple[object, ...]],
) -> None:
    catch_up_demo(AT + TWO_DAYS, lambda part, what: None, processes=1)
    assert len(unpaused) > 1000
    assert digest() == unpaused


@pytest.mark.usefixtures("lived")
def test_catching_up_to_the_past_changes_nothing() -> None:
    lived = Event.objects.filter(kind="demo.lived").count()
    catch_up_demo(AT - SIX_WEEKS, lambda part, what: None, processes=1)
    assert Event.objects.filter(kind="demo.lived").count() == lived


@pytest.mark.usefixtures("lived")
def test_catching_up_needs_a_demo() -> None:
    Event.objects.all().delete()
    with pytest.raises(Refused, match="no demo"):
        catch_up_demo(AT, lambda part, what: None, processes=1)


@pytest.mark.usefixtures("lived")
class TestTheBook:
    def test_is_sound(self) -> None:
        assert rebuild_ledger() == 0

    def test_settles_each_promise_once_and_none_before_it_was_given(self) -> None:
        settled = Entry.objects.filter(kind__in=SETTLING)
        twice = settled.values("promise_id").annotate(count=Count("promise_id")).filter(count__gt=1)
        assert list(twice) == []
        given = dict(Entry.objects.filter(kind=EntryKind.PROMISED).values_list("promise_id", "at"))
        assert settled.count() == Standing.objects.exclude(outcome=None).count() > 50
        assert [entry for entry in settled if entry.at < given[entry.promise_id]] == []

    def test_knows_nothing_of_the_future(self) -> None:
        assert not Entry.objects.filter(recorded_at__gt=AT).exists()
        assert not Step.objects.filter(done_at__gt=AT).exists()
        assert not Message.objects.filter(written_at__gt=AT).exists()
        assert not Deal.objects.filter(moved_at__gt=AT).exists()

    def test_leaves_no_machine_step_failed(self) -> None:
        failed = Step.objects.filter(state__in=[StepState.FAILED, StepState.UNCERTAIN])
        assert list(failed.values_list("playbook_step__key", "error")) == []

    def test_gives_everybody_an_account_and_the_managers_a_morning(self) -> None:
        assert {account.email for account in Account.objects.all()} == {member.email for member in STAFF}
        first = Account.objects.get(email=STAFF[0].email)
        assert today(first, AT).today.count > 0
        assert Partner.objects.count() == 8


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("2026-11-25T04:00+00:00", "2026-11-24T08:30+01:00"),  # before 08:30 in Berlin: the day before
        ("2026-11-25T07:30+00:00", "2026-11-25T08:30+01:00"),  # at 08:30 itself
        ("2026-11-29T12:00+00:00", "2026-11-27T08:30+01:00"),  # a Sunday: Friday
        ("2026-12-26T12:00+00:00", "2026-12-24T08:30+01:00"),  # after Christmas
        ("2026-01-01T06:00+00:00", "2025-12-31T08:30+01:00"),  # over the year's edge
        ("2026-07-01T22:30+00:00", "2026-07-01T08:30+02:00"),  # already tomorrow in Berlin, summer time
    ],
)
def test_it_opens_on_the_last_working_morning_of_the_vendor(now: str, morning: str) -> None:
    assert opens_at(datetime.fromisoformat(now)) == datetime.fromisoformat(morning)
