"""The list of scores and one partner's score: what they say, and that more partners cost no more questions."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from drumbeat.apps.partners.actions import add_partner, record_facts
from drumbeat.apps.scorecards.actions import publish_scorecard, score_partners
from drumbeat.apps.scorecards.models import Scorecard
from drumbeat.library import scorecard_texts

from .scene import AT, Scene

pytestmark = pytest.mark.django_db


def scored(scene: Scene, pulse: int, on: date) -> None:
    facts = {"partner.pulse_last": pulse, "partner.plan_attainment": 0.7, "partner.certification_coverage": 0.5,
             "partner.days_since_sale": 60}  # fmt: skip
    record_facts([(scene.world.bergmann.pk, *fact) for fact in facts.items()], as_of=AT, source="test")
    score_partners(Scorecard.objects.get(), on=on, at=AT)


def test_a_score_says_what_it_is_made_of_and_why_it_changed(scene: Scene, client: Client) -> None:
    text = scorecard_texts()["partner-health"].replace("needed: 60", "needed: 30")
    publish_scorecard(text, by=None, at=AT)
    scored(scene, 8, date(2026, 5, 1))
    scored(scene, 3, date(2026, 6, 1))
    client.force_login(scene.world.alice)
    page = client.get("/scorecards/partner-health/bergmann-systemhaus/").content.decode()
    assert "Pulse −" in page
    assert page.count("<svg") == 2  # the mark of the house, and the chart
    listed = client.get("/scorecards/?card=partner-health&q=bergmann").content.decode()
    assert "Pulse −" in listed


def test_the_list_asks_as_often_for_many_partners_as_for_few(scene: Scene, client: Client) -> None:
    client.force_login(scene.world.dora)
    scored(scene, 8, date(2026, 6, 1))
    few = asked(client)
    for n in range(12):
        values = {"name": f"More {n}", "type": "var", "country": "DE", "status": "active"}
        add_partner(values, by=None, at=AT)
    scored(scene, 8, date(2026, 6, 1))
    assert asked(client) == few


def asked(client: Client) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/scorecards/").status_code == 200
    return len(queries)
