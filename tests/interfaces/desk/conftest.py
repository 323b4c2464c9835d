"""The scene of the pages, at its own moment, and a browser for each of the cast."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.test import Client

from drumbeat.apps.people.models import Account

from .scene import AT, Scene, build_scene


@pytest.fixture
def at_moment(settings) -> Callable[[datetime], None]:
    """Turns the clock of the doors."""

    def turn(at: datetime) -> None:
        settings.CLOCK_OFFSET = (at - datetime.now(UTC)).total_seconds()

    return turn


@pytest.fixture
def scene(db: None, at_moment: Callable[[datetime], None]) -> Scene:
    cache.clear()
    at_moment(AT)
    return build_scene()


@pytest.fixture
def browser() -> Callable[[Account], Client]:
    def sign_in(person: Account) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return sign_in
