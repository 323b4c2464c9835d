"""Answers to forms as a list: whose they are, a column a question of the form chosen, and as files."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from drumbeat.apps.partners.models import Partner
from drumbeat.integrations.fakes import HeldStorage
from drumbeat.workflows.filling import fill_in
from drumbeat.workflows.performers import perform_due
from tests.workflows.channel import DUE, HOUR, START, run, step_of, text_of
from tests.workflows.test_asking import WISH
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
AT = DUE - 2 * HOUR


@pytest.fixture
def world() -> World:
    return build_world(at=START)


def answered(world: World, *partners: Partner) -> None:
    for occurrence in run(text_of(WISH), partners, AT):
        perform_due(at=AT)
        partner = occurrence.subscription.partner
        told = {"wish": f"Leads for {partner.name}", "about": "leads"}
        who = partner.contacts.order_by("pk").first()
        fill_in(step_of(occurrence, "word"), told, {}, by=who, storage=HeldStorage(), at=AT)


def page(client: Client, person, **query: str) -> str:
    client.force_login(person)
    response = client.get(reverse("answers"), query)
    return b"".join(response.streaming_content).decode() if response.streaming else response.text


def test_a_manager_sees_the_answers_of_his_partners_and_takes_them_along(
    world: World, client: Client
) -> None:
    answered(world, world.bergmann, world.kestrel)
    shown = page(client, world.alice)
    assert "Leads for Bergmann" in shown and "Kestrel" not in shown
    assert "Leads for Kestrel" in page(client, world.dora)
    lines = page(client, world.alice, form="one-wish", export="csv").splitlines()
    assert len(lines) == 2
    assert "Your wish" in lines[0] and f"Leads for {world.bergmann.name}" in lines[1]


def test_nothing_answered_teaches_and_a_half_filled_form_is_no_answer(world: World, client: Client) -> None:
    assert "No answers yet" in page(client, world.alice)


def test_more_answers_take_no_more_queries(
    world: World, client: Client, django_assert_max_num_queries
) -> None:
    answered(world, world.bergmann, world.fjord, world.kestrel)
    client.force_login(world.dora)
    with django_assert_max_num_queries(9):
        client.get(reverse("answers"))
