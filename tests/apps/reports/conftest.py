"""The channel is built once for all tests of reports, inside a transaction that each test's own is nested in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction

from tests.apps.reports.channel import build_channel
from tests.world import World


@pytest.fixture(scope="package")
def built_channel(django_db_setup: None, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_channel()
        transaction.set_rollback(True)


@pytest.fixture
def channel(built_channel: World, db: None) -> World:
    return built_channel
