"""The page of rooms: set, tried, closed; addresses inside the house are refused, others' rooms look like none."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from drumbeat.apps.people.models import Account
from drumbeat.apps.webhooks.models import Delivery, Room

from .scene import Scene

Browser = Callable[[Account], Client]
URL = "http://127.0.0.1:9/services/T0/B0/secret1234"


@pytest.fixture(autouse=True)
def inside(settings) -> None:
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]


def test_a_room_is_set_tried_and_closed(scene: Scene, browser: Browser) -> None:
    alice = browser(scene.world.alice)
    assert alice.post(reverse("rooms"), {"form": "slack", "url": URL, "whose": "team"}).status_code == 302
    room = Room.objects.get()
    assert room.person == scene.world.alice, "the team's is not hers to set"
    page = alice.post(reverse("room_trial", args=[room.pk]), follow=True).content.decode()
    assert "Queued" in page and "127.0.0.1:9/…1234" in page
    assert "B0/secret1234" not in page, "an address is as good as a password"
    alice.post(reverse("room", args=[room.pk]), {"_method": "delete"})
    assert "…1234" not in alice.get(reverse("rooms")).content.decode()


def test_an_address_inside_the_house_is_refused(scene: Scene, browser: Browser, settings) -> None:
    settings.WEBHOOK_NETWORKS = []
    page = browser(scene.world.alice).post(reverse("rooms"), {"form": "slack", "url": URL}).content.decode()
    assert "inside a house" in page and not Room.objects.exists()


def test_the_teams_room_is_for_those_who_lead(scene: Scene, browser: Browser) -> None:
    dora, bob = browser(scene.world.dora), browser(scene.world.bob)
    dora.post(reverse("rooms"), {"form": "teams", "url": URL, "whose": "team"})
    room = Room.objects.get()
    assert room.person is None
    assert bob.post(reverse("room_trial", args=[room.pk])).status_code == 404
    dora.post(reverse("room_trial", args=[room.pk]))
    Delivery.objects.update(state="uncertain")
    post = Delivery.objects.get()
    assert bob.post(reverse("room_post", args=[post.pk]), {"arrived": "yes"}).status_code == 404
    dora.post(reverse("room_post", args=[post.pk]), {"arrived": "yes"})
    post.refresh_from_db()
    assert post.state == "delivered"
