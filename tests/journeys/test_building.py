"""A routine's life in a real browser: built from nothing, mended, published, seen on the score, moved, compared, retired."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from drumbeat.apps.people.actions import set_password
from drumbeat.apps.routines.models import Moment, Routine, RoutineDraft
from tests.interfaces.desk.scene import AT, Scene

from .conftest import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def saved(page: Page, words: str) -> None:
    expect(page.locator("#live .state")).to_contain_text(words)


def test_a_routine_from_nothing_to_its_end(
    scene: Scene, page: Page, live_server, sign_in: Callable[[str], None]
) -> None:
    set_password(scene.world.olga, PASSWORD, by=None, at=AT)
    sign_in("olga@polaris.example")

    page.goto(f"{live_server.url}/routines/")
    page.get_by_role("link", name="New routine").click()
    page.get_by_label("Title").fill("Plan talk")
    page.locator("#key").fill("plan-talk")
    page.get_by_role("button", name="Begin the draft").click()
    saved(page, "Nothing to mend.")

    rule = page.locator("#f-cadence-rule")
    rule.fill("FREQ=WEEKLY;BYDAY=XX")
    saved(page, "1 to mend")
    expect(page.locator('.field[data-name="cadence.rule"] .problem')).not_to_be_empty()
    page.get_by_label("Usual ones").select_option("FREQ=WEEKLY;BYDAY=TU")
    saved(page, "Nothing to mend.")
    expect(rule).to_have_value("FREQ=WEEKLY;BYDAY=TU")
    expect(page.locator("#live .next dt")).to_have_count(12)

    page.get_by_role("button", name="Add a step").click()
    expect(page.locator("details.step")).to_have_count(2)
    page.locator("#f-steps-1-title").fill("Prepare the talk")
    page.locator("#f-steps-1-due-amount, #f-steps-1-due").first.fill("2")
    page.locator('select[name="steps.1.due.side"]').select_option("before")
    saved(page, "Nothing to mend.")
    page.locator("#step-1 > summary").press("Alt+ArrowUp")
    expect(page.locator("#step-0 .what")).to_have_text("Prepare the talk")
    expect(page.locator("#step-0 .off")).to_have_text("2 working days before")

    page.get_by_role("button", name="Text", exact=True).click()
    expect(page.locator("#text")).to_have_value(re.compile(r"title: Prepare the talk\n    due: -2bd"))
    assert RoutineDraft.objects.get(key="plan-talk").stamp > 3

    page.get_by_role("link", name="Compare and publish").click()
    page.get_by_role("button", name="Publish and start").click()
    expect(page.locator("#flash")).to_contain_text("version 1 is in force")
    routine = Routine.objects.get(key="plan-talk")
    assert routine.status == "live"

    page.get_by_role("link", name="On the score").click()
    page.get_by_role("link", name="month", exact=True).click()
    row = page.locator("tr", has_text="Bergmann Systemhaus")
    mark = row.locator("a.mark[data-moves]").last
    was = mark.get_attribute("data-on")
    mark.focus()
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator("#move form")).to_have_attribute("data-to", re.compile("2026"))
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator("#move form")).not_to_have_attribute("data-to", was or "")
    page.keyboard.press("Enter")
    expect(page.locator("#flash")).to_contain_text("is moved to")
    assert Moment.objects.filter(subscription__routine=routine).exclude(moved_from=None).count() == 1

    page.goto(f"{live_server.url}/routines/plan-talk/draft/")
    page.locator("#f-promise-text").fill("We talk about the plan every week.")
    saved(page, "Saved")
    page.get_by_role("link", name="Compare and publish").click()
    expect(page.locator(".changes").last).to_contain_text("We talk about the plan every week.")
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("link", name="Versions and text").click()
    page.get_by_role("link", name="Compare two").click()
    expect(page.locator("tr.added")).to_contain_text("every week")

    page.goto(f"{live_server.url}/routines/plan-talk/")
    page.get_by_role("link", name="Retire").click()
    expect(page.get_by_role("main")).to_contain_text("end today")
    page.get_by_role("button", name="Retire it").click()
    expect(page.locator("#flash")).to_contain_text("is retired")
    assert not Moment.objects.filter(subscription__routine=routine).exists()


def test_a_mark_is_dragged_to_another_day(
    scene: Scene, page: Page, live_server, sign_in: Callable[[str], None]
) -> None:
    sign_in("alice@polaris.example")
    page.goto(f"{live_server.url}/score/?rows=partners&zoom=month&routine=weekly-word")
    mark = page.locator("tr", has_text="Bergmann Systemhaus").locator("a.mark[data-moves]").last
    assert mark.get_attribute("data-on") == "2026-06-30"
    box, svg = mark.bounding_box(), page.locator("table.score svg").first.bounding_box()
    assert box
    assert svg
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 2, y)
    page.mouse.move(x - svg["width"] / 30 * 4, y, steps=6)
    expect(page.locator(".readout")).to_contain_text("Fri 26 Jun")
    page.mouse.up()
    expect(page.locator("#move form")).to_have_attribute("data-to", "2026-06-26")
    expect(page.get_by_role("button", name="Move once")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#flash")).to_contain_text("is moved to 26 Jun")
