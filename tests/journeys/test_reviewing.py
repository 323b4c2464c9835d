"""A review in a browser: found by the search's key, written to, and presented by keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.interfaces.desk.scene import Scene

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_pack_is_written_to_and_presented_by_keys(
    page: Page, live_server, scene: Scene, sign_in: Callable[[str], None]
) -> None:
    sign_in(scene.world.alice.email)
    page.keyboard.press("/")
    page.keyboard.type("bergmann")
    page.keyboard.press("Enter")
    page.locator(".findings").get_by_role("link", name="Bergmann Systemhaus").click()
    page.get_by_role("button", name="Prepare the pack").click()
    page.locator("#asks summary").click()
    page.locator("#asks textarea").fill("A **second** contact")
    page.locator("#asks").get_by_role("button", name="Save").click()
    expect(page.locator("#asks .words strong")).to_have_text("second")
    page.get_by_role("link", name="Present").click()
    page.wait_for_url("**/presentation/**")
    slides = page.locator(".slide").count()
    for key, place in (("ArrowRight", 2), ("PageDown", 3), ("ArrowLeft", 2), ("End", slides), ("Home", 1)):
        page.keyboard.press(key)
        expect(page.locator("#told")).to_have_text(f"Slide {place} of {slides}")
    page.keyboard.press("Escape")
    page.wait_for_url("**/packs/*/")


def test_without_scripts_a_presentation_is_a_long_page(chromium, live_server, scene: Scene, client) -> None:
    client.force_login(scene.world.alice)
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    context.add_cookies([session])
    page = context.new_page()
    page.goto(f"{live_server.url}{reverse('pack_presentation', args=[scene.pack.pk])}")
    assert page.locator(".slide").count() > 4
    assert page.locator(".slide").last.is_visible()
    context.close()
