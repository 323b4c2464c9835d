"""A real Chromium against a real server, on the scene of the desk's tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from drumbeat.apps.people.actions import set_password
from tests.interfaces.desk.scene import AT, Scene, build_scene

PASSWORD = "a-long-word-for-tests"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("DRUMBEAT_CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page whose console must stay clean: no error, no breach of the content policy."""
    context = chromium.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def scene(transactional_db: None, settings) -> Scene:
    cache.clear()
    settings.CLOCK_OFFSET = (AT - datetime.now(UTC)).total_seconds()
    scene = build_scene()
    for person in (scene.world.alice, scene.world.dora):
        set_password(person, PASSWORD, by=None, at=AT)
    return scene


@pytest.fixture
def sign_in(page: Page, live_server) -> Callable[[str], None]:
    def sign_in(email: str) -> None:
        page.goto(f"{live_server.url}/")
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/today/")

    return sign_in
