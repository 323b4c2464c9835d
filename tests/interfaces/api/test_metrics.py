"""Metrics: nothing without a token, numbers with it."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_without_a_token_there_is_nothing(client: Client) -> None:
    assert client.get("/metrics").status_code == 404


def test_a_wrong_token_is_refused(client: Client, settings) -> None:
    settings.METRICS_TOKEN = "a-long-secret"
    assert client.get("/metrics", headers={"Authorization": "Bearer guess"}).status_code == 401


def test_prometheus_reads_them(client: Client, settings) -> None:
    settings.METRICS_TOKEN = "a-long-secret"
    answer = client.get("/metrics", headers={"Authorization": "Bearer a-long-secret"})
    assert answer.status_code == 200
    lines = answer.content.decode().splitlines()
    assert 'drumbeat_waiting{for="opening"} 0.0' in lines
    assert 'drumbeat_lag_seconds{for="sending"} 0.0' in lines
