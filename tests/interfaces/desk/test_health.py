"""Whoever watches over the installation is told the truth, without signing in."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

pytestmark = pytest.mark.django_db


def test_a_sound_installation_is_well(client, django_assert_num_queries) -> None:
    client.get("/healthz")
    with django_assert_num_queries(2):  # is there a table of migrations, and what is in it
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"well": True, "wrong": ""})
    assert "no-store" in answer["Cache-Control"]


def test_a_missing_migration_is_told(client) -> None:
    MigrationRecorder(connection).record_unapplied("ledger", "0001_initial")
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["wrong"] == "the database misses 1 migrations: run drumbeat migrate"


def test_it_only_answers_questions(client) -> None:
    assert client.post("/healthz").status_code == 405
