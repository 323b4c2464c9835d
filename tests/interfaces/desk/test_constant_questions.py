"""Every page asks the database as often for a busy channel as for a quiet one."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from drumbeat.apps.people.models import Account

from .growth import grow
from .scene import Scene
from .test_permissions import ALL, cases

# A list that no longer fits one page also asks how many rows there are.
MORE = {"promises": 1}


def test_pages_ask_a_constant_number_of_questions(scene: Scene, browser: Callable[[Account], Client]) -> None:
    grow(scene, "few", 2)
    pages = addresses(scene)
    clients = {role: browser(getattr(scene.world, role)) for role in ALL}
    few = counts(clients, pages)
    grow(scene, "many", 6)
    many = counts(clients, pages)
    assert {name: many[name] - few[name] for name in pages if many[name] > few[name]} == MORE


def addresses(scene: Scene) -> dict[str, tuple[str, str]]:
    """Every page that somebody may look at: as whom, and where. Name of the case -> (role, address)."""
    return {
        name: (role, reverse(name.partition("/")[0], args=arguments))
        for name, (arguments, expected) in cases(scene).items()
        for role in [next((role for role in ALL if expected.get(role) == 200), "")]
        if role
    }


def counts(clients: dict[str, Client], pages: dict[str, tuple[str, str]]) -> dict[str, int]:
    return {name: questions(clients[role], url) for name, (role, url) in pages.items()}


def questions(client: Client, url: str) -> int:
    """What the page asks when the process knows what it keeps: sessions, playbooks, calendars."""
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200, url
    return len(asked)
