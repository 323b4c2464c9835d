"""Corrections: a restated month marks what was sent, and the corrected edition goes once to those who got the first."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from drumbeat.apps.messages.actions import Enclosure, write_message
from drumbeat.apps.messages.models import Message
from drumbeat.apps.reports.actions import build_edition
from drumbeat.apps.reports.models import Edition
from drumbeat.apps.reports.queries import restated_since_built
from drumbeat.apps.sales.actions import record_sell_through
from drumbeat.core.refusal import Refused
from drumbeat.workflows.correcting import corrected_figures, find_restated, send_correction
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


@pytest.fixture
def world() -> World:
    return build_world()


def sell(world: World, month: date, amount: int, at) -> None:
    record_sell_through(world.bergmann, month, Decimal(amount), "EUR", received_at=at, by=world.alice)


def sent(world: World, at) -> Edition:
    """The scorecard of October, sent to Petra."""
    edition = build_edition("partner-scorecard", partner=world.bergmann, at=at)
    file = Enclosure("card.pdf", "application/pdf", source=f"edition:{edition.pk}")
    letter = write_message(
        "first",
        to=world.petra,
        partner=world.bergmann,
        subject="October",
        text="x",
        at=at,
        attachments=[file],
    )
    Message.objects.filter(pk=letter.pk).update(state=Message.State.SENT, sent_at=at)
    return edition


def test_a_restated_month_marks_the_edition_and_is_announced_once(world: World) -> None:
    at = world.at.replace(month=11, day=6)
    sell(world, SEPTEMBER, 20_000, at)
    sell(world, OCTOBER, 30_000, at)
    edition = sent(world, at)
    assert find_restated(at=at + timedelta(days=1)) == 0
    sell(world, OCTOBER, 32_000, at + timedelta(days=2))
    later = at + timedelta(days=3)
    assert find_restated(at=later) == 1
    assert find_restated(at=later) == 0  # marked once
    changed = {(one.row, one.column): (one.then, one.now) for one in corrected_figures(edition, at=later)}
    assert changed["Sell-through, October 2026", "now"] == ("€30,000", "€32,000")
    corrected = send_correction(edition, by=world.alice, at=later)
    assert send_correction(edition, by=world.alice, at=later + timedelta(hours=1)) == corrected
    letter = Message.objects.get(key__startswith="correction:")
    assert letter.to_address == world.petra.email
    assert "€30,000 → €32,000" in letter.text
    assert letter.attachments.get().source == f"edition:{corrected.pk}"
    kept = Edition.objects.get(pk=edition.pk)
    assert kept.data == edition.data  # as it was sent
    assert find_restated(at=later) == 0


def test_what_was_found_the_same_is_not_drafted_each_night(world: World) -> None:
    at = world.at.replace(month=11, day=6)
    sell(world, OCTOBER, 30_000, at)
    edition = sent(world, at)
    sell(world, OCTOBER, 30_000, at + timedelta(days=2))  # told anew, the same
    for day in (3, 4):
        assert find_restated(at=at + timedelta(days=day)) == 0
    assert not restated_since_built(at + timedelta(days=5)).exists()
    sell(world, OCTOBER, 32_000, at + timedelta(days=6))
    assert find_restated(at=at + timedelta(days=7)) == 1
    assert Edition.objects.get(pk=edition.pk).differs_at == at + timedelta(days=7)


def test_what_is_the_same_needs_no_correction_and_a_stranger_may_not(world: World) -> None:
    at = world.at.replace(month=11, day=6)
    sell(world, OCTOBER, 30_000, at)
    edition = sent(world, at)
    with pytest.raises(Refused, match="otherwise"):
        send_correction(edition, by=world.alice, at=at + timedelta(days=1))
    with pytest.raises(Refused, match="may not correct"):
        send_correction(edition, by=world.bob, at=at + timedelta(days=1))
