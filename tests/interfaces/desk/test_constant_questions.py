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


def test_pages_ask_a_constant_number_of_questions(scene: Scene, browser: Callable[[Account], Client]) -> None:
    grow(scene, "few", 2)
    pages = addresses(scene)
    clients = {role: browser(getattr(scene.world, role)) for role, _ in pages.values()}
    few = {name: questions(clients[role], url) for name, (role, url) in pages.items()}
    grow(scene, "many", 6)
    many = {name: questions(clients[role], url) for name, (role, url) in pages.items()}
    # One more at most: a list that no longer fits one page asks how many there are.
    grown = {
        name: (len(few[name]), len(many[name])) for name in pages if len(many[name]) > len(few[name]) + 1
    }
    assert grown == {}


def addresses(scene: Scene) -> dict[str, tuple[str, str]]:
    """Every page that somebody may look at: as whom, and where. Name of the case -> (role, address)."""
    return {
        name: (role, reverse(name.partition("/")[0], args=arguments))
        for name, (arguments, expected) in cases(scene).items()
        for role in [next((role for role in ALL if expected.get(role) == 200), "")]
        if role
    }


def questions(client: Client, url: str) -> list[str]:
    """What the page asks when the process knows what it keeps: sessions, playbooks, calendars."""
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200, url
    return [query["sql"] for query in asked]
