"""A channel manager's morning in a real browser: sign in, see Today, do an item, see ledger and strip change, undo."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from drumbeat.apps.ledger.models import Entry, Standing
from tests.interfaces.desk.scene import Scene

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_morning(scene: Scene, page: Page, sign_in: Callable[[str], None]) -> None:
    promise = scene.mine.occurrence.promise_id
    sign_in("alice@polaris.example")
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()
    item = page.locator(f"#step-{scene.mine.pk}")
    expect(item).to_contain_text("Bergmann Systemhaus")
    mark = page.locator(f'#record a[href="/promises/{promise}/"]')
    expect(mark).to_have_class("mark due")
    due = int(page.locator("#head-due .n").inner_text())

    item.locator("button.tick").click()
    expect(item).to_have_class("item done")
    expect(page.locator("#head-due .n")).to_have_text(str(due - 1))
    expect(mark).to_have_class("mark kept")
    expect(page.locator("#flash")).to_contain_text("Done: Call")
    assert Standing.objects.get(promise=promise).outcome == "kept"

    page.locator("#flash").get_by_role("button", name="Undo").click()
    expect(page.locator("#head-due .n")).to_have_text(str(due))
    expect(mark).to_have_class("mark due")
    assert Standing.objects.get(promise=promise).outcome is None
    kinds = list(Entry.objects.filter(promise_id=promise).order_by("id").values_list("kind", flat=True))
    assert kinds == ["promised", "kept", "corrected"]

    page.goto(page.url.replace("/today/", f"/promises/{promise}/"))
    expect(page.get_by_role("main")).to_contain_text("Corrected")


def test_by_the_keyboard(scene: Scene, page: Page, sign_in: Callable[[str], None]) -> None:
    sign_in("alice@polaris.example")
    first = page.locator("#work .item").first
    name = first.get_attribute("id")
    expect(first).to_have_class("item here")
    page.keyboard.press("e")
    expect(page.locator(f"#{name}")).to_have_class("item done")
    expect(page.locator(".item.here")).not_to_have_attribute("id", name or "")
    page.keyboard.press("p")
    expect(page.locator(".item.here .room form")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_visible()


def test_without_scripts(scene: Scene, chromium, live_server) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/login/")
    page.get_by_label("Email").fill("alice@polaris.example")
    page.get_by_label("Password").fill("a-long-word-for-tests")
    page.get_by_role("button", name="Sign in").click()
    promise = scene.mine.occurrence.promise_id
    page.locator(f"#step-{scene.mine.pk} button.tick").click()
    assert Standing.objects.get(promise=promise).outcome == "kept"
    done = page.locator(f"#step-{scene.mine.pk}")
    expect(done).to_have_class("item done")
    done.get_by_role("button", name="Undo").click()
    assert Standing.objects.get(promise=promise).outcome is None
    context.close()


def test_a_director_decides_what_was_asked(scene: Scene, page: Page, sign_in: Callable[[str], None]) -> None:
    sign_in("dora@polaris.example")
    expect(page.get_by_role("main")).to_contain_text("asked by Alice Ahrens")
    page.get_by_role("button", name="Grant").click()
    expect(page.locator("#flash")).to_contain_text("Granted")
    assert Standing.objects.get(promise=scene.ask.promise_id).outcome == "waived"
