"""Versions that never change, scores that can be stated anew, and explanations that hold between stored scores."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import DatabaseError, transaction

from drumbeat.apps.partners.actions import record_facts
from drumbeat.apps.scorecards.actions import publish_scorecard, score_month, score_partners
from drumbeat.apps.scorecards.models import Score, Scorecard, Version
from drumbeat.apps.scorecards.queries import explained, points_of, standings
from drumbeat.core.playbook.problems import RoutineErrors
from drumbeat.core.scorecards import told
from tests.apps.intake.channel import LINES, furnish, line, load
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
CARD = """
scorecard: two-things
title: Two things
purpose: What was sold, and the pulse.
needed: 50
bands: {good: 60, act: 0}
parts:
  - {part: sales, label: Sales, measure: sell_through, weight: 60, floor: 0, full: 1000}
  - {part: pulse, label: Pulse, measure: partner.pulse_last, weight: 40, floor: 0, full: 10}
"""


@pytest.fixture
def world() -> World:
    found = build_world(at=AT)
    furnish(found)
    found.bergmann.external_id = "BERG"
    found.bergmann.save()
    load("lines", LINES + line(amount="500", partner="BERG", on="2025-12-10"))
    record_facts([(found.bergmann.pk, "partner.pulse_last", 5)], as_of=AT, source="form")
    return found


def published(text: str = CARD) -> Scorecard:
    return publish_scorecard(text, by=None, at=AT).scorecard


def of(world: World, on: date) -> Score:
    return Score.objects.get(partner=world.bergmann, on=on)


def test_a_score_is_what_its_parts_say_and_stating_it_anew_changes_nothing(world):
    card = published()
    count = score_partners(card, on=JANUARY, at=AT)
    first = list(Score.objects.order_by("partner").values_list("partner", "total", "band", "values"))
    assert count == len(first)
    found = of(world, JANUARY)
    assert (found.total, found.band) == (Decimal("50.00"), "act")
    assert points_of(found).total == Fraction(50)
    assert of_kestrel(world).total is None or of_kestrel(world).band == "act"
    assert score_partners(card, on=JANUARY, at=AT) == count
    assert list(Score.objects.order_by("partner").values_list("partner", "total", "band", "values")) == first


def of_kestrel(world: World) -> Score:
    return Score.objects.get(partner=world.kestrel, on=JANUARY)


def test_a_change_between_days_is_explained_and_adds_up(world):
    card = published()
    score_partners(card, on=JANUARY, at=AT)
    load("lines", LINES + line(order="O9", amount="300", partner="BERG", on="2026-01-10"))
    record_facts([(world.bergmann.pk, "partner.pulse_last", 4)], as_of=AT, source="form")
    score_partners(card, on=FEBRUARY, at=AT)
    change = explained(of(world, JANUARY), of(world, FEBRUARY))
    assert told(change) == "rose 14 points: Sales +18, Pulse −4"
    (standing,) = standings([of(world, FEBRUARY)])
    assert (standing.since, standing.change) == (JANUARY, change)
    assert change.total == Fraction(of(world, FEBRUARY).total) - Fraction(of(world, JANUARY).total)


def test_new_weights_are_a_new_version_and_old_scores_keep_theirs(world):
    card = published()
    score_partners(card, on=JANUARY, at=AT)
    again = publish_scorecard(CARD, by=None, at=AT)
    assert again.number == 1
    heavier = published(CARD.replace("weight: 60", "weight: 10").replace("weight: 40", "weight: 90"))
    score_partners(heavier, on=FEBRUARY, at=AT)
    assert [of(world, day).version.number for day in (JANUARY, FEBRUARY)] == [1, 2]
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Version.objects.filter(number=1).update(text="")


def test_all_published_scorecards_are_scored_once_a_month(world):
    published()
    assert score_month(on=date(2026, 2, 14), at=AT) > 0
    assert score_month(on=date(2026, 2, 15), at=AT) == 0
    assert set(Score.objects.values_list("on", flat=True)) == {FEBRUARY}


def test_a_wrong_text_publishes_nothing():
    with pytest.raises(RoutineErrors, match="there is no measure"):
        published(CARD.replace("sell_through", "sold"))
    assert not Scorecard.objects.exists()
