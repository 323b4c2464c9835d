"""The search page: findings by kind with their hits marked, safely, at a constant cost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from drumbeat.apps.messages.actions import keep_received
from drumbeat.apps.people.models import Account

from .scene import AT, Scene


@pytest.fixture
def alice(scene: Scene, browser: Callable[[Account], Client]) -> Client:
    return browser(scene.world.alice)


def page_of(client: Client, **query: str) -> str:
    return client.get(reverse("search"), query).content.decode()


def test_findings_lead_to_their_things_with_the_hits_marked(scene: Scene, alice: Client) -> None:
    page = page_of(alice, q="bergm")
    assert (
        f'href="{reverse("partner", args=[scene.world.bergmann.key])}"><mark>Bergmann</mark> Systemhaus'
        in page
    )
    assert f'href="{reverse("contact", args=[scene.world.petra.pk])}"' in page
    said = page_of(alice, q="send the list")
    assert f'href="{reverse("meeting", args=[scene.meeting.pk])}"' in said


def test_what_is_found_is_shown_as_text(scene: Scene, alice: Client) -> None:
    keep_received(
        "d", mailbox="in", validity=1, uid=1, kind="human reply", from_address="x@y.example", subject="<b>Harvest</b>",
        text="<script>alert(1)</script> harvest", at=AT, partner=scene.world.bergmann,
    )  # fmt: skip
    page = page_of(alice, q="harvest")
    assert "&lt;script&gt;" in page and "<script>alert" not in page
    assert "&lt;b&gt;Harvest" in page or "&lt;b&gt;<mark>" in page
    assert f"{reverse('partner_timeline', args=[scene.world.bergmann.key])}?kind=mail" in page


def test_what_is_found_is_shown_without_marks(scene: Scene, alice: Client) -> None:
    keep_received(
        "d", mailbox="in", validity=1, uid=1, kind="human reply", from_address="x@y.example", subject="Harvest",
        text="# Plan\n\n- **harvest** see [the list](https://x.example/list)", at=AT, partner=scene.world.bergmann,
    )  # fmt: skip
    page = page_of(alice, q="harvest")
    assert "Plan <mark>harvest</mark> see the list" in page and "x.example/list" not in page


def test_one_kind_shows_more_and_nothing_teaches(scene: Scene, alice: Client) -> None:
    assert "Bergmann" not in page_of(alice, q="bergmann", kind="routine")
    assert "Nothing found" in page_of(alice, q="zzzzzz")
    assert "Search everything you see" in page_of(alice)


def test_queries_are_constant(scene: Scene, alice: Client) -> None:
    def count(text: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            page_of(alice, q=text)
        return len(queries)

    assert max(count(text) for text in ("bergmann", "review", "list", "e", "zzzz")) <= 42
