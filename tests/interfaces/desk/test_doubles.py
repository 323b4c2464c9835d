"""Partners that look alike are shown side by side and decided once: merged, or two for good."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from drumbeat.apps.partners.actions import find_doubles
from drumbeat.apps.partners.models import Double, Merge, Partner
from drumbeat.apps.people.models import Account
from drumbeat.workflows.closing import split_partners

from .scene import AT, Scene

Browser = Callable[[Account], Client]


@pytest.fixture
def pair(scene: Scene) -> Double:
    """Fjord Data and its twin."""
    Partner.objects.filter(pk=scene.world.outsider.pk).update(
        name="FJORD DATA A/S", country=scene.world.fjord.country, city="Aarhus"
    )
    assert find_doubles(at=AT) == 1
    return Double.objects.get()


def page(client: Client) -> str:
    return client.get(reverse("doubles")).content.decode()


def decide(client: Client, pair: Double, **told: str) -> None:
    assert client.post(reverse("double_decision", args=[pair.pk]), told).status_code == 302


def test_a_pair_says_why_it_is_asked(scene: Scene, browser: Browser, pair: Double) -> None:
    shown = page(browser(scene.world.olga))
    assert "same name but for legal form" in shown
    assert "FJORD DATA A/S" in shown and "Fjord Data" in shown


def test_not_the_same_is_remembered_and_can_be_asked_again(
    scene: Scene, browser: Browser, pair: Double
) -> None:
    client = browser(scene.world.olga)
    decide(client, pair)
    assert find_doubles(at=AT) == 0
    assert "0 to decide" in page(client) and "Ask again" in page(client)
    decide(client, pair, _method="delete")
    assert "1 to decide" in page(client)


def test_the_same_are_merged_and_a_split_is_remembered_too(
    scene: Scene, browser: Browser, pair: Double
) -> None:
    client, fjord = browser(scene.world.dora), scene.world.fjord
    decide(client, pair, kept=fjord.key)
    merge = Merge.objects.get()
    assert (merge.lost, merge.kept) == (scene.world.outsider, fjord)
    assert "0 to decide" in page(client) and "Split" in page(client)
    split_partners(merge, by=scene.world.dora, at=AT)
    pair.refresh_from_db()
    assert pair.decision == Double.Decision.APART
    assert find_doubles(at=AT) == 0


def test_two_at_once_decide_once(scene: Scene, browser: Browser, pair: Double) -> None:
    decide(browser(scene.world.olga), pair)
    client = browser(scene.world.dora)
    decide(client, pair, kept=scene.world.fjord.key)
    assert not Merge.objects.exists()
    assert "It was decided meanwhile" in page(client)


def test_what_no_longer_looks_alike_goes_by_itself(scene: Scene, browser: Browser, pair: Double) -> None:
    Partner.objects.filter(pk=scene.world.outsider.pk).update(name="Quite Another")
    assert find_doubles(at=AT) == 0
    assert "No partners look alike" in page(browser(scene.world.olga))
