"""Signing in and out: one error for everything, a pause after ten failures, and only POST signs out."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from drumbeat.apps.people.actions import close_account, set_password
from tests.world import AT, World, build_world

PASSWORD = "a-long-word-for-tests"


@pytest.fixture
def world(db: None) -> World:
    cache.clear()
    world = build_world()
    for person in (world.alice, world.adam, world.bob):
        set_password(person, PASSWORD, by=None, at=AT)
    return world


def try_in(client: Client, email: str, password: str = PASSWORD, **more):
    return client.post("/login/", {"username": email, "password": password}, **more)


def test_each_role_lands_on_its_first_page(world: World, client: Client) -> None:
    assert try_in(client, "Alice@Polaris.example")["Location"] == "/"
    assert client.get("/")["Location"] == "/today/"
    admin = Client()
    try_in(admin, "adam@polaris.example")
    assert admin.get("/")["Location"] == "/people/"


def test_the_error_does_not_tell_what_was_wrong(world: World, client: Client) -> None:
    close_account(world.bob, by=None, at=AT)
    tries = [
        ("alice@polaris.example", "wrong"),
        ("nobody@polaris.example", PASSWORD),
        ("bob@polaris.example", PASSWORD),
    ]
    told = {tuple(try_in(client, *one).context["form"].non_field_errors()) for one in tries}
    assert len(told) == 1


def test_after_ten_failures_even_the_right_password_waits(world: World, client: Client) -> None:
    for _ in range(10):
        assert try_in(client, "alice@polaris.example", "wrong").status_code == 200
    paused = try_in(client, "ALICE@polaris.example")
    assert paused.status_code == 429
    assert paused["Retry-After"] == "900"
    assert b"Wait 15 minutes" in paused.content
    assert try_in(client, "adam@polaris.example").status_code == 302
    assert try_in(Client(), "alice@polaris.example", REMOTE_ADDR="10.0.0.9").status_code == 302


def test_success_forgets_the_failures(world: World, client: Client) -> None:
    for _ in range(9):
        try_in(client, "alice@polaris.example", "wrong")
    assert try_in(client, "alice@polaris.example").status_code == 302
    assert try_in(Client(), "alice@polaris.example", "wrong").status_code == 200


def test_it_does_not_lead_to_strangers(world: World, client: Client) -> None:
    response = client.post(
        "/login/?next=https://evil.example/", {"username": "alice@polaris.example", "password": PASSWORD}
    )
    assert response["Location"] == "/"


def test_only_a_post_signs_out(world: World, client: Client) -> None:
    client.force_login(world.alice)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/")["Location"] == "/login/"
    assert client.get("/today/").status_code == 302
